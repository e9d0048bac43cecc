import { z } from 'zod';
import { finessSyntax } from '../../shared/feeds/facility.ts';
import { alertKinds, alertStates, otherCauses } from '../store/alert-tables.ts';

/** What the document calls schemas. */
export const schemaNames = z.registry<{ id: string }>();
/** What it says of them, and of single fields. */
export const schemaWords = z.registry<{ description: string }>();

/** With a sentence in the document. */
export function about<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  schemaWords.add(schema, { description });
  return schema;
}

/** A schema with a name of its own in the document. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema, description: string): Schema {
  schemaNames.add(schema, { id });
  return about(schema, description);
}

export const nowhere = z.strictObject({});

export const finessParameter = z.strictObject({
  finess: about(z.string().regex(finessSyntax), 'FINESS of the facility'),
});

export const instant = named('Instant', z.iso.datetime(), 'An instant, ISO 8601, UTC');
export const day = named('Day', z.string().regex(/^\d{4}-\d\d-\d\d$/), 'A day of Paris');
export const finess = named('Finess', z.string().regex(finessSyntax), 'Geographic FINESS of a facility');
export const count = z.int().min(0);

export function listOf<Row extends z.ZodType>(id: string, row: Row) {
  return named(
    id,
    z.strictObject({
      items: z.array(row),
      next: about(z.string().nullable(), 'Ask for the next page with this cursor; null: these are the last'),
    }),
    'One page of a list',
  );
}

export const dayState = named(
  'DayState',
  z.enum(['received', 'late', 'partial', 'low', 'silent', 'held', 'degraded', 'closed', 'not-connected']),
  'What became of one day of a feed: received whole; received late; hours or parts are missing; abnormally few visits; ' +
    'nothing came; suspended until a person decides; on paper; closed; never connected',
);

export const dayCause = named(
  'DayCause',
  z.enum([
    ...(['agent-dead', 'network-cut', 'agent-paused', 'source-silent', 'exports-rejected'] as const),
    ...(['export-short', 'held-by-guard', 'forward-blocked'] as const),
  ]),
  'Why',
);

export const facilityDay = named(
  'FacilityDay',
  z.strictObject({
    day,
    state: about(dayState.nullable(), 'null: not due yet'),
    cause: dayCause.nullable(),
    received: about(count, 'Records held of this day'),
    expected: about(
      z
        .strictObject({
          median: z.number(),
          p10: z.number(),
          p90: z.number(),
          floor: about(z.number(), 'Fewer than this is abnormally low'),
        })
        .nullable(),
      'From the days before it; null: under eight weeks are known',
    ),
    missing: about(z.number(), 'Visits that the national sending lacks of it, estimated'),
    missingParts: z.array(z.string()),
    deadline: about(instant, 'Due time and grace'),
    wholeAt: about(instant.nullable(), 'When all of it was there'),
  }),
  'One day of one feed of one facility',
);

export const agent = named(
  'Agent',
  z.strictObject({
    id: z.string(),
    name: z.string(),
    status: z.enum(['invited', 'active', 'revoked']),
    alive: about(z.boolean(), 'Heard from within the last quarter of an hour'),
    lastSeenAt: instant.nullable(),
    version: z.string().nullable(),
    pending: about(count, 'Envelopes that wait there'),
    certificateUntil: instant.nullable(),
  }),
  'What carries the files of a facility',
);

export const feedState = named(
  'FeedState',
  z.strictObject({
    feed: z.string(),
    connected: z.boolean(),
    lastReceivedAt: about(instant.nullable(), 'When something of it last came, whatever became of it'),
    latest: about(facilityDay.nullable(), 'The latest day that is due'),
    heldFiles: about(count, 'Files that wait for a person’s decision'),
  }),
  'Where one feed of a facility stands',
);

export const facility = named(
  'Facility',
  z.strictObject({ finess, name: z.string(), feeds: z.array(feedState) }),
  'A facility',
);

export const facilityDetail = named(
  'FacilityDetail',
  z.strictObject({ finess, name: z.string(), feeds: z.array(feedState), agents: z.array(agent) }),
  'A facility and its agents',
);

export const facilityDays = named(
  'FacilityDays',
  z.strictObject({
    facility: finess,
    feed: about(z.string().nullable(), 'null: it has none'),
    from: day,
    to: day,
    days: z.array(facilityDay),
  }),
  'Days of one feed of a facility, in order',
);

export const alert = named(
  'Alert',
  z.strictObject({
    id: z.int(),
    kind: z.enum(alertKinds),
    facility: finess.nullable(),
    feed: z.string().nullable(),
    destination: z.string().nullable(),
    facilities: about(z.array(finess), 'Those it concerns that this token reaches'),
    state: z.enum(alertStates),
    cause: z.enum([...dayCause.options, ...otherCauses]),
    days: z.array(day),
    missing: about(z.number(), 'Visits that the national sending lacks, estimated'),
    since: about(instant, 'When the trouble began'),
    openedAt: instant,
    toldAt: about(instant.nullable(), 'When the first messages were written'),
    takenAt: about(instant.nullable(), 'When a person took it on'),
    recoveringAt: instant.nullable(),
    closedAt: instant.nullable(),
    ending: z.enum(['recovered', 'person', 'grouped']).nullable(),
  }),
  'A trouble that people are told of',
);
