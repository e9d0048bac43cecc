import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { AgencyIdentify } from '../auth/agency-identity.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import { agencyCode } from '../forward/answers/agency-code.ts';
import type { OutgoingFile } from '../forward/destination.ts';
import { pauseOf } from '../forward/pause.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import type { Store } from '../store/store.ts';
import type { AgencyDesk, Offered } from './agency-desk.ts';
import { createArrivals } from './agency-arrival.ts';
import { askedRange } from './agency-range.ts';
import { parseBody } from './answers.ts';

export interface AgencyRoutesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly identify: AgencyIdentify;
  readonly desk: AgencyDesk;
  /** Those agencies fetch from. */
  readonly destinations: readonly DestinationConfig[];
  /** A reader that takes nothing for this long is cut off; it goes on with a range. */
  readonly stalledMs: number;
}

/** Requests answered at once: each may hold a parcel in memory. */
const concurrentRequests = 16;

const limit = z.coerce.number().int().min(1).max(100).default(50);
const after = z.coerce.number().int().min(0).default(0);
const listQuery = z.strictObject({
  state: z.enum(['waiting', 'sent', 'acknowledged', 'refused']).default('waiting'),
  ...{ after, limit },
});
const manifestQuery = z.strictObject({ after, limit });
const answerBody = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('acknowledged') }),
  z.strictObject({
    verdict: z.literal('refused'),
    code: z.string().max(200).optional(),
    /** For the agency's own logs: it may name a patient, so that it is neither kept nor written anywhere. */
    reason: z.string().max(500).optional(),
  }),
]);
const destinationParams = z.object({ destination: z.string() });
const dispatchParams = z.object({ destination: z.string(), name: z.string() });

/** Where agencies fetch, and answer. */
export function agencyRoutes(app: FastifyInstance, deps: AgencyRoutesDeps): void {
  const { store, identify, desk, destinations } = deps;
  const arrivals = createArrivals();
  app.addHook('onRequest', createSlots());
  app.addHook('onRequest', async ({ raw }) => {
    // What is asked now is answered with it in mind.
    if (arrivals.asked(raw.socket)) await desk.drained();
  });

  /** What is another agency's does not exist. */
  const opened = (request: FastifyRequest): string => {
    const { destination } = parseBody(destinationParams, request.params);
    if (!identify.of(request).has(destination)) throw permanent('agency-destination-unknown');
    return destination;
  };

  app.get('/v1/destinations', async (request) => {
    const own = destinations.filter(({ name }) => identify.of(request).has(name));
    return store.read(async (tx) => {
      const listed = [];
      for (const { name, feed, format } of own) {
        const { waiting, sent, acknowledged, refused } = await tx.dispatches.countsOf(name);
        const paused = pauseOf(await tx.destinations.get(name), deps.clock.now()) !== undefined;
        const counts = { waiting, sent, acknowledged, refused };
        listed.push({ name, feed, format: format.name, paused, dispatches: counts });
      }
      return { destinations: listed };
    });
  });

  app.get('/v1/destinations/:destination/dispatches', async (request) => {
    const destination = opened(request);
    const query = parseBody(listQuery, request.query);
    const offered = await desk.list(destination, query.state, query.after, query.limit);
    return {
      dispatches: offered.map(describe),
      next: nextOf(
        offered.map(({ row }) => row.id),
        query.limit,
      ),
    };
  });

  app.get('/v1/destinations/:destination/dispatches/:name/content', async (request, reply) => {
    const destination = opened(request);
    const { row, file } = await desk.fetch(destination, parseBody(dispatchParams, request.params).name);
    request.raw.socket.setTimeout(deps.stalledMs);
    return sendContent(request, reply, file, () => {
      arrivals.left(request.raw.socket, () => desk.fetched(row));
    });
  });

  app.post('/v1/destinations/:destination/dispatches/:name/acknowledgement', async (request) => {
    const destination = opened(request);
    const { name } = parseBody(dispatchParams, request.params);
    const body = parseBody(answerBody, request.body);
    const code = body.verdict === 'refused' ? agencyCode(body.code ?? '') : null;
    const row = await desk.answer(destination, name, { verdict: body.verdict, code });
    return { name: row.name, state: row.state, code: row.code };
  });

  app.get('/v1/destinations/:destination/manifests', async (request) => {
    const destination = opened(request);
    const query = parseBody(manifestQuery, request.query);
    const rows = await store.read((tx) => tx.manifests.list(destination, query.after, query.limit));
    const manifests = rows.map(({ serial, day, issuedAt, digest, jws }) => ({
      ...{ serial, day: dayToIso(day), issuedAt: iso(issuedAt), digest, jws },
    }));
    return {
      manifests,
      next: nextOf(
        rows.map(({ serial }) => serial),
        query.limit,
      ),
    };
  });
}

function createSlots(): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  let taken = 0;
  return async (_request, reply) => {
    if (taken >= concurrentRequests) throw transient('agency-door-busy');
    taken += 1;
    // 'close' comes once, whether the answer was sent or the caller went away.
    reply.raw.once('close', () => {
      taken -= 1;
    });
  };
}

function sendContent(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, content, digest }: OutgoingFile,
  onLeft: () => void,
): FastifyReply {
  const size = content.length;
  const etag = `"${digest}"`;
  void reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'no-store' });
  const { range } = request.headers;
  const [ifRange] = [request.headers['if-range']].flat();
  const asked = askedRange({ range, ifRange }, { size, etag });
  if (asked === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${size}`);
    throw permanent('agency-range-unsatisfiable');
  }
  const part = asked === undefined ? content : content.subarray(asked.first, asked.last + 1);
  void reply.headers({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name.replace(/[^A-Za-z0-9._-]/g, '_')}"`,
    // RFC 9530: of what this answer carries, and of the whole.
    'content-digest': digestField(hash('sha256', part, 'buffer')),
    'repr-digest': digestField(Buffer.from(digest, 'hex')),
    ...(asked === undefined ? {} : { 'content-range': `bytes ${asked.first}-${asked.last}/${size}` }),
  });
  const reachesEnd = asked === undefined || asked.last === size - 1;
  // 'finish': handed over to the last byte; a connection that breaks before gives none.
  if (request.method === 'GET' && reachesEnd) reply.raw.once('finish', onLeft);
  return reply.code(asked === undefined ? 200 : 206).send(part);
}

function digestField(digest: Buffer): string {
  return `sha-256=:${digest.toString('base64')}:`;
}

function describe({ row, parcel }: Offered) {
  const { id, name, facility, feed, from, to, records, format, composedAt, state, code, sentAt } = row;
  return {
    ...{ id, name, facility, feed, from: dayToIso(from), to: dayToIso(to), records, format },
    /** As it travels, with the suffixes of its packaging; null once the content is no longer kept. */
    ...{ file: parcel?.name ?? null, size: parcel?.bytes ?? null, digest: parcel?.digest ?? null },
    ...{ composedAt: iso(composedAt), state, code, sentAt: iso(sentAt) },
  };
}

/** Ask next after this one; null: there is no more now. */
function nextOf(ids: readonly number[], asked: number): number | null {
  return ids.length < asked ? null : (ids.at(-1) ?? null);
}

function iso(at: DispatchRow['sentAt']): string | null {
  return at === null ? null : new Date(at).toISOString();
}
