import type { Breach, Feed } from '../../shared/feeds/feed.ts';
import { createLocator } from '../mapping/bind.ts';
import type { Side } from '../mapping/columns.ts';
import type { CompiledJoin, Row, Value } from '../mapping/compiled-mapping.ts';
import type { ReadSummary } from './export-sink.ts';
import { damagedFinding, findingOf } from './finding.ts';
import type { Half, HalfReading, Paired } from './join.ts';
import { eachRow, oneFacility, reportUnknown, type LinesShape } from './read-lines.ts';
import { bindOptions, type ReadPlan } from './read-plan.ts';
import { createRecordFlow, type HalfRecord, type RecordFlow } from './record-flow.ts';

/**
 * One of two exports that complete each other. It is read to its end first, so that a key met twice is known before
 * anything is put together; then every row becomes a record with the half that the other export has brought. A row of the
 * main export goes with what is known; one of the joined export without its main row waits.
 */
export async function readHalf(plan: ReadPlan, shape: LinesShape, join: CompiledJoin): Promise<ReadSummary> {
  const { input, sink, feed, mapping } = plan;
  const { side } = shape;
  const options = bindOptions(input);
  const remembered = join.remembered(side);
  const halves = input.halves?.open(mapping, side, remembered) ?? withoutMemory(remembered);
  let pick: (row: Row) => readonly Value[] = () => [];
  let keyOf: (row: Row) => string | undefined = () => undefined;

  const { records, unreadable } = await eachRow(
    plan,
    shape,
    {
      columns: (names, line) => {
        const named = side === 'main' ? names : names.map((column) => `${join.name}.${column}`);
        const { unknownColumns } = mapping.bind(named, options);
        reportUnknown(plan, unknownColumns, line);
        pick = picker(remembered, names);
        keyOf = join.bindKey(side, names, options);
      },
      row: (row, line, record) => halves.put({ record, line, key: keyOf(row), values: pick(row) }),
    },
    async () => halves.flush(),
  );

  const columns = [
    ...join.remembered('main'),
    ...join.remembered('joined').map((column) => `${join.name}.${column}`),
  ];
  const flow = createRecordFlow({
    feed,
    bound: mapping.bind(columns, options),
    sink,
    hashVisitId: (at, local) => input.hashVisitId(at, local),
    facilityOf: oneFacility(plan),
  });
  const emitted = await emit(plan, { side, join, halves, flow });
  const { accepted, rejected } = flow.summary();
  return {
    records,
    accepted,
    rejected: rejected + unreadable + emitted.rejected,
    waiting: flow.waiting() + emitted.waiting,
  };
}

/** Rows between two moments in which the sink may push back. */
const rowsBetweenSettles = 500;

async function emit(
  { feed, sink }: ReadPlan,
  {
    side,
    join,
    halves,
    flow,
  }: {
    readonly side: Side;
    readonly join: CompiledJoin;
    readonly halves: HalfReading;
    readonly flow: RecordFlow;
  },
): Promise<{ readonly rejected: number; readonly waiting: number }> {
  let rejected = 0;
  let waiting = 0;
  let since = 0;
  for (const pair of halves.pairs()) {
    const { record, line, key, other } = pair;
    if (other === 'damaged') {
      // What the region holds of it may be whole: half of it is not sent in its place.
      waiting += 1;
      sink.finding(damagedFinding(line, record));
    } else if (side === 'main') {
      flow.row(wholeRow(join, 'main', pair), undefined, line, record, mainHalf(join, feed, pair));
    } else if (key === undefined) {
      rejected += 1;
      sink.rejected(record, line, { rule: 'join-key-missing', field: null });
    } else if (typeof other === 'string') {
      waiting += 1;
      const rule = other === 'missing' ? 'join-waiting' : 'join-ambiguous';
      sink.finding(findingOf(rule, feed, { line, record }));
    } else {
      flow.row(wholeRow(join, 'joined', pair), undefined, line, record, {
        localId: derivedId(key),
        breaches: [],
        mayWait: () => false,
      });
    }
    since += 1;
    if (since % rowsBetweenSettles === 0) await sink.settle();
  }
  await sink.settle();
  return { rejected, waiting };
}

function mainHalf(join: CompiledJoin, feed: Feed, { key, other }: Paired): HalfRecord {
  const missing = other === 'missing';
  const rule = key === undefined ? 'join-key-missing' : missing ? 'join-half-missing' : 'join-ambiguous';
  return {
    // Rows that share a key are several records: one name for all of them would make them one.
    ...(key === undefined || other === 'several-here' ? {} : { localId: derivedId(key) }),
    breaches: typeof other === 'string' ? [{ rule, field: null }] : [],
    mayWait: ({ field }: Breach) =>
      typeof other === 'string' &&
      key !== undefined &&
      feed.fields.some(({ name, tag }) => tag === field && join.fields.has(name)),
  };
}

/** What stands for a visit number where the source gives none. */
function derivedId(key: string): string {
  return `join\0${key}`;
}

/** The row both halves make, by position: the main export's columns, then the joined one's. */
function wholeRow(join: CompiledJoin, side: Side, { own, other }: Paired): Row {
  const known = typeof other === 'string' ? undefined : other;
  const [main, joined] = side === 'main' ? [own, known] : [known, own];
  return [...valuesOf(join, 'main', main), ...valuesOf(join, 'joined', joined)];
}

/** In the order in which the mapping names them today, whatever it named when the half was remembered. */
function valuesOf(join: CompiledJoin, side: Side, half: Half | undefined): readonly Value[] {
  const columns = join.remembered(side);
  if (half === undefined) return columns.map(() => undefined);
  return half.columns === columns ? half.values : picker(columns, half.columns)(half.values);
}

function picker(wanted: readonly string[], columns: readonly string[]): (row: Row) => readonly Value[] {
  const { locate } = createLocator(columns);
  const slots = wanted.map(locate);
  return (row) => slots.map((slot) => row[slot]);
}

/** Where nothing is remembered (a try, a trace) every row stands alone. */
function withoutMemory(columns: readonly string[]): HalfReading {
  const rows: Paired[] = [];
  return {
    put: ({ record, line, key, values }) =>
      rows.push({ record, line, key, own: { values, columns }, other: 'missing' }),
    flush: () => undefined,
    pairs: () => rows,
  };
}
