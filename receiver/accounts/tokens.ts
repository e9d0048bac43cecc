import { hash } from 'node:crypto';
import type { Random } from '../../shared/runtime/random.ts';

/** What a cookie says, and what the database keeps of it. */
export interface CookieToken {
  /** 256 bits, base64url. */
  readonly said: string;
  /** SHA-256. */
  readonly kept: Buffer;
}

export function createToken(random: Random): CookieToken {
  const said = random.bytes(32).toString('base64url');
  return { said, kept: keptOf(said) };
}

/** Undefined for what is no token of ours. */
export function tokenOf(said: string | undefined): Buffer | undefined {
  return said !== undefined && /^[\w-]{43}$/.test(said) ? keptOf(said) : undefined;
}

function keptOf(said: string): Buffer {
  return hash('sha256', `vaguemestre cookie ${said}`, 'buffer');
}

/** What the forms on the way in send back: known only to a page that was given this cookie. */
export function formTokenOf(said: string): string {
  return hash('sha256', `vaguemestre form ${said}`, 'base64url');
}
