import { permanent } from '../../shared/runtime/errors.ts';
import { profiles, reaches } from '../accounts/profile.ts';
import type { ExtractionRow } from '../store/extraction-tables.ts';
import { isTokenLive } from '../store/token-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { Requester } from './request.ts';

/** What somebody may have, wherever it is kept. */
interface Held {
  readonly profile: string;
  readonly administrator: boolean;
  readonly facilities: 'all' | readonly string[] | ReadonlySet<string> | null;
}

/** Who asked, with what they were allowed then. */
export function requesterOf(row: ExtractionRow): Requester {
  const profile = profiles.find((known) => known === row.profile);
  if (profile === undefined) throw changed();
  return {
    ...{ profile, administrator: row.administrator },
    facilities: row.facilities === null ? 'all' : new Set(row.facilities),
    actor: { kind: row.requesterKind, id: row.requesterId, name: row.requesterName },
  };
}

/**
 * What was asked under rights that were taken back since is neither made nor given: the account is there, open, and may at
 * least what it might then; so for a token of the API. Throws `extraction-rights-changed`.
 */
export async function checkStillHeld(tx: StoreTx, row: ExtractionRow, now: number): Promise<void> {
  const held = await heldNow(tx, row, now);
  if (held === undefined || !covers(held, row)) throw changed();
}

/** Throws `extraction-rights-changed`. */
export function checkCovers(requester: Requester, row: ExtractionRow): void {
  if (!covers(requester, row)) throw changed();
}

async function heldNow(tx: StoreTx, row: ExtractionRow, now: number): Promise<Held | undefined> {
  switch (row.requesterKind) {
    // Whoever is at the command line has the database itself.
    case 'command-line':
      return row;
    case 'account': {
      const account = await tx.accounts.get(row.requesterId);
      return account?.disabledAt === null ? account : undefined;
    }
    case 'system': {
      const token = await tx.tokens.get(row.requesterId);
      if (token === undefined || !isTokenLive(token, now)) return undefined;
      return { ...token, administrator: row.administrator };
    }
  }
}

function covers(held: Held, row: ExtractionRow): boolean {
  if (held.profile !== row.profile || (row.administrator && !held.administrator)) return false;
  const { facilities } = held;
  if (facilities === 'all' || facilities === null) return true;
  const reach = new Set(facilities);
  return row.facilities !== null && row.facilities.every((finess) => reaches(reach, finess));
}

function changed(): Error {
  return permanent('extraction-rights-changed');
}
