import { createSlicer, type CutSlice } from '../../agent/intake/slicer.ts';
import type { SlicePart } from '../../agent/intake/staging.ts';
import { builtInMappings } from '../../agent/mapping/built-in.ts';
import { createOutbox } from '../../agent/outbox/outbox.ts';
import type { ReadyExport, SealedEnvelope } from '../../agent/outbox/rows.ts';
import type { ExportHeader, ReadSummary } from '../../agent/reader/export-sink.ts';
import { readExport } from '../../agent/reader/read-export.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import type { SliceRecord } from '../../shared/protocol/slice.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { GeneratedExport } from '../../installers/sandbox/exports.ts';
import { hash } from 'node:crypto';
import { ownCpuMs } from './process-cost.ts';
import { readyExport } from './queue.ts';
import type { StageCosts, StageKit } from './stage-kit.ts';

interface ReadOne {
  readonly id: string;
  readonly header: ExportHeader;
  readonly summary: ReadSummary;
  readonly records: readonly SliceRecord[];
  readonly digest: string;
}

/** Files sealed together in one commit, envelopes on the way at once: as the agent does by default. */
const commitExports = 64;
const inFlight = 8;

/** The agent's stages one after the other over the same files, each alone; and what they made, for the receiver's. */
export async function agentStages(
  kit: StageKit,
  files: readonly GeneratedExport[],
): Promise<{ readonly costs: StageCosts; readonly envelopes: readonly SealedEnvelope[] }> {
  const mappings = builtInMappings(feedNamed);
  const cpuMs = new Map<string, number>();

  const read: ReadOne[] = [];
  cpuMs.set(
    'read',
    await ownCpuMs(async () => {
      for (const file of files) read.push(await readOne(file, mappings));
    }),
  );

  const slices: { readonly of: ReadOne; readonly part: SlicePart }[] = [];
  cpuMs.set(
    'compress',
    await ownCpuMs(async () => {
      for (const one of read)
        for (const part of await Promise.all(cutOne(kit, one).map((cut) => cut.seal())))
          slices.push({ of: one, part });
    }),
  );

  const envelopes: SealedEnvelope[] = [];
  cpuMs.set('seal', await ownCpuMs(() => sealAll(kit, slices, envelopes)));

  const outbox = createOutbox({ database: kit.outboxes, clock: systemClock });
  cpuMs.set(
    'outbox',
    await ownCpuMs(() => {
      for (let from = 0; from < envelopes.length; from += commitExports)
        putGroup(outbox, envelopes.slice(from, from + commitExports));
      acceptAll(outbox);
    }),
  );
  const records = read.reduce((sum, { summary }) => sum + summary.accepted, 0);
  return { costs: { records, cpuMs }, envelopes };
}

async function readOne(
  { content }: GeneratedExport,
  mappings: ReturnType<typeof builtInMappings>,
): Promise<ReadOne> {
  let header: ExportHeader | undefined;
  const records: SliceRecord[] = [];
  const summary = await readExport(
    {
      open: async function* () {
        yield content;
      },
      mappings,
      feeds: feedNamed,
      hashVisitId: () => '',
      signal: new AbortController().signal,
    },
    {
      header: (found) => {
        header = found;
      },
      record: (record, line, _built, body) => records.push({ record, line, body }),
      rejected: () => undefined,
      finding: () => undefined,
      settle: async () => undefined,
    },
  );
  if (header === undefined) throw new Error('an export without header');
  return {
    ...{ id: systemRandom.uuid(systemClock.now()), header, summary, records },
    digest: hash('sha256', content, 'hex'),
  };
}

function cutOne(
  { sealer }: StageKit,
  { id, header, summary, records, digest }: ReadOne,
): readonly CutSlice[] {
  const slicer = createSlicer({
    head: { export: id, facility: header.facility, part: header.part, source: 'bench' },
    compress: (plaintext) => sealer.compress(plaintext),
  });
  for (const record of records) slicer.add(record);
  const { window, extract } = header;
  slicer.end({
    ...{ records: summary.records, rejected: summary.rejected, header: true, extract, digest, resend: false },
    window: window === null ? null : { from: dayToIso(window.from), to: dayToIso(window.to) },
  });
  const cut: CutSlice[] = [];
  for (let one = slicer.take(); one !== undefined; one = slicer.take()) cut.push(one);
  return cut;
}

async function sealAll(
  { agent, sealer, ledger }: StageKit,
  slices: readonly { readonly of: ReadOne; readonly part: SlicePart }[],
  into: SealedEnvelope[],
): Promise<void> {
  let waiting: Promise<void>[] = [];
  for (const { of, part } of slices) {
    const createdAt = systemClock.now();
    const { name: feed, version: schema } = of.header.feed;
    const place = {
      ...{ id: systemRandom.uuid(createdAt), feed, epoch: 1 },
      ...{ seq: ledger.seq + 1, prev: ledger.prev },
    };
    const sealed = sealer.seal({ ...place, agent, created: createdAt, schema }, part.compressed);
    ledger.seq = place.seq;
    ledger.prev = sealed.digest;
    const { slice, records, firstRecord, lastRecord } = part;
    const counts = { slice, records, firstRecord, lastRecord };
    waiting.push(
      sealed.bytes.then((content) => {
        into.push({ ...counts, ...place, export: of.id, digest: sealed.digest, createdAt, content });
      }),
    );
    if (waiting.length < inFlight) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  into.sort((a, b) => a.seq - b.seq);
}

function putGroup(outbox: ReturnType<typeof createOutbox>, group: readonly SealedEnvelope[]): void {
  const exports = new Map<string, ReadyExport>();
  for (const envelope of group) {
    const known = exports.get(envelope.export);
    exports.set(envelope.export, readyExport(envelope.export, [...(known?.envelopes ?? []), envelope]));
  }
  const last = group.at(-1);
  if (last === undefined) return;
  const { feed, epoch, seq, digest } = last;
  outbox.commit([...exports.values()], new Map([[feed, { epoch, seq, digest }]]));
}

function acceptAll(outbox: ReturnType<typeof createOutbox>): void {
  let claimed = outbox.turn([], { limit: inFlight, order: 'oldest' });
  while (claimed.length > 0) {
    const proof = `${claimed[0]?.seq ?? 0}${proofLike}`;
    const settled = claimed.map(({ n, id, feed, epoch, seq, digest }) => ({
      ...{ kind: 'accepted' as const, n, id, feed, epoch, head: { seq, digest } },
      ...{ receipt: receiptLike, proof },
    }));
    claimed = outbox.turn(settled, { limit: inFlight, order: 'oldest' });
  }
}

/** As long as real ones. */
const receiptLike = 'r'.repeat(450);
const proofLike = 'p'.repeat(1300);
