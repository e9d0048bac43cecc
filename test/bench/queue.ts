import { hash } from 'node:crypto';
import type { AgentDatabase } from '../../agent/outbox/database.ts';
import { createOutbox } from '../../agent/outbox/outbox.ts';
import type { ReadyExport, SealedEnvelope } from '../../agent/outbox/rows.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { formatUuid7 } from '../../shared/runtime/random.ts';

/** An export as it stands in the outbox once read, around its envelopes. */
export function readyExport(id: string, envelopes: readonly SealedEnvelope[]): ReadyExport {
  const records = envelopes.reduce((sum, one) => sum + one.records, 0);
  const [first] = envelopes;
  return {
    row: {
      ...{ id, source: 'bench', name: `${id}.xml`, path: Buffer.from(`/bench/${id}.xml`) },
      ...{
        digest: hash('sha256', id, 'hex'),
        bytes: 50_000,
        feed: first?.feed ?? null,
        facility: '990000010',
      },
      ...{ part: '0', mapping: 'rpu-2006', outcome: 'unknown', records, accepted: records, rejected: 0 },
      ...{
        windowFrom: null,
        windowTo: null,
        trusted: 0,
        errorCode: null,
        errorFacts: null,
        findingsTotal: 0,
      },
      ...{ slices: envelopes.length, resend: 0, original: null, readAt: first?.createdAt ?? 0 },
    },
    ...{ findings: [], envelopes, stagedSlices: 0, seen: null, rereadOf: null },
  };
}

const perCommit = 1000;
/** Small: what a claim costs beside its content is the question. */
const content = Buffer.alloc(512, 7);

/** Queues `count` envelopes through the outbox's own commits. */
export function fillQueue(database: AgentDatabase, clock: Clock, count: number): void {
  const outbox = createOutbox({ database, clock });
  const feed = 'ed-visits';
  const id = uuids(clock.now());
  let prev = '0'.repeat(64);
  for (let seq = 1; seq <= count;) {
    const group: ReadyExport[] = [];
    for (; seq <= count && group.length < perCommit; seq += 1) {
      const [exportId, digest] = [id(), hash('sha256', `${seq}`, 'hex')];
      const counts = { slice: 1, records: 100, firstRecord: 1, lastRecord: 100 };
      const place = { id: id(), feed, epoch: 1, seq, prev, digest, createdAt: clock.now() };
      group.push(readyExport(exportId, [{ ...place, ...counts, export: exportId, content }]));
      prev = digest;
    }
    outbox.commit(group, new Map([[feed, { epoch: 1, seq: seq - 1, digest: prev }]]));
  }
}

/** Ids that follow each other, as those of one agent do. */
function uuids(at: number): () => string {
  let count = 0;
  return () => {
    count += 1;
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(count, 8);
    return formatUuid7(at + Math.floor(count / 8), bytes);
  };
}
