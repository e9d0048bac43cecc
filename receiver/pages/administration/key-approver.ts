import { accountMark } from '../../forward/protection/approvals.ts';
import type { Actor } from '../../accounts/actor.ts';

/** Approvals know persons by their name: with an account, its id stands behind it, so that a new name is not a new person. */
export function approverOf({ id, name }: Actor): string {
  return `${name.slice(0, 50)}${accountMark}${id}`;
}

export function nameOfApprover(person: string): string {
  return person.split(accountMark)[0] ?? person;
}

export function isOwn(person: string, { account }: { readonly account: string }): boolean {
  return person.endsWith(`${accountMark}${account}`);
}
