import { setImmediate } from 'node:timers/promises';
import type { EdVisit } from '../../shared/feeds/ed-visits-record.ts';
import { matcherOf, syndromicGroupsFile, type MatchGroups } from '../../shared/feeds/syndromic-groups.ts';
import { extractionColumns, extractionNotes } from '../../shared/i18n/extraction-texts.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { readGroups, type Groups } from '../reports/groups.ts';
import type { FacilityRow, Store } from '../store/store.ts';
import {
  columnsOf,
  isColumn,
  readVisit,
  rowAudience,
  rowColumns,
  type ColumnName,
  type RowVisit,
} from './catalogue.ts';
import type { Period } from './lattice.ts';
import type { Column, ExtractionPlan, Portion } from './planned.ts';
import type { ExtractionRequest, Requester } from './request.ts';

/** Visits one a row, by facility, day and arrival: one day of one facility is read at a time, and forgotten. */
export type RowsAsked = Extract<ExtractionRequest['content'], { readonly kind: 'rows' }>;

export interface RowsWork extends Period {
  readonly store: Store;
  readonly feed: string;
  readonly facilities: readonly FacilityRow[];
  readonly language: Language;
}

/** Columns that a requester may ask for; none: no rows. */
export function rowFields(requester: Requester, language: Language): readonly Column[] {
  const audience = rowAudience(requester);
  return (audience === undefined ? [] : columnsOf(audience)).map((name) => columnOf(name, language));
}

/**
 * Throws `extraction-rows-refused`, `extraction-field-refused`, `extraction-group-unknown`, `extraction-codes-invalid`.
 */
export async function planRows(
  work: RowsWork,
  requester: Requester,
  asked: RowsAsked,
): Promise<ExtractionPlan> {
  const { store, feed, facilities, from, to, language } = work;
  const fields = allowedFields(requester, asked.fields);
  const groups = await store.read((tx) => readGroups(tx));
  const passes = filterOf(asked, groups);
  const days = new Map<FacilityRow, readonly Day[]>();
  let purged = 0;
  for (const facility of facilities) {
    const { finess } = facility;
    await store.read(async (tx) => {
      const held = await tx.records.countsByDay(finess, feed, from, to);
      days.set(
        facility,
        held.filter(({ count }) => count > 0).map(({ day }) => day),
      );
      purged += (await tx.retention.purgedDays({ facility: finess, feed }, from, to)).length;
    });
    await setImmediate();
  }
  const say = speaker(extractionNotes, language);
  return {
    columns: fields.map((name) => columnOf(name, language)),
    notes: [
      say('national'),
      ...(fields.includes('syndromes') || asked.group !== undefined
        ? [say('groups', { version: groups.version })]
        : []),
      ...(purged === 0 ? [] : [say('purged', { days: purged })]),
      say('personal'),
    ],
    parts: [...days.values()].reduce((sum, list) => sum + list.length, 0),
    portions: (signal) => readPortions(work, days, { fields, groups, passes }, signal),
  };
}

interface Reading {
  readonly fields: readonly ColumnName[];
  readonly groups: Groups;
  readonly passes: (row: RowVisit) => boolean;
}

async function* readPortions(
  { store, feed }: RowsWork,
  days: ReadonlyMap<FacilityRow, readonly Day[]>,
  { fields, groups, passes }: Reading,
  signal: AbortSignal,
): AsyncIterable<Portion> {
  const match = matcherOf(groups.groups);
  const columns = fields.map((name) => rowColumns[name]);
  let done = 0;
  for (const [{ finess, name }, list] of days)
    for (const day of list) {
      signal.throwIfAborted();
      const bodies = await store.read((tx) => tx.records.bodiesOfDay(finess, feed, day));
      const rows = bodies
        // What the store itself checked when it came.
        .map(({ body }) => readVisit(JSON.parse(body) as EdVisit, name, groups.groups, match))
        .filter(passes)
        .map((row) => columns.map((column) => column.read(row)));
      done += 1;
      yield { done, rows };
      // The pages and the other loops of this thread have their turn.
      await setImmediate();
    }
}

function columnOf(name: ColumnName, language: Language): Column {
  return { name, title: extractionColumns[name][language], kind: rowColumns[name].kind };
}

/** The same answer for a field that nobody has and for one that is not this requester's. */
function allowedFields(requester: Requester, asked: readonly string[]): readonly ColumnName[] {
  const audience = rowAudience(requester);
  if (audience === undefined) throw permanent('extraction-rows-refused');
  const allowed = columnsOf(audience);
  return [...new Set(asked)].map((field) => {
    if (isColumn(field) && allowed.includes(field)) return field;
    throw permanent('extraction-field-refused', { facts: { field, known: allowed.join(', ') } });
  });
}

function filterOf(asked: RowsAsked, { groups }: Groups): (row: RowVisit) => boolean {
  const tests: ((row: RowVisit) => boolean)[] = [];
  const { age, sex, severity, departure, codes, group } = asked;
  if (age !== undefined)
    tests.push(
      ({ measures }) =>
        measures.age !== undefined &&
        measures.age >= (age.from ?? 0) &&
        measures.age < (age.below ?? Infinity),
    );
  if (sex !== undefined) tests.push(({ visit }) => sex.some((one) => one === visit.sex));
  if (severity !== undefined) tests.push(({ visit }) => severity.some((one) => one === visit.severity));
  if (departure !== undefined)
    tests.push(({ visit }) => departure.some((one) => one === visit.departureMode));
  if (codes !== undefined) {
    const match = matcherOfCodes(codes);
    tests.push(
      ({ visit: { principalDiagnosis, associatedDiagnoses = [] } }) =>
        match(principalDiagnosis, associatedDiagnoses, undefined).length > 0,
    );
  }
  if (group !== undefined) {
    const place = groups.findIndex(({ id }) => id === group);
    if (place < 0)
      throw permanent('extraction-group-unknown', {
        facts: { group, known: groups.map(({ id }) => id).join(', ') },
      });
    tests.push(({ measures }) => measures.groups.includes(place));
  }
  return (row) => tests.every((test) => test(row));
}

/** Codes as a syndromic group has them: checked by the same rules. */
function matcherOfCodes(codes: readonly string[]): MatchGroups {
  const parsed = syndromicGroupsFile.safeParse({
    groups: [
      {
        ...{ id: 'asked', name: { fr: '-', en: '-' }, codes, diagnoses: 'any' },
        ...{ source: '-', confidence: 'local' },
      },
    ],
  });
  if (!parsed.success) throw permanent('extraction-codes-invalid', { facts: { codes: codes.join(', ') } });
  return matcherOf(parsed.data.groups);
}
