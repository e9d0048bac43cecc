import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import {
  countAll,
  enterFacility,
  fullVisit,
  fullVisitBut,
  putDay,
  visitOn,
} from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';
import { between, textOf } from '../portal-morning/page-text.ts';

const now = Date.parse('2026-03-20T08:00:00+01:00');
const yesterday = dayFromIso('2026-03-19') as Day;
const [worse, whole, half, silent] = [finess(1), finess(2), finess(3), finess(4)];

let lab: PortalLab;
beforeAll(async () => {
  lab = await createPortalLab({
    startAt: now,
    settings: { quality: { targets: { TRANSPORT: 40, SORTIE: 0 } } },
  });
  const visits: readonly (readonly [string, string, (n: number) => Parameters<typeof visitOn>[2]])[] = [
    [
      worse,
      'Brumeval',
      (n) => fullVisitBut('transport', ...(n < 3 ? (['principalDiagnosis'] as const) : [])),
    ],
    [whole, 'Ancy', () => fullVisit],
    // Over the target that the settings give.
    [half, 'Castelbrun', (n) => (n < 5 ? fullVisit : fullVisitBut('transport'))],
  ];
  for (const [facility, name, part] of visits) {
    await enterFacility(lab.store, facility, name);
    for (const back of [0, 29, 30]) {
      const day = (yesterday - back) as Day;
      // The day before the period is of no account.
      const of = back === 30 ? () => ({}) : part;
      await putDay(
        lab.store,
        facility,
        day,
        Array.from({ length: 10 }, (_none, n) => visitOn(facility, day, { ...of(n), hour: n })),
      );
    }
  }
  await enterFacility(lab.store, silent, 'Orlac');
  await countAll(lab.store);
});
afterAll(() => lab.close());

const operator = viewerAs('regional-operator');
const cells = async (path: string, viewer = operator): Promise<readonly string[]> => {
  const { text } = await lab.get(path, viewer);
  const body = between(text, '<tbody>', '</tbody>');
  return [
    ...body.matchAll(
      /<th scope="row"><a [^>]*>(.*?)<\/a>.*?<td class="num" data-l="(?:Items|Fields)[^"]*">(.*?)<\/td>/g,
    ),
  ].map(([, name, cell]) => `${name ?? ''} ${textOf(cell ?? '')}`);
};

describe('the quality of each facility in the list', () => {
  it('is how many items reach their targets, and the one furthest below', async () => {
    expect(await cells('/etablissements')).toEqual([
      'Ancy 13 sur 13',
      'Brumeval 11 sur 13 Transport : 0,0 %',
      'Castelbrun 13 sur 13',
      'Orlac —',
    ]);
    expect((await cells('/en/etablissements'))[1]).toMatch(/^Brumeval 11 of 13 .*: 0.0%$/);
  });

  it('sorts the list, the worst first', async () => {
    const order = (await cells('/etablissements?tri=qualite')).map((each) => each.split(' ')[0]);
    expect(order).toEqual(['Orlac', 'Brumeval', 'Ancy', 'Castelbrun']);
  });

  it('leads to the scorecard', async () => {
    const { text } = await lab.get('/etablissements', operator);
    expect(text).toContain(`<a href="/etablissements/${worse}/qualite">11 sur 13</a>`);
  });

  it('is of a hospital’s own facilities only', async () => {
    const hospital = viewerAs('hospital-admin', { facilities: new Set([whole, half]) });
    expect(await cells('/mon-etablissement', hospital)).toEqual(['Ancy 13 sur 13', 'Castelbrun 13 sur 13']);
  });
});
