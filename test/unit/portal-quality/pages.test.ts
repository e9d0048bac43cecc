import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvText } from '../../../receiver/pages/csv.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import {
  countAll,
  enterFacility,
  fullVisit,
  fullVisitBut,
  putDay,
  visitOn,
  type VisitPart,
} from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

const now = Date.parse('2026-03-20T08:00:00+01:00');
const yesterday = dayFromIso('2026-03-19') as Day;
const own = finess(1);
const names = Array.from({ length: 6 }, (_none, index) => `=HOPITAL-${index + 1}`);

let lab: PortalLab;
beforeAll(async () => {
  lab = await createPortalLab({ startAt: now });
  for (const [index, name] of names.entries()) {
    const facility = finess(index + 1);
    await enterFacility(lab.store, facility, name);
    for (let back = 0; back < 40; back += 1) {
      const day = (yesterday - back) as Day;
      await putDay(lab.store, facility, day, dayOfVisits(facility, day, index, back));
    }
  }
  await countAll(lab.store);
});
afterAll(() => lab.close());

/** The first hospital swaps codes of PROVENANCE for ten days and forgets transport; the others are better by index. */
function dayOfVisits(facility: string, day: Day, index: number, back: number) {
  const without = fullVisitBut('transport');
  return Array.from({ length: 10 }, (_none, n) => {
    const part: VisitPart = n < 5 - index ? without : fullVisit;
    const origin = index === 0 && back < 10 && n < 8 ? '8' : '5';
    const departedAt = { text: '19/03/2026 23:00', at: Date.parse('2026-03-19T22:00:00Z') };
    return visitOn(facility, day, {
      ...part,
      departedAt,
      origin,
      hour: n,
      birthDate: `0${(n % 9) + 1}/02/1951`,
    });
  });
}

const operator = viewerAs('regional-operator');
const hospital = viewerAs('hospital-admin', { facilities: new Set([own]) });

describe('a facility’s scorecard', () => {
  it('says what to improve first, and why', async () => {
    const { status, text } = await lab.get(`/etablissements/${own}/qualite`, operator);
    expect(status).toBe(200);
    expect(text).toContain('=HOPITAL-1\u00a0: 2 points de qualité à améliorer.');
    expect(text).toContain('Provenance\u00a0: codes 5 et 8 sans doute inversés');
    expect(text).toContain('Le code 8 dépasse le code 5 depuis le 10 mars');
    expect(text).toMatch(/Transport\s: 50,0.% ?, objectif 80/);
    expect(text).toContain('6e sur 6');
    expect(text).toContain('300 passages du 18 févr. au 19 mars, sur 30 jours.');
    expect(text).toMatch(/Le mode de transport est vide.*?<td class="num">150<\/td>/s);
  });

  it('names lines of the hospital’s own files, and no value', async () => {
    const { text } = await lab.get(`/etablissements/${own}/qualite`, operator);
    expect(text).toContain(`/lots/export-${own}`);
    expect(text).not.toMatch(/VILLE-TEST|J189|1951/);
  });

  it('tells a hospital its own place and nobody else’s name', async () => {
    const { status, text } = await lab.get(`/etablissements/${own}/qualite`, hospital);
    expect(status).toBe(200);
    for (const other of names.slice(1)) expect(text).not.toContain(other);
    for (let index = 2; index <= 6; index += 1) expect(text).not.toContain(finess(index));
  });

  it('is missing for who may not see the facility, as for a facility that does not exist', async () => {
    expect((await lab.get(`/etablissements/${finess(2)}/qualite`, hospital)).status).toBe(404);
    expect((await lab.get(`/etablissements/${finess(2)}/qualite.csv`, hospital)).status).toBe(404);
    expect((await lab.get('/etablissements/000000000/qualite', operator)).status).toBe(404);
    expect((await lab.get(`/etablissements/${own}/qualite`, viewerAs('agency'))).status).toBe(404);
    expect((await lab.get(`/etablissements/${own}/qualite`, viewerAs('health-professional'))).status).toBe(
      404,
    );
  });

  it('is a file whose texts no spreadsheet takes for a formula', async () => {
    const { text, headers } = await lab.get(`/etablissements/${own}/qualite.csv`, operator);
    expect(headers['content-type']).toContain('text/csv');
    expect(text).toContain(";'=HOPITAL-1;");
    expect(text).toMatch(/Transport;TRANSPORT;300;50;50;80;/);
  });

  it('says how much is not counted yet', async () => {
    const day = (yesterday - 3) as Day;
    const before = dayOfVisits(own, day, 0, 3);
    await putDay(lab.store, own, day, before.slice(1));
    const { text } = await lab.get(`/etablissements/${own}/qualite`, operator);
    expect(text).toContain('Le comptage n’est pas fini\u00a0: 1 jour reste');
    await putDay(lab.store, own, day, before);
  });

  it('is in English too', async () => {
    const { text } = await lab.get(`/en/etablissements/${own}/qualite`, operator);
    expect(text).toContain('2 points of quality to improve');
    expect(text).toContain('6th of 6');
  });
});

describe('the analysis', () => {
  it('answers in a sentence, compared with the period before', async () => {
    const { text } = await lab.get('/analyser?du=2026-03-10&au=2026-03-19', operator);
    expect(text).toContain('600 passages du 10 mars au 19 mars, comme la période précédente.');
    const night = await lab.get('/analyser?du=2026-03-10&au=2026-03-19&de=0&a=3', operator);
    expect(night.text).toContain('180 passages');
    expect(night.text).toContain('Entrée de 00:00 à 03:00.');
  });

  it('counts a hospital’s own visits only, whatever it asks', async () => {
    const all = await lab.get('/analyser?du=2026-03-10&au=2026-03-19', hospital);
    expect(all.text).toContain('100 passages');
    const other = await lab.get(`/analyser?du=2026-03-10&au=2026-03-19&etablissement=${finess(2)}`, hospital);
    expect(other.text).toContain('Aucun passage compté');
    expect(other.text).not.toContain('HOPITAL-2');
    const file = await lab.get(`/analyser.csv?du=2026-03-10&au=2026-03-19`, hospital);
    expect(file.text).toContain(';100\r\n');
  });

  it('shows a health professional whole weeks of the region, no facility and no small number', async () => {
    const professional = viewerAs('health-professional');
    const { status, text } = await lab.get(
      `/analyser?du=2026-03-04&au=2026-03-19&etablissement=${own}&age=85%2B&selon=age`,
      professional,
    );
    expect(status).toBe(200);
    expect(text.slice(text.indexOf('<main'))).not.toMatch(/HOPITAL|FINESS|99000/);
    // Two whole weeks of 420 visits: the one that goes on is not told of.
    expect(text).toContain('840 passages du 2 mars au 15 mars.');
    expect((await lab.get('/analyser.csv', professional)).status).toBe(404);
    // The same to whoever is kept to one hospital: two parts of the region would give away what lies between them.
    const kept = viewerAs('health-professional', { facilities: new Set([own]) });
    const part = await lab.get('/analyser?du=2026-03-04&au=2026-03-19', kept);
    expect(part.text).toContain('840 passages du 2 mars au 15 mars.');
  });

  it('is no page of an agency', async () => {
    expect((await lab.get('/analyser', viewerAs('agency'))).status).toBe(404);
  });

  it.each([
    '?du=<script>alert(1)</script>&au="><img>',
    '?etablissement=<b>&age=__proto__&gravite=%00&selon=constructor&par=x',
    '?de=99&a=-1&du=0000-00-00&au=9999-99-99',
    `?${'age=85%2B&'.repeat(200)}`,
    '?du=1800-01-01&au=2199-12-31',
  ])('takes no harm from %s', async (query) => {
    const { status, text } = await lab.get(
      `/analyser${encodeURI(decodeURI(query.replaceAll('%00', '')))}`,
      operator,
    );
    expect(status).toBe(200);
    expect(text).not.toMatch(/<script>alert|"><img>|<b>/);
  });
});

describe('a file for a spreadsheet', () => {
  it('defuses what looks like a formula, and quotes what has to be', () => {
    expect(csvText([['=1+1', '+x', '@y', '-z', '\t=q', 'a;b', 'say "hi"', -2.5, null]])).toBe(
      '\ufeff\'=1+1;\'+x;\'@y;\'-z;\'\t=q;"a;b";"say ""hi""";-2,5;\r\n',
    );
  });
});
