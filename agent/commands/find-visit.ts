import { assembleVisit } from '../adt/assemble.ts';
import { visitColumns } from '../adt/event.ts';
import { createMovementStore } from '../adt/movement-store.ts';
import { readAdtText } from '../adt/read-adt.ts';
import { openVault } from '../assembly/vault.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { SourceConfig } from '../config.ts';
import { decodeMessages } from '../intake/assembled-file.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { defaultReadLimits } from '../reader/limits.ts';
import { readMessages } from '../reader/hl7v2/messages.ts';
import { claimFile, type Claim } from '../source/claim.ts';
import { loadDecryption } from '../source/decrypt.ts';
import { fileOf } from '../intake/reread.ts';
import { keyedHash, type TracedRecord, type Wanted } from './find-record.ts';

interface VisitDeps {
  readonly source: SourceConfig;
  readonly mappings: readonly CompiledMapping[];
  /** Of format `hl7v2`. */
  readonly mapping: CompiledMapping;
  readonly facilityKey: (finess: string) => Buffer | undefined;
  readonly database: AgentDatabase;
  /** The state folder. */
  readonly state: string;
}

/** The visit that the message at a line speaks of, as it is known now; `no-such-record` where it speaks of none. */
export async function findVisit(
  deps: VisitDeps,
  row: ExportRow,
  wanted: Wanted,
): Promise<
  | { readonly kind: 'found'; readonly record: TracedRecord }
  | { readonly kind: 'file-gone' | 'no-such-record' }
> {
  if (wanted.kind !== 'line') return { kind: 'no-such-record' };
  const file = await fileOf(row);
  if (file === undefined) return { kind: 'file-gone' };
  const { decrypt } = deps.source;
  const limits = { plaintextBytes: defaultReadLimits.fileBytes };
  const claim = await claimFile(file, decrypt && (await loadDecryption({ ...decrypt, ...limits })));
  try {
    const record = await recordAt(deps, claim, wanted.line);
    return record === undefined ? { kind: 'no-such-record' } : { kind: 'found', record };
  } finally {
    await claim.close();
  }
}

async function recordAt(deps: VisitDeps, claim: Claim, wanted: number): Promise<TracedRecord | undefined> {
  const { source, mappings } = deps;
  const decoded = await decodeMessages(
    claim,
    { encoding: source.encoding, mappings },
    {
      fileBytes: defaultReadLimits.fileBytes,
      signal: AbortSignal.timeout(600_000),
    },
  );
  let found: { readonly line: number; readonly text: string } | undefined;
  for await (const message of readMessages(decoded.texts())) {
    if (message.line > wanted) break;
    found = message.kind === 'message' ? message : undefined;
  }
  if (found === undefined) return undefined;
  const { event } = readAdtText(found.text);
  const nothing = { record: null, line: found.line, day: null, key: null, rejectedBy: null };
  if (event.kind === 'refused') return { ...nothing, rejectedBy: event.code };
  const told = event.kind === 'movement' ? await tell(deps, event.visit) : undefined;
  return told === undefined ? undefined : { ...nothing, ...told };
}

/** Day and key of a visit's record; undefined when it is none for the emergency department. */
async function tell(
  { source, mapping, facilityKey, database, state }: VisitDeps,
  visit: string,
): Promise<Pick<TracedRecord, 'day' | 'key'> | undefined> {
  const vault = await openVault(state, systemRandom);
  const store = createMovementStore({ database, vault, clock: systemClock });
  const known = store.visit(source.name, visit);
  const feed = feedNamed(mapping.feedName);
  const row = known === undefined ? null : assembleVisit(store, source.name, known, systemClock.now()).row;
  if (row === null || feed === undefined) return undefined;
  const mapped = mapping.bind(visitColumns, { freeText: source.freeText }).map(row);
  if (mapped.kind === 'rejected') return undefined;
  const facility = source.facility ?? '';
  const built = feed.build({ ...mapped.fields, values: { ...mapped.fields.values, facility } });
  if (built.kind === 'rejected') return undefined;
  const key = facilityKey(facility);
  return {
    day: dayToIso(feed.dayOf(built.record)),
    key: key === undefined ? null : keyedHash(key, feed.naturalKey(built.record)),
  };
}
