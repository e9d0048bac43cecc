import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { computeFigures, type Figures } from '../../../receiver/reports/figures/compute.ts';
import { staysOf } from '../../../receiver/reports/figures/sums.ts';
import { periodAsked } from '../../../receiver/reports/period.ts';
import { reportCsv } from '../../../receiver/reports/render/csv.ts';
import { reportHtml } from '../../../receiver/reports/render/html.ts';
import { qualitySettings } from '../../../receiver/config-quality.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import type { EdVisit } from '../../../shared/feeds/ed-visits-record.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { enterFacility, putDay } from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

/** The nights on which the clock changes, with instants reckoned by hand from the offsets of Paris. */
const place = finess(1);
let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-odd-days-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  await enterFacility(store, place);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** Text as the hospital wrote it, instant with its offset. */
type Moment = readonly [text: string, iso: string];

function visit([text, iso]: Moment, [leftText, leftIso]: Moment): EdVisit {
  return {
    ...{ facility: place, birthDate: '14/02/1951', sex: 'F', departureMode: '8' },
    arrivedAt: { text, at: Date.parse(iso) },
    departedAt: { text: leftText, at: Date.parse(leftIso) },
  };
}

async function figuresOf(iso: string, visits: readonly EdVisit[]): Promise<Figures> {
  await putDay(store, place, dayFromIso(iso) as Day, visits);
  const now = Date.parse('2026-12-01T08:00:00+01:00');
  const { watching, destinations } = parseConfig(
    JSON.stringify({ state: folder, region: 'Essai' }),
    join(folder, 'x.yaml'),
  );
  return computeFigures(
    { store, rules: createWatchRules(watching), destinations, region: 'Essai' },
    { ...periodAsked('daily', iso, now), facility: place, now },
  );
}

const settings = qualitySettings.parse({});
const hoursOf = (csv: string): ReadonlyMap<string, string> =>
  new Map(
    csv
      .split('\r\n')
      .map((line) => line.split(';'))
      .filter((row) => row[3] === 'Hour of arrival')
      .map((row) => [row[4] ?? '', `${row[5] ?? ''}|${row[6] ?? ''}`]),
  );

it('of the day of 25 hours, the hour that comes twice counts twice, and stays are as long as they lasted', async () => {
  const day = '25/10/2026';
  const figures = await figuresOf('2026-10-25', [
    visit([`${day} 01:30`, '2026-10-25T01:30:00+02:00'], [`${day} 03:30`, '2026-10-25T03:30:00+01:00']),
    visit([`${day} 02:30`, '2026-10-25T02:30:00+02:00'], [`${day} 02:30`, '2026-10-25T02:30:00+01:00']),
    visit([`${day} 02:45`, '2026-10-25T02:45:00+01:00'], [`${day} 03:15`, '2026-10-25T03:15:00+01:00']),
    visit([`${day} 23:30`, '2026-10-25T23:30:00+01:00'], [`26/10/2026 00:10`, '2026-10-26T00:10:00+01:00']),
  ]);
  expect([1, 2, 3, 23].map((hour) => figures.total.hours[hour])).toEqual([1, 2, 0, 1]);
  // 3 hours, 1 hour, 30 and 40 minutes: by the clocks on the wall, 120, 0, 30 and 40.
  const { known, classes, median } = staysOf(figures.total);
  expect([known, median, [...classes]]).toEqual([4, 50, [2, 1, 1, 0, 0, 0]]);
  expect(figures.total.leftOut).toEqual({ open: 0, unreadable: 0, zero: 0, long: 0 });
  const csv = hoursOf(reportCsv(figures, settings, 'en'));
  expect([csv.size, csv.get('2')?.split('|')[0]]).toEqual([24, '2']);
  const page = reportHtml(figures, { language: 'en', author: 'x', quality: settings });
  expect(page).toContain('has 25 hours: 2:00 counts twice.');
});

it('of the day of 23 hours, the hour that is not there has no number, and stays are as long as they lasted', async () => {
  const day = '29/03/2026';
  const figures = await figuresOf('2026-03-29', [
    visit([`${day} 01:30`, '2026-03-29T01:30:00+01:00'], [`${day} 03:30`, '2026-03-29T03:30:00+02:00']),
    visit([`${day} 00:10`, '2026-03-29T00:10:00+01:00'], [`${day} 12:10`, '2026-03-29T12:10:00+02:00']),
  ]);
  expect([0, 1, 2, 3].map((hour) => figures.total.hours[hour])).toEqual([1, 1, 0, 0]);
  // 1 hour and 11 hours: by the clocks on the wall, 2 and 12.
  const { known, classes, median } = staysOf(figures.total);
  expect([known, median, [...classes]]).toEqual([2, 360, [0, 1, 0, 0, 1, 0]]);
  const csv = hoursOf(reportCsv(figures, settings, 'en'));
  expect([csv.size, csv.get('2'), csv.get('3')?.split('|')[0]]).toEqual([24, '|does not exist', '0']);
  expect(reportHtml(figures, { language: 'fr', author: 'x', quality: settings })).toContain('a 23 heures');
});
