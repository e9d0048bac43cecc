import { z } from 'zod';
import { finessSyntax } from '../../shared/feeds/facility.ts';
import type { BatchFacts, BatchLine } from '../pages/reads/batch-reads.ts';
import {
  cursorParameter,
  cursorText,
  dayAsked,
  dayParameter,
  instantsOf,
  iso,
  limitParameter,
  readCursor,
  dayText,
} from './asked.ts';
import { file, fileDetail, fileStates } from './file-schemas.ts';
import { profilesOf } from './rights.ts';
import { documentRoute, type ApiRoute } from './route.ts';
import { about, listOf, nowhere } from './schemas.ts';

const common = { scope: 'files', profiles: profilesOf('files') } as const;
const cursorShape = z.strictObject({ receivedAt: z.int(), reception: z.int() });
const forever = 8.64e15;
const mostListed = 200;

/** Files that hospitals sent: counts, states and instants of them, never what stands in them. */
export const fileRoutes: readonly ApiRoute[] = [
  documentRoute(
    {
      ...{ ...common, id: 'listFiles', method: 'GET', path: '/files', params: nowhere },
      summary: 'Files received, the latest first',
      query: z.strictObject({
        facility: about(z.string().regex(finessSyntax).optional(), 'Only those of this facility'),
        state: about(z.enum(fileStates).optional(), 'Only those in this state'),
        from: about(dayParameter().optional(), 'Received on this day or later'),
        to: about(dayParameter().optional(), 'Received on this day or before'),
        ...{ cursor: cursorParameter(), limit: limitParameter(50, 200) },
      }),
      answer: listOf('FileList', file),
    },
    async ({ query }, { read }) => {
      const after = readCursor(cursorShape, query.cursor);
      const [from, to] = [dayAsked(query.from), dayAsked(query.to)];
      const { batches, next } = await read((reads) =>
        reads.batches.page({
          ...{ facility: query.facility, state: query.state, after, limit: Number(query.limit) },
          from: from === undefined ? -forever : instantsOf(from, from).from,
          to: to === undefined ? forever : instantsOf(to, to).to,
        }),
      );
      return {
        items: batches.map(fileShown),
        next:
          next === undefined ? null : cursorText({ receivedAt: next.receivedAt, reception: next.reception }),
      };
    },
  ),
  documentRoute(
    {
      ...{ ...common, id: 'getFile', method: 'GET', path: '/files/{id}', query: nowhere },
      ...{ params: z.strictObject({ id: z.uuid() }), answer: fileDetail },
      summary: 'One file: what became of it, its findings and its dispatches',
    },
    async ({ params }, { read }) => {
      const found = await read((reads) => reads.batches.batch(params.id.toLowerCase()));
      return found === undefined ? undefined : detailShown(found);
    },
  ),
];

function fileShown({ row, facilityName, manifest, outcome, dispatches }: BatchLine): z.input<typeof file> {
  const { id, facility, feed, part, source, receivedAt, extract, state } = row;
  return {
    ...{ id, facility, facilityName: facilityName ?? null, feed, part, source, state },
    ...{ receivedAt: iso(receivedAt), extractedAt: iso(extract), window: manifest?.window ?? null },
    ...{ result: outcome?.result ?? null, hold: outcome?.hold ?? null, records: manifest?.records ?? null },
    counts:
      outcome === undefined
        ? null
        : {
            ...{ accepted: outcome.accepted, rejected: outcome.rejected, added: outcome.added },
            ...{ updated: outcome.updated, removed: outcome.removed, unchanged: outcome.unchanged },
            ...{ stale: outcome.stale, suspended: outcome.suspended },
          },
    dispatches: dispatches.map(({ destination, name, from, to, state: delivery, records, sentAt }) => ({
      ...{ destination, name, from: dayText(from), to: dayText(to), state: delivery, records },
      sentAt: iso(sentAt),
    })),
  };
}

function detailShown(facts: BatchFacts): z.input<typeof fileDetail> {
  const { findings, receipts, agentName, pendingDays, inForce } = facts;
  return {
    ...fileShown(facts),
    ...{ agentName: agentName ?? null, pendingDays, dispatchesInForce: inForce },
    findings: Object.entries(findings.totals).map(([rule, count]) => ({ rule, count })),
    listed: findings.listed.slice(0, mostListed).map(({ rule, severity, field, line, record }) => ({
      ...{ rule, severity, field, line, record },
    })),
    receipts: receipts.map(({ receipt }) => receipt.kind),
  };
}
