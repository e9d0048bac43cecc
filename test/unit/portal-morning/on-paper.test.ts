import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countByHand, startDegraded } from '../../../receiver/care/declare.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { feed } from '../../evaluation/region.ts';
import { createMorningLab, usualVisits, type MorningLab } from './morning-lab.ts';
import { between, textOf } from './page-text.ts';

const operator = viewerAs('regional-operator');
const person = { kind: 'account', id: 'a', name: 'Mme Roux' } as const;

let lab: MorningLab;
beforeAll(async () => {
  lab = await createMorningLab({
    names: ['Ancy', 'Brumeval', 'Orlac'],
    nights: { 0: { 1: 'silent', 0: 'silent' }, 1: { 2: 'silent' } },
  });
  const { hospitals, last } = lab;
  const finess = hospitals[0]?.finess ?? '';
  const from = dayToIso((last - 1) as Day);
  await startDegraded(lab, person, finess, { from, reason: 'coupure' });
  await countByHand(lab, person, finess, { feed, day: from, count: '83' });
  await lab.look();
}, 60_000);
afterAll(() => lab.close());

const rowOf = (page: string, name: string): string =>
  between(page, '<table', '</table>')
    .split('<tr>')
    .find((each) => each.includes(`>${name}</a>`)) ?? '';

describe('visits counted by hand', () => {
  it('have their own mark in the grid, beside what came and in no total', async () => {
    const page = (await lab.get('/', operator)).text;
    const row = rowOf(page, 'Ancy');
    const cells = [...row.matchAll(/<td class="([^"]*\bm\b[^"]*)">(.*?)<\/a>/g)].map(([, shape, inner]) => [
      shape,
      /#(\w+)"/.exec(inner ?? '')?.[1],
      textOf(inner ?? ''),
    ]);
    expect(cells).toEqual([
      ['c m h0 w', 'w', `mode dégradé déclaré 0 sur ${usualVisits}, 83 à la main`],
      ['c m h0', 'd', `mode dégradé déclaré 0 sur ${usualVisits}`],
    ]);
    expect(textOf(row)).toContain(`— / ${usualVisits}`);
    expect(textOf(page)).toContain('Compté à la main, jamais ajouté aux passages');
    expect(textOf(between(page, 'id="entete"', '</section>'))).not.toContain('83');
  });

  it('are told in English too, and their mark is not explained where nobody counted', async () => {
    expect(textOf((await lab.get('/en', operator)).text)).toContain('83 by hand');
    const other = await createMorningLab({ names: ['Orlac'] });
    expect(textOf((await other.get('/', operator)).text)).not.toContain('Compté à la main');
    await other.close();
  });

  it('are told on the page of the day, with who counted them', async () => {
    const { hospitals, last } = lab;
    const path = (day: number): string =>
      `/etablissements/${hospitals[0]?.finess ?? ''}/jours/${dayToIso(day as Day)}`;
    const page = textOf((await lab.get(path(last - 1), operator)).text);
    expect(page).toMatch(/Comptés à la main 83, par Mme Roux, .* ; jamais ajoutés aux passages/);
    expect(page).toContain('Conservés 0 passage');
    expect(textOf((await lab.get(path(last), operator)).text)).not.toContain('Comptés à la main');
  });
});

describe('days that are still to be caught up', () => {
  it('are counted and linked on the morning, the list and the page of each facility', async () => {
    for (const path of ['/', '/etablissements']) {
      const { text } = await lab.get(path, operator);
      expect(text).toContain('<a href="/rattrapage">3 jours à rattraper</a> (2\u00a0établissements)');
    }
    const [own, owing, whole] = lab.hospitals.map(({ finess }) => finess);
    const own2 = (await lab.get(`/etablissements/${own ?? ''}`, operator)).text;
    expect(own2).toContain(`<a href="/rattrapage#manque-${own ?? ''}">2 jours à rattraper</a>`);
    const hospital = viewerAs('hospital-admin', { facilities: new Set([owing ?? '']) });
    const seen = (await lab.get(`/en/etablissements/${owing ?? ''}`, hospital)).text;
    expect(seen).toContain(`<a href="/en/rattrapage#manque-${owing ?? ''}">1 day to catch up on</a>`);
    expect((await lab.get(`/etablissements/${whole ?? ''}`, operator)).text).not.toContain('rattraper');
    const page = (await lab.get('/rattrapage', operator)).text;
    expect(page).toContain(`<tr id="manque-${own ?? ''}">`);
    expect(page).toContain('3 jours manquent');
  });

  it('are none of a number that another one took over', async () => {
    const [own, , heir] = lab.hospitals.map(({ finess }) => finess);
    const before = (await lab.get('/rattrapage', operator)).text;
    expect(before).toContain(`manque-${own ?? ''}`);
    const alias = { old: own ?? '', to: heir ?? '', from: (lab.last - 1) as Day, addedAt: 1 };
    await lab.store.transaction((tx) => tx.facilities.putAlias(alias));
    expect((await lab.get('/rattrapage', operator)).text).not.toContain(`manque-${own ?? ''}`);
  });
});
