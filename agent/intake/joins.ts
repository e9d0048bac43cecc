import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createJoinBook, type JoinBook } from '../assembly/join-book.ts';
import { openVault } from '../assembly/vault.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { AgentDatabase } from '../outbox/database.ts';

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
