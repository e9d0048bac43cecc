import type { KeyApproval } from '../../store/destination-tables.ts';

/** People who vouch for an agency's key before anything is sealed for it. */
export const approversNeeded = 2;

/** Of this key, each person once, the earliest first. */
export function approvalsOf(approvals: readonly KeyApproval[], fingerprint: string): readonly KeyApproval[] {
  const people = new Map<string, KeyApproval>();
  for (const approval of approvals) {
    const person = samePerson(approval.person);
    if (approval.fingerprint === fingerprint && !people.has(person)) people.set(person, approval);
  }
  return [...people.values()];
}

/** Between the name of a person and the account that gave the approval. */
export const accountMark = ' · ';

/**
 * Equal for the ways in which one person's name is typed: case, accents, points and dashes, which name comes first, characters
 * that nobody sees. Two people whom it takes for one add an initial.
 */
export function samePerson(name: string): string {
  const [bare = ''] = name.split(accountMark);
  const letters = bare.normalize('NFKD').replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '');
  return (letters.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).sort().join(' ');
}
