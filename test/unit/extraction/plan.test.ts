import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import {
  extract,
  facilities,
  firstMonday,
  requester,
  smallRegion,
  type SmallRegion,
} from '../../support/extraction-region.ts';

let region: SmallRegion;
const weeks = 5;
const period = { from: dayToIso(firstMonday), to: dayToIso((firstMonday + weeks * 7 - 1) as Day) };
const counts = (places: 'region' | 'facility', by: 'week' | 'month' = 'week', split = 'age') => ({
  ...period,
  content: { kind: 'aggregates', split, by, places },
});
const rows = (fields: readonly string[], more: object = {}) => ({
  ...period,
  content: { kind: 'rows', fields, ...more },
});
const operator = requester('regional-operator', 'all', true);
const [one, two] = facilities;

beforeAll(async () => {
  region = await smallRegion(7, weeks, (facility) => 20 + facility * 30);
});

afterAll(async () => {
  await region.close();
});

describe('what may be asked for', () => {
  it('gives rows to facilities and to the region’s administrators, and to nobody else', async () => {
    for (const who of [
      requester('regional-operator'),
      requester('auditor'),
      requester('read-only'),
      requester('health-professional'),
    ])
      await expect(extract(region.deps, who, rows(['sex']))).rejects.toMatchObject({
        code: 'extraction-rows-refused',
      });
    await expect(extract(region.deps, operator, rows(['sex']))).resolves.toBeDefined();
    await expect(
      extract(region.deps, requester('hospital-admin', new Set([one])), rows(['sex'])),
    ).resolves.toBeDefined();
  });

  it('gives an agency nothing', async () => {
    for (const asked of [rows(['sex']), counts('region'), counts('facility')])
      await expect(extract(region.deps, requester('agency'), asked)).rejects.toMatchObject({
        code: 'extraction-refused',
      });
  });

  it('answers alike for a facility of others and for one that is not there', async () => {
    const who = requester('hospital-admin', new Set([one]));
    for (const facility of [two, '670000058'])
      for (const asked of [rows(['sex']), counts('facility')])
        await expect(extract(region.deps, who, { ...asked, facilities: [facility] })).rejects.toMatchObject({
          code: 'extraction-facility-refused',
          facts: { facility },
        });
  });

  it('gives the region’s counts whole, and to nobody who sees only a part of it', async () => {
    for (const profile of ['hospital-admin', 'read-only'] as const)
      await expect(
        extract(region.deps, requester(profile, new Set([one])), counts('region')),
      ).rejects.toMatchObject({ code: 'extraction-region-refused' });
    for (const who of [operator, requester('read-only')])
      await expect(
        extract(region.deps, who, { ...counts('region'), facilities: [one] }),
      ).rejects.toMatchObject({ code: 'extraction-places-refused' });
  });

  it('gives those outside the authority the region only', async () => {
    const outsider = requester('health-professional');
    await expect(extract(region.deps, outsider, counts('facility'))).rejects.toMatchObject({
      code: 'extraction-places-refused',
    });
    const { notes } = await extract(region.deps, outsider, counts('region'));
    expect(notes[0]).toContain('11');
  });

  it('tells readers what it tells auditors: they see every facility on the pages too', async () => {
    for (const asked of [counts('region'), counts('facility')])
      expect(await extract(region.deps, requester('read-only'), asked)).toEqual(
        await extract(region.deps, requester('auditor'), asked),
      );
  });

  it('names the split and the field that are not known', async () => {
    await expect(extract(region.deps, operator, counts('region', 'week', 'colour'))).rejects.toMatchObject({
      code: 'extraction-split-unknown',
      facts: { split: 'colour', known: 'hour, age, severity, departure, syndrome' },
    });
    for (const field of ['visitId', 'birth_date', 'commune', 'postal_code', 'arrived_at', 'colour'])
      await expect(extract(region.deps, operator, rows([field]))).rejects.toMatchObject({
        code: 'extraction-field-refused',
        facts: { field },
      });
  });

  it('refuses a period that begins tomorrow, and one without a whole week', async () => {
    for (const asked of [rows(['sex']), counts('region')])
      await expect(
        extract(region.deps, operator, { ...asked, from: '2026-04-09', to: '2026-05-01' }),
      ).rejects.toMatchObject({ code: 'extraction-period-future' });
    for (const [from, to, by] of [
      ['2026-03-03', '2026-03-14', 'week'],
      ['2026-04-06', '2026-04-12', 'week'],
      ['2026-03-09', '2026-03-30', 'month'],
    ] as const)
      await expect(
        extract(region.deps, operator, { ...counts('region', by), from, to }),
      ).rejects.toMatchObject({ code: 'extraction-period-short' });
  });
});

describe('periods of counts', () => {
  it('are of five years at most, today included', async () => {
    for (const asked of [rows(['sex']), counts('region')]) {
      // 1,830 days and one, with the day of today; what lies beyond it is not reckoned.
      await expect(
        extract(region.deps, operator, { ...asked, from: '2021-04-04', to: '2199-12-31' }),
      ).rejects.toMatchObject({ code: 'extraction-period-long', facts: { most: 1830 } });
      await expect(
        extract(region.deps, operator, { ...asked, from: '2021-04-05', to: '2199-12-31' }),
      ).resolves.toBeDefined();
    }
  });

  it('leaves out days of no whole week, and says how many', async () => {
    const {
      rows: found,
      notes,
      parts,
    } = await extract(region.deps, operator, {
      ...counts('region'),
      from: '2026-03-04',
      to: '2026-03-24',
    });
    expect([...new Set(found.map(([week]) => week))]).toEqual(['2026-W11', '2026-W12']);
    expect(parts).toBe(2);
    expect(notes.join('\n')).toContain('7 jours demandés');
  });

  it('makes a month of the whole weeks whose Thursday lies in it', async () => {
    const { rows: found } = await extract(region.deps, operator, {
      ...counts('region', 'month'),
      from: '2026-03-01',
      to: '2026-04-05',
    });
    expect(found[0]?.slice(0, 4)).toEqual(['2026-03', '2026-03-02', '2026-03-29', 'total']);
    expect(new Set(found.map(([month]) => month)).size).toBe(1);
  });
});
