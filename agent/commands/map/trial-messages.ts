import type { Feed } from '../../../shared/feeds/feed.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { assembleVisit } from '../../adt/assemble.ts';
import { visitColumns, type MovementEvent, type PatientState } from '../../adt/event.ts';
import { applyIdentity, patientOf } from '../../adt/identity.ts';
import { readAdtText } from '../../adt/read-adt.ts';
import { decodeMessages } from '../../intake/assembled-file.ts';
import type { CompiledMapping, Row } from '../../mapping/compiled-mapping.ts';
import { defaultReadLimits } from '../../reader/limits.ts';
import { readMessages } from '../../reader/hl7v2/messages.ts';
import { createRecordFlow } from '../../reader/record-flow.ts';

/** What a file of ADT messages amounts to: a row of `visitColumns` a visit, at the line of the last message about it. */
export interface MessageRows {
  readonly rows: readonly { readonly row: Row; readonly line: number }[];
  readonly refused: readonly { readonly rule: string; readonly field: string; readonly line: number }[];
}

type Open = () => AsyncIterable<Buffer>;

const mostMessages = 200_000;

/** Puts visits together as the agent would, in memory only. Throws the faults of decoding and `hl7-header-missing`. */
export async function readMessageRows(
  open: Open,
  mapping: CompiledMapping,
  signal: AbortSignal,
): Promise<MessageRows> {
  const heard = createHearing();
  const refused: MessageRows['refused'][number][] = [];
  const lines = new Map<string, number>();
  const decoded = await decodeMessages(
    { open },
    { encoding: undefined, mappings: [mapping] },
    { fileBytes: defaultReadLimits.fileBytes, signal },
  );
  let messages = 0;
  for await (const message of readMessages(decoded.texts())) {
    messages += 1;
    if (messages > mostMessages)
      throw permanent('export-too-many-records', {
        facts: { limit: mostMessages },
        position: { line: message.line },
      });
    if (message.kind === 'too-large') {
      refused.push({ rule: message.code, field: 'MSH', line: message.line });
      continue;
    }
    const { event } = readAdtText(message.text);
    if (event.kind === 'refused') {
      const field = event.field === null ? event.segment : `${event.segment}-${String(event.field)}`;
      refused.push({ rule: event.code, field, line: message.line });
    } else if (event.kind === 'identity') heard.identity(event);
    else if (event.kind === 'movement') {
      heard.movement(event);
      lines.set(event.visit, message.line);
    }
  }
  const rows = [...lines].flatMap(([visit, line]) => {
    const row = heard.row(visit);
    return row === null ? [] : [{ row, line }];
  });
  return { rows, refused };
}

/** What was said of visits and patients, for as long as the trial lasts. */
function createHearing() {
  const visits = new Map<string, { readonly n: number; readonly movements: MovementEvent[] }>();
  const byNumber: MovementEvent[][] = [];
  const patients = new Map<string, PatientState>();
  const endedIn = new Map<string, Set<string>>();
  const withMerged = (patient: string): readonly PatientState[] => {
    const chain = new Set([patient]);
    for (const one of chain) for (const next of endedIn.get(one) ?? []) chain.add(next);
    return [...chain].flatMap((one) => patients.get(one) ?? []);
  };
  return {
    movement: (event: MovementEvent): void => {
      const known = visits.get(event.visit)?.movements;
      if (known !== undefined) known.push(event);
      else {
        const movements = [event];
        visits.set(event.visit, { n: byNumber.length, movements });
        byNumber.push(movements);
      }
    },
    identity: (event: Parameters<typeof applyIdentity>[1]): void => {
      const { patient, formerPatient } = event;
      patients.set(patient, applyIdentity(patients.get(patient) ?? patientOf(patient), event));
      if (formerPatient !== null)
        endedIn.set(formerPatient, new Set([...(endedIn.get(formerPatient) ?? []), patient]));
    },
    row: (visit: string): Row | null => {
      const n = visits.get(visit)?.n ?? -1;
      const store = {
        movements: (number: number) => byNumber[number] ?? [],
        patients: (_source: string, patient: string) => withMerged(patient),
      };
      return assembleVisit(store, '', { n, version: 0, sent: 'no' }, systemClock.now()).row;
    },
  };
}

type FlowDeps = Parameters<typeof createRecordFlow>[0];

/** Gives the rows to a sink as records, then the refused messages as rejected ones. Answers how many records there were. */
export function tellMessageRows(
  { rows, refused }: MessageRows,
  given: {
    readonly mapping: CompiledMapping;
    readonly facility: string | undefined;
    readonly freeText: readonly string[];
    readonly sink: FlowDeps['sink'];
    readonly hashVisitId: FlowDeps['hashVisitId'];
    readonly left: number;
  },
): number {
  const { mapping, facility, sink } = given;
  if (facility === undefined) throw permanent('facility-missing');
  const flow = createRecordFlow({
    feed: feedOf(mapping),
    bound: mapping.bind(visitColumns, { freeText: given.freeText }),
    sink,
    hashVisitId: given.hashVisitId,
    facilityOf: () => facility,
  });
  const shown = rows.slice(0, given.left);
  shown.forEach(({ row, line }, index) => flow.row(row, undefined, line, index + 1));
  const room = refused.slice(0, given.left - shown.length);
  room.forEach(({ rule, field, line }, index) =>
    sink.rejected(shown.length + index + 1, line, { rule, field }),
  );
  return shown.length + room.length;
}

function feedOf({ feedName }: CompiledMapping): Feed {
  const feed = feedNamed(feedName);
  if (feed === undefined) throw permanent('feed-unknown', { facts: { feed: feedName } });
  return feed;
}
