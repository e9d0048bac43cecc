import { dayToFrench, instantToFrench, type Day } from '../../shared/runtime/paris-time.ts';
import { usualExtract } from './exports.ts';
import { encode, printHead, printTail, printVisit, shapes, type ShapeName } from './shapes.ts';
import { visitCount, visitsOf, type Visit } from './visits.ts';

export interface StreamOptions {
  readonly seed: number;
  readonly finess: string;
  readonly shape: ShapeName;
  readonly records: number;
  /** First day; visits fill the days after it, `visitsPerDay` or so each. */
  readonly from: Day;
  readonly visitsPerDay: number;
}

/** One export of any size, in pieces of about 64 KiB: a million visits without holding them. */
export async function* streamExport(options: StreamOptions): AsyncGenerator<Buffer> {
  const shape = shapes[options.shape];
  const last = lastDay(options);
  yield encode(
    printHead(shape, {
      FINESS: options.finess,
      ORDRE: '0',
      EXTRACT: instantToFrench(usualExtract(last)),
      DATEDEBUT: dayToFrench(options.from),
      DATEFIN: dayToFrench(last),
    }),
    shape.encoding,
  );
  let pending: string[] = [];
  let letters = 0;
  for (const visit of visitsFrom(options)) {
    const text = printVisit(shape, options.finess, visit, Number.MAX_SAFE_INTEGER);
    pending.push(text);
    letters += text.length;
    if (letters < 65_536) continue;
    yield encode(pending.join(''), shape.encoding);
    pending = [];
    letters = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield encode(`${pending.join('')}${printTail(shape)}`, shape.encoding);
}

function* visitsFrom({ records, from, ...options }: StreamOptions): Generator<Visit> {
  const source = { ...options, habits: shapes[options.shape].habits };
  let left = records;
  for (let day: number = from; left > 0; day += 1) {
    const visits = visitsOf(source, day).slice(0, left);
    left -= visits.length;
    yield* visits;
  }
}

function lastDay(options: StreamOptions): Day {
  const source = { ...options, habits: shapes[options.shape].habits };
  let left = options.records;
  let day: number = options.from;
  for (; left > 0; day += 1) left -= visitCount(source, day);
  return (day - 1) as Day;
}
