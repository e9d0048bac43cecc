import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { createDayKinds } from '../../receiver/monitor/day-kinds.ts';
import { createVolumeModel } from '../../receiver/monitor/expected-volume.ts';
import type { CountedDay } from '../../receiver/store/watch-tables.ts';
import { dayFromIso, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';

/**
 * The rule of volumes on counts of real units (Alsace, 2014, published per day and unit), where they lie beside the project:
 * they are not part of it.
 */
const file = resolve(import.meta.dirname, '../../../shared/data/rpu/rpu_jour_2014.csv');

interface Unit {
  readonly name: string;
  /** Zeros are days that never came. */
  readonly days: readonly CountedDay[];
}

function readUnits(text: string): readonly Unit[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.split(',').slice(1);
  const rows = lines.map((line) => line.replaceAll('"', '').split(','));
  return names.map((name, index) => ({
    name: name.replaceAll('"', ''),
    days: rows.map(([date = '', ...counts]) => ({
      day: dayFromIso(date) ?? (0 as Day),
      count: Number(counts[index]) || 0,
    })),
  }));
}

const present = existsSync(file);
if (!present)
  process.stderr.write(
    'NOT TRIED: without rpu_jour_2014.csv, the rule of volumes is held against invented units only\n',
  );

it.skipIf(!present)('calls hardly a day of real units low that came whole', () => {
  // School holidays of zone B, which Alsace was in.
  const period = (from: string, to: string) => ({
    zones: [],
    from: dayFromIso(from) ?? (0 as Day),
    to: dayFromIso(to) ?? (0 as Day),
  });
  const kinds = createDayKinds({
    alsaceMoselle: true,
    schoolHolidays: [
      period('2014-01-01', '2014-01-05'),
      period('2014-02-22', '2014-03-09'),
      period('2014-04-26', '2014-05-11'),
      period('2014-07-05', '2014-09-01'),
      period('2014-10-18', '2014-11-02'),
      period('2014-12-20', '2014-12-31'),
    ],
  });
  // Nobody wrote down which days were cut: here, those under two thirds of the median, which chance does not reach.
  let [judged, gaps] = [0, 0];
  const [cut, doubtful, overlooked]: [string[], string[], string[]] = [[], [], []];
  for (const { name, days } of readUnits(readFileSync(file, 'utf8'))) {
    const model = createVolumeModel(days, kinds);
    for (const { day, count } of days) {
      const expected = model.expect(day);
      if (expected === undefined) continue;
      judged += 1;
      const told = `${name} ${dayToIso(day)} ${count} of ${expected.median}, floor ${expected.floor}`;
      if (count === 0) gaps += 1;
      else if (count < expected.floor) (count * 3 < expected.median * 2 ? cut : doubtful).push(told);
      else if (count * 2 < expected.median && expected.median >= 40) overlooked.push(told);
    }
  }
  const months = judged / 30.4;
  process.stderr.write(
    `real units: ${judged} unit-days judged; ${gaps} days that never came; ${cut.length} called low and cut; ` +
      `${doubtful.length} called low and doubtful: ${(doubtful.length / months).toFixed(3)} per unit and month; ` +
      `${overlooked.length} under half of a median of 40 or more and not called low\n` +
      [...doubtful, ...overlooked].map((each) => `  ${each}\n`).join(''),
  );
  expect(judged).toBeGreaterThan(4000);
  expect(gaps).toBeGreaterThan(100);
  expect(cut.length).toBeGreaterThan(40);
  // A unit with many gaps in a month widens its own spread.
  expect(overlooked.length).toBeLessThanOrEqual(3);
  expect(doubtful.length / months).toBeLessThanOrEqual(0.1);
});
