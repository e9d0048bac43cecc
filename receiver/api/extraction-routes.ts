import { z } from 'zod';
import type { ExtractionDesk } from '../extraction/desk.ts';
import { extractionRequest, type Requester } from '../extraction/request.ts';
import { extractionStates, type ExtractionRow } from '../store/extraction-tables.ts';
import { iso, limitParameter } from './asked.ts';
import { profilesOf } from './rights.ts';
import { actRoute, askingRoute, documentRoute, fileRoute, type ApiCaller, type ApiRoute } from './route.ts';
import { about, count, instant, named, nowhere } from './schemas.ts';

const common = { scope: 'extractions', profiles: profilesOf('extractions') } as const;
const oneOf = z.strictObject({ id: z.uuid() });
const types = [
  'text/csv; charset=utf-8',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.apache.parquet',
];

const extraction = named(
  'Extraction',
  z.strictObject({
    id: z.string(),
    state: about(
      z.enum(extractionStates),
      'Nobody works on it yet; being made; its file is there; failed; cancelled; its file is gone',
    ),
    request: named('ExtractionAsked', extractionRequest, 'What was asked for'),
    askedAt: instant,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    expiresAt: about(instant.nullable(), 'Until then its file is kept'),
    done: about(count, 'Parts of the work that are done'),
    parts: about(count.nullable(), 'Parts in all'),
    rows: count.nullable(),
    hidden: about(
      count.nullable(),
      'Cells that are hidden because they are small, or would tell of a small one',
    ),
    bytes: count.nullable(),
    sha256: z.string().nullable(),
    notes: about(z.array(z.string()).nullable(), 'What its reader must know'),
    code: about(z.string().nullable(), 'Why it failed'),
  }),
  'Something taken out of the region’s data, made in the background',
);

const extractionList = named(
  'ExtractionList',
  z.strictObject({ items: z.array(extraction) }),
  'The latest first; older ones are not listed',
);

/** Asked for, followed and fetched at the same desk as on the pages: a token has its own ones, and nobody else’s. */
export function createExtractionRoutes({
  desk,
}: {
  readonly desk: Pick<ExtractionDesk, 'ask' | 'list' | 'get' | 'cancel' | 'fetch'>;
}): readonly ApiRoute[] {
  return [
    documentRoute(
      {
        ...{ ...common, id: 'listExtractions', method: 'GET', path: '/extractions', params: nowhere },
        summary: 'The latest extractions that this token asked for',
        query: z.strictObject({ limit: limitParameter(50, 200) }),
        answer: extractionList,
      },
      async ({ query }, { caller }) => {
        // An auditor sees at the desk what others asked for; a token, its own ones.
        const rows = await desk.list(requesterOf(caller), Number(query.limit), 'own');
        return { items: rows.map(extractionShown) };
      },
    ),
    askingRoute(
      {
        ...{ ...common, id: 'askExtraction', method: 'POST', path: '/extractions', params: nowhere },
        ...{ query: nowhere, body: extractionRequest, answer: extraction },
        summary: 'Ask for an extraction; follow it at Location',
        faults: [
          ...['extraction-refused', 'extraction-rows-refused', 'extraction-field-refused'],
          ...['extraction-facility-refused', 'extraction-places-refused', 'extraction-region-refused'],
          ...['extraction-split-unknown', 'extraction-group-unknown', 'extraction-codes-invalid'],
          ...['extraction-period-future', 'extraction-period-long', 'extraction-period-short'],
          ...['extraction-too-many', 'extraction-too-many-kept', 'extraction-disk-full'],
          ...['extraction-parquet-missing'],
        ],
      },
      async ({ body }, { caller }) => {
        const row = await desk.ask(requesterOf(caller), body);
        return { body: extractionShown(row), location: `/api/v1/extractions/${row.id}` };
      },
    ),
    documentRoute(
      {
        ...{ ...common, id: 'getExtraction', method: 'GET', path: '/extractions/{id}', query: nowhere },
        ...{ params: oneOf, answer: extraction, faults: ['extraction-unknown'] },
        summary: 'Where an extraction stands',
      },
      async ({ params }, { caller }) => {
        const requester = requesterOf(caller);
        const row = await desk.get(requester, params.id.toLowerCase());
        return isOwn(row, requester) ? extractionShown(row) : undefined;
      },
    ),
    actRoute(
      {
        ...{ ...common, id: 'cancelExtraction', method: 'DELETE', path: '/extractions/{id}' },
        ...{ params: oneOf, query: nowhere, faults: ['extraction-unknown', 'extraction-ended'] },
        summary: 'Give up an extraction that is not over',
      },
      async ({ params }, { caller }) => desk.cancel(requesterOf(caller), params.id.toLowerCase()),
    ),
    fileRoute(
      {
        ...{ ...common, id: 'getExtractionFile', method: 'GET', path: '/extractions/{id}/file' },
        ...{ params: oneOf, query: nowhere, types },
        faults: [
          ...['extraction-unknown', 'extraction-not-ready', 'extraction-expired'],
          ...['extraction-file-unreadable', 'extraction-rights-changed'],
        ],
        summary: 'The file of an extraction',
      },
      async ({ params }, { caller }) => {
        const { name, type, path, bytes } = await desk.fetch(requesterOf(caller), params.id.toLowerCase());
        return { name, type, content: { path, bytes } };
      },
    ),
  ];
}

/** A token never administers: rows of all hospitals are for a person. */
function requesterOf({ token, name, profile, reach }: ApiCaller): Requester {
  return {
    ...{ profile, administrator: false, facilities: reach.facilities },
    actor: { kind: 'system', id: token, name },
  };
}

function isOwn(row: ExtractionRow, { actor }: Requester): boolean {
  return row.requesterKind === actor.kind && row.requesterId === actor.id;
}

function extractionShown(row: ExtractionRow): z.input<typeof extraction> {
  const { id, state, request, done, parts, rows, hidden, bytes, sha256, notes, code } = row;
  return {
    ...{ id, state, request, done, parts, rows, hidden, bytes, sha256, code },
    notes: notes === null ? null : [...notes],
    ...{ askedAt: iso(row.askedAt), startedAt: iso(row.startedAt), endedAt: iso(row.endedAt) },
    expiresAt: iso(row.expiresAt),
  };
}
