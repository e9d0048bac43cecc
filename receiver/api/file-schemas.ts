import { z } from 'zod';
import { about, count, day, finess, instant, named } from './schemas.ts';

export const fileStates = ['receiving', 'complete', 'waiting', 'processed', 'held', 'rejected'] as const;

const fileState = named(
  'FileState',
  z.enum(fileStates),
  'Parts of it are missing; all there, waiting to be applied; its facility is not registered; applied, or found twice; ' +
    'a person decides; never applied',
);

const dispatch = named(
  'Dispatch',
  z.strictObject({
    ...{ destination: z.string(), name: z.string(), from: day, to: day, records: count },
    state: about(
      z.enum(['waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead']),
      'dead: it could not be delivered, and a person must look',
    ),
    sentAt: instant.nullable(),
  }),
  'A file composed for a destination',
);

const fileFields = {
  id: z.string(),
  facility: finess,
  facilityName: z.string().nullable(),
  feed: z.string(),
  part: about(z.string(), 'One of several units or softwares of a facility'),
  source: z.string(),
  receivedAt: instant,
  extractedAt: about(instant.nullable(), 'The instant that orders it: when it was extracted, or received'),
  state: fileState,
  result: about(z.enum(['applied', 'held', 'duplicate']).nullable(), 'null until it is applied'),
  hold: z.enum(['removals', 'rekeying', 'second-source', 'facility-unknown']).nullable(),
  window: about(
    z.strictObject({ from: z.string(), to: z.string() }).nullable(),
    'The days that its header declares',
  ),
  records: about(count.nullable(), 'In the file; null until all of it is here'),
  counts: z
    .strictObject({
      ...{ accepted: count, rejected: count, added: count, updated: count, removed: count },
      ...{ unchanged: count, stale: count, suspended: count },
    })
    .nullable(),
  dispatches: z.array(dispatch),
};

export const file = named('File', z.strictObject(fileFields), 'A file that a hospital sent');

export const fileDetail = named(
  'FileDetail',
  z.strictObject({
    ...fileFields,
    agentName: z.string().nullable(),
    pendingDays: about(count, 'Days whose removals wait for a decision'),
    dispatchesInForce: about(z.boolean(), 'It changed nothing: the dispatches are those in force'),
    findings: about(z.array(z.strictObject({ rule: z.string(), count })), 'How often each rule is broken'),
    listed: about(
      z.array(
        z.strictObject({
          rule: z.string(),
          severity: z.enum(['error', 'warning', 'info']),
          field: z.string().nullable(),
          line: z.int().nullable(),
          record: z.int().nullable(),
        }),
      ),
      'Where some of them are, at most 200: never the value',
    ),
    receipts: about(z.array(z.string()), 'Kinds of signed receipts, in the order of their signing'),
  }),
  'A file, its findings and its receipts',
);
