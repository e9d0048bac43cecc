import { isDeepStrictEqual } from 'node:util';
import {
  defaultGroups,
  syndromicGroupsFile,
  type SyndromicGroup,
} from '../../shared/feeds/syndromic-groups.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { settingsOrFault } from '../../shared/runtime/settings.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { SyndromeVersion } from '../store/report-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';

/** The syndromic groups a region counts by, and which version of them: 0 is the program's own. */
export interface Groups {
  readonly version: number;
  readonly groups: readonly SyndromicGroup[];
  /** null: nobody set them. */
  readonly set: SyndromeVersion | null;
}

export const ownGroups: Groups = { version: 0, groups: defaultGroups, set: null };

/** The latest, or one of the past. Throws `syndromes-version-unknown`. */
export async function readGroups(tx: StoreTx, version?: number): Promise<Groups> {
  if (version === 0) return ownGroups;
  const found = await tx.reports.syndromes.get(version);
  if (found === undefined && version !== undefined)
    throw permanent('syndromes-version-unknown', { facts: { version } });
  if (found === undefined) return ownGroups;
  const { groups, ...set } = found;
  return { version: found.version, groups, set };
}

const longestReason = 500;

/** A file as an operator edited it. Throws `syndromes-invalid` naming every fault with its line. */
export function parseGroups(text: string, file: string): readonly SyndromicGroup[] {
  return settingsOrFault(text, syndromicGroupsFile, { code: 'syndromes-invalid', file }).value.groups;
}

/** A new version, for what is counted from now on; 'same' when nothing differs. Throws `syndromes-reason`. */
export async function setGroups(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  groups: readonly SyndromicGroup[],
  reason: string,
): Promise<{ readonly kind: 'set' | 'same'; readonly version: number }> {
  const words = reason.replace(/\p{Cc}+/gu, ' ').trim();
  if (words === '' || words.length > longestReason)
    throw permanent('syndromes-reason', { facts: { most: longestReason } });
  return store.transaction(async (tx) => {
    const current = await readGroups(tx);
    // As they are kept: what is undefined is not there.
    const given: unknown = JSON.parse(JSON.stringify(groups));
    if (isDeepStrictEqual(given, JSON.parse(JSON.stringify(current.groups))))
      return { kind: 'same', version: current.version } as const;
    const at = clock.now();
    const version = await tx.reports.syndromes.add({ at, person: actor.name, reason: words }, groups);
    await appendAudit(tx, clock, actor, {
      ...{ action: 'syndromes.set', subject: `${version}`, reason: words },
      facts: { groups: groups.length },
    });
    return { kind: 'set', version } as const;
  });
}
