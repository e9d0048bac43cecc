import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createJoinBook, type JoinBook } from '../assembly/join-book.ts';
import { createReadOnlyHalves } from '../assembly/join-lookup.ts';
import { openVault } from '../assembly/vault.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { SourceConfig } from '../config.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import { yearOf } from '../reader/read-plan.ts';
import type { ReadInput } from '../reader/read-plan.ts';

/** Where halves of records wait; undefined where no mapping joins two exports. Faults: `vault-key-unreadable`. */
export async function openJoins(deps: {
  readonly mappings: readonly CompiledMapping[];
  readonly database: AgentDatabase;
  /** The state folder. */
  readonly state: string;
  readonly clock: Clock;
  readonly random: Random;
}): Promise<JoinBook | undefined> {
  if (!deps.mappings.some(({ join }) => join !== undefined)) return undefined;
  const { database, clock } = deps;
  return createJoinBook({ database, clock, vault: await openVault(deps.state, deps.random) });
}

/** What a command needs to read an export of a source again as the agent read it at that time (epoch ms). */
export async function readingAgain(deps: {
  readonly source: SourceConfig;
  readonly mappings: readonly CompiledMapping[];
  readonly database: AgentDatabase;
  readonly state: string;
  readonly random: Random;
  readonly readAt: number;
}): Promise<Pick<ReadInput, 'freeText' | 'side' | 'year' | 'halves'>> {
  const { source, mappings, database, readAt } = deps;
  const settings = {
    freeText: source.freeText,
    side: source.joins === undefined ? undefined : ('joined' as const),
    year: yearOf(readAt),
  };
  if (!mappings.some(({ join }) => join !== undefined)) return settings;
  const vault = await openVault(deps.state, deps.random);
  return { ...settings, halves: createReadOnlyHalves({ database, vault }, source.joins ?? source.name) };
}
