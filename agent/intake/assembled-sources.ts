import { createAdtService, type AdtService } from '../adt/adt-service.ts';
import { createMovementStore, type MovementStore } from '../adt/movement-store.ts';
import { openVault } from '../assembly/vault.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { DiskGuard } from '../health/disk-guard.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import { createAssembled, type Assembled, type AssembledSource } from './assembled.ts';
import type { ReadFileDeps } from './read-as.ts';
import { asSettings, type SourceRuntime } from './source-runtime.ts';

/** What ADT sources need beside the route: their store, their exports, their listeners. */
export interface AdtParts {
  readonly store: MovementStore;
  readonly assembled: Assembled;
  readonly service: AdtService;
}

/** Undefined where no source speaks HL7 v2. Faults: `adt-settings-missing`, `vault-key-unreadable`. */
export async function createAdtParts(deps: {
  readonly sources: readonly SourceRuntime[];
  readonly database: AgentDatabase;
  /** The state folder. */
  readonly state: string;
  readonly reading: ReadFileDeps;
  readonly disk: DiskGuard;
  readonly logger: Logger;
  readonly nudge: () => void;
}): Promise<AdtParts | undefined> {
  const sources = deps.sources.flatMap((source) => adtSource(source) ?? []);
  if (sources.length === 0) return undefined;
  const { database, reading, disk, logger, nudge } = deps;
  const { clock, random } = reading;
  const vault = await openVault(deps.state, random);
  const store = createMovementStore({ database, vault, clock });
  const configs = sources.map(({ config }) => config);
  const service = createAdtService({ sources: configs, store, disk, clock, random, logger, nudge });
  const assembled = createAssembled({
    ...reading,
    ...{ store, sources, schedule: service, transaction: database.transaction },
  });
  return { store, assembled, service };
}

function adtSource(source: SourceRuntime): AssembledSource | undefined {
  const { config, mappings } = source;
  const [mapping, ...others] = mappings.filter(({ format }) => format === 'hl7v2');
  if (mapping === undefined && config.adt === undefined) return undefined;
  if (mapping === undefined || others.length > 0) throw lacking(config.name, 'mappings: [pam-fr]');
  if (config.facility === undefined) throw lacking(config.name, 'facility');
  return { config, mapping, as: asSettings(source) };
}

function lacking(source: string, missing: string): Error {
  return permanent('adt-settings-missing', { facts: { source, missing } });
}
