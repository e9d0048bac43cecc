import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { keepReports } from '../../../receiver/reports/keep-reports.ts';
import { periodAsked } from '../../../receiver/reports/period.ts';
import type { ReportValue } from '../../../receiver/reports/render/csv.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createApiLab, type ApiLab } from '../../support/api-lab.ts';

const now = Date.UTC(2026, 0, 21, 7, 40);
let lab: ApiLab;
beforeAll(async () => {
  lab = await createApiLab({ now, hospitals: 3, days: 12 });
  const { store, clock, region } = lab;
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = { config: region.config, store, clock, logger, random: systemRandom, print: undefined };
  await keepReports(deps, periodAsked('weekly', undefined, now), new AbortController().signal);
}, 120_000);
afterAll(() => lab.close());

it('are the values of the file that people are given, one by one', async () => {
  const token = await lab.token('regional-operator');
  const listed = (await lab.ask('/reports', token)).json as {
    readonly items: readonly {
      readonly figures: string;
      readonly language: string;
      readonly files: readonly { readonly form: string; readonly href: string }[];
    }[];
  };
  expect(listed.items).toHaveLength(4);
  for (const { figures, files, language } of listed.items) {
    expect(files.map(({ form }) => form)).toEqual(['csv', 'html']);
    const path = (href: string): string => href.replace('/api/v1', '');
    const given = (await lab.ask(path(figures), token)).json as { readonly values: readonly ReportValue[] };
    const { text } = await lab.ask(path(files[0]?.href ?? ''), token);
    const rows = parse(text, { bom: true, delimiter: ';' }).slice(1);
    expect(rows.length).toBeGreaterThan(100);
    const decimal = language === 'fr' ? ',' : '.';
    expect(
      given.values.map(({ facility, period, measure, class: name, value, state }) => [
        facility ?? '',
        ...[period, measure, name ?? ''],
        value === null ? '' : String(value).replace('.', decimal),
        state ?? '',
      ]),
    ).toEqual(rows.map((row) => row.slice(1)));
    expect(given.values.some(({ value }) => typeof value === 'number' && value > 0)).toBe(true);
  }
});
