import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepPeriod } from '../../../receiver/commands/report-keep.ts';
import { qualitySettings } from '../../../receiver/config-quality.ts';
import { parseConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { computeFigures, type Figures } from '../../../receiver/reports/figures/compute.ts';
import { periodAsked, periodBefore, periodHolding } from '../../../receiver/reports/period.ts';
import { reportCsv } from '../../../receiver/reports/render/csv.ts';
import { reportHtml } from '../../../receiver/reports/render/html.ts';
import { createReportScheduler } from '../../../receiver/reports/scheduler.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayFromIso, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import {
  enterFacility,
  fullVisit,
  fullVisitBut,
  putDay,
  visitOn,
} from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

const [large, small, none] = [finess(1), finess(2), finess(3)];
const day = (iso: string): Day => dayFromIso(iso) as Day;
const logger = createLogger({ name: 'test', level: 'silent' });
let now = Date.parse('2026-12-02T10:00:00+01:00');
const clock = { now: () => now, monotonic: () => now };
const quality = qualitySettings.parse({});
let folder: string;
let store: Store;

beforeEach(async () => {
  now = Date.parse('2026-12-02T10:00:00+01:00');
  folder = await mkdtemp(join(tmpdir(), 'vgm-monthly-'));
  store = openSqliteStore(stateFolder(folder).database);
  await enterFacility(store, large, 'Grand');
  await enterFacility(store, small, 'Petit');
  await enterFacility(store, none, 'Muet');
  const old = { ...fullVisit, birthDate: '14/02/1931' };
  const young = { ...fullVisit, birthDate: '14/02/1990' };
  // Three of the month's visits of the small one are of old people; of the large one, nine of ten.
  await putDay(store, small, day('2026-11-10'), [
    ...[8, 9, 10].map((hour) => visitOn(small, day('2026-11-10'), { ...old, hour })),
    visitOn(small, day('2026-11-10'), { ...young, hour: 11 }),
  ]);
  await putDay(store, large, day('2026-11-10'), [
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((hour) => visitOn(large, day('2026-11-10'), { ...old, hour })),
    visitOn(large, day('2026-11-10'), { ...fullVisitBut('sex'), birthDate: '14/02/1931', hour: 11 }),
    visitOn(large, day('2026-11-10'), { ...young, hour: 12 }),
  ]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function configOf(reports: unknown): ReceiverConfig {
  return parseConfig(JSON.stringify({ state: folder, region: 'Essai', reports }), join(folder, 'x.yaml'));
}

async function month(facility: string | null = null): Promise<Figures> {
  const { watching, destinations } = configOf({});
  return computeFigures(
    { store, rules: createWatchRules(watching), destinations, region: 'Essai' },
    { ...periodAsked('monthly', '2026-11', now), facility, now },
  );
}

describe('a month', () => {
  it('is from its first day to its last, whatever its length', () => {
    const bounds = (text: string): readonly string[] => {
      const { from, to } = periodAsked('monthly', text, now);
      return [dayToIso(from), dayToIso(to)];
    };
    expect(bounds('2026-02')).toEqual(['2026-02-01', '2026-02-28']);
    expect(bounds('2024-02')).toEqual(['2024-02-01', '2024-02-29']);
    expect(bounds('2025-12')).toEqual(['2025-12-01', '2025-12-31']);
    const before = (iso: string): string =>
      dayToIso(periodBefore('monthly', Date.parse(`${iso}T12:00:00+01:00`)).from);
    expect([before('2026-01-01'), before('2026-03-31'), before('2026-12-02')]).toEqual([
      ...['2025-12-01', '2026-02-01', '2026-11-01'],
    ]);
    expect(periodHolding('monthly', '2026-11-30', now)).toEqual(periodAsked('monthly', '2026-11', now));
    expect(periodHolding('weekly', '2026-11-29', now)).toEqual(periodAsked('weekly', '2026-W48', now));
    for (const text of ['2026-13', '2026-00', '2026-1', '2026-W48'])
      expect(() => periodAsked('monthly', text, now)).toThrow('report-period-invalid');
    expect(() => periodAsked('monthly', '2027-01', now)).toThrow('report-period-future');
  });

  it('says of each facility what came and how well it is filled', async () => {
    const { facilities } = await month();
    const line = facilities.find(({ facility }) => facility === large);
    expect(line).toMatchObject({ visits: 10, elderly: 9, exports: 0, lowDays: 0, received: null });
    // Thirteen items are due of ten visits that went home: none says when, and of one the sex is blank.
    expect(line?.filled).toBeCloseTo((13 * 10 - 10 - 1) / (13 * 10), 12);
  });
});

describe('small numbers', () => {
  it('of a facility are not in the region’s report', async () => {
    const rows = reportCsv(await month(), quality, 'en')
      .split('\r\n')
      .map((line) => line.split(';'));
    const cell = (facility: string, measure: string): unknown =>
      rows.find((row) => row[1] === facility && row[2] === '2026-11' && row[3] === measure)?.slice(5);
    const hidden = ['', 'not shown: under 5 or telling one'];
    expect(cell(small, '75 years and over')).toEqual(hidden);
    expect(cell(small, 'Median length of stay (min)')).toEqual(hidden);
    expect(cell(small, 'Visits')?.toString()).toMatch(/^4,/);
    // The region's sum less the large one's would be the small one's.
    expect(cell('', '75 years and over')?.toString()).toMatch(/^12,/);
    expect(cell(large, '75 years and over')).toEqual(hidden);
    // Nothing came of the third: neither a zero, nor hidden.
    expect(cell(none, 'Visits')?.toString()).toMatch(/^,/);
    // By facility, nothing is told of illness, age class or severity.
    const measures = new Set(rows.filter((row) => row[1] !== '').map((row) => row[3]));
    for (const measure of ['Visits of the group', 'Severity (CCMU)', 'Age', 'Sex'])
      expect(measures.has(measure)).toBe(false);
    const page = reportHtml(await month(), { language: 'en', author: 'x', quality });
    expect(page).toContain('by facility, this report gives totals only');
  });

  it('are in the facility’s own, which says who it is for', async () => {
    const figures = await month(small);
    const page = reportHtml(figures, { language: 'fr', author: 'x', quality });
    expect(figures.total.elderly).toBe(3);
    expect(page).toContain('Diffusion');
    expect(page).toContain('masquez-les avant de le transmettre');
  });
});

describe('the calendar and the command of months', () => {
  it('make last month’s once, whichever comes first', async () => {
    const config = configOf({ monthly: { cron: '0 10 3 * *' }, languages: ['fr', 'en'] });
    const context = { config, clock, logger, random: systemRandom, language: 'en' } as const;
    const scheduler = createReportScheduler({ ...context, store, print: undefined });
    const { signal } = new AbortController();
    while (await scheduler.step(signal));
    const made = async (): Promise<unknown> => (await keepPeriod(context, { kind: 'monthly' })).document;
    expect(await made()).toEqual({ kind: 'monthly', period: '2026-11', made: 6 });
    expect(await made()).toEqual({ kind: 'monthly', period: '2026-11', made: 0 });
    now = Date.parse('2027-01-03T10:00:30+01:00');
    await expect(keepPeriod(context, { kind: 'yearly' })).rejects.toMatchObject({ code: 'command-invalid' });
    while (await scheduler.step(signal));
    const kept = await store.read((tx) => tx.reports.stored.list({ kind: 'monthly', facility: null }, 10));
    expect(kept.map(({ from, language }) => `${dayToIso(from)} ${language}`).sort()).toEqual([
      ...['2026-11-01 en', '2026-11-01 fr', '2026-12-01 en', '2026-12-01 fr'],
    ]);
  });
});
