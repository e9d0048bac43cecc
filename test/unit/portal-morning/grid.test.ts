import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { createMorningLab, usualVisits, type MorningLab } from './morning-lab.ts';
import { between, textOf } from './page-text.ts';

const operator = viewerAs('regional-operator');
const names = Array.from({ length: 24 }, (_none, at) => `Centre hospitalier de la ville numéro ${at + 1}`);

let lab: MorningLab;
let page: string;
let table: string;
beforeAll(async () => {
  lab = await createMorningLab({
    names,
    // The night of 24 to 25 October has 25 hours.
    last: '2026-11-19',
    nights: {
      ...{ 1: { 5: 'partial' }, 2: { 21: 'silent', 10: 'low', 7: 'late' }, 3: { 8: 'late', 0: 'late' } },
      ...{ 4: { 0: 'partial' }, 6: { 1: 'silent', 0: 'silent' }, 10: { 17: 'partial', 0: 'held' } },
      ...{ 12: { 0: 'dead' }, 13: { 1: 'low', 0: 'low' }, 14: { 10: 'silent', 9: 'late' } },
      ...{ 16: { 25: 'late', 24: 'late', 23: 'late', 22: 'late', 17: 'late', 9: 'late' } },
      ...{ 17: { 25: 'low', 11: 'late' }, 22: { 14: 'silent', 13: 'late' } },
    },
  });
  page = (await lab.get('/', operator)).text;
  table = between(page, '<table', '</table>');
}, 60_000);
afterAll(() => lab.close());

const rowOf = (name: string): string =>
  table.split('<tr>').find((each) => each.includes(`>${name}</a>`)) ?? '';

describe('the grid of facilities and days', () => {
  it('is a table whose rows and columns have heads that are links', () => {
    expect(table.match(/<th scope="row"><a href="\/etablissements\/\d{9}">/g)).toHaveLength(24);
    expect(table.match(/<th scope="col"[^>]*><a href="\/etablissements\?jour=/g)).toHaveLength(30);
    expect(table).toContain('<caption class="sr">');
  });

  it('gives each row a cell for each day, so that arrows stay in their column', () => {
    for (const name of names) expect(rowOf(name).match(/<td class="c[ "]/g)).toHaveLength(30);
  });

  it('makes of each exception a link to its day, with a mark and words', () => {
    const row = rowOf(names[2] ?? '');
    const links = [...row.matchAll(/<a href="([^"]+\/jours\/[^"]+)">(.*?)<\/a>/g)];
    expect(links.map(([, href, inner]) => [href?.slice(-10), textOf(inner ?? '')])).toEqual([
      ['2026-10-29', 'silence'],
      ['2026-11-09', expect.stringMatching(/^anormalement bas \d+ sur \d+$/)],
      ['2026-11-12', `tardif ${usualVisits} sur ${usualVisits}`],
    ]);
    for (const [, , inner] of links) expect(inner).toMatch(/<use href="#[slt]"/);
  });

  it('has no link where all is as usual', () => {
    expect(rowOf(names[0] ?? '').match(/<a /g)).toHaveLength(1);
    expect(rowOf(names[0] ?? '')).toContain(`<td class="c h10">${usualVisits}`);
  });

  it('labels the day of 25 hours, the holidays, the months and the weekends', () => {
    const head = between(table, '<thead>', '</thead>');
    expect(head).toContain('title="dimanche 25 octobre, journée de 25 heures">25 h<br>D<br>25</a>');
    expect(head).toContain('title="mercredi 11 novembre, jour férié">férié<br>M<br>11</a>');
    expect(head).toContain('>oct.<br>M<br>21</a>');
    expect(head).toContain('>nov.<br>D<br>1</a>');
    expect(table.match(/we-c/g)).toHaveLength(8);
  });

  it('ends each row with what came of what was expected, and the share of whole days', () => {
    expect(textOf(rowOf(names[6] ?? ''))).toMatch(/— \/ 100 93 %$/);
    expect(textOf(rowOf(names[0] ?? ''))).toMatch(/100 \/ 100 100 %$/);
  });

  it('shows what is asked for, and lets it be asked for by an address', async () => {
    const few = (await lab.get('/?etat=a-traiter&jours=7', operator)).text;
    expect(few.match(/<th scope="row">/g)?.length).toBeLessThan(12);
    expect(few.match(/<th scope="col"[^>]*><a/g)).toHaveLength(7);
    expect(few).toContain('href="/?etat=a-traiter&amp;jours=30"');
    const figures = (await lab.get('/en?etat=chiffres', operator)).text;
    expect(figures).toContain('<table class="grid nums"');
    expect(figures).toContain('href="/en/etablissements/');
    expect((await lab.get('/?jours=12&etat=x', operator)).text).toContain('>30 jours, 24 établissements<');
  });

  it('reaches back ninety days when asked', async () => {
    const { text } = await lab.get('/?jours=90', operator);
    expect(text.match(/<th scope="col"[^>]*><a/g)).toHaveLength(90);
  });

  it('stays light: 24 facilities and 30 days', async () => {
    const style = await lab.get('/assets/portal.css');
    const sizes = { page: Buffer.byteLength(page), style: Buffer.byteLength(style.text) };
    expect(sizes.page).toBeLessThanOrEqual(40_000);
    expect(page).not.toMatch(/ style=|<script>|https?:\/\//);
  });
});

describe('the spring night of 23 hours', () => {
  it('is labelled too', async () => {
    const spring = await createMorningLab({ names: ['Ancy'], last: '2026-04-02' });
    const { text } = await spring.get('/en', operator);
    expect(text).toContain('title="Sunday, 29 March, a day of 23 hours">23 h<br>S<br>29</a>');
    await spring.close();
  });
});

describe('a region of many', () => {
  it('shows two weeks, says so, and a month of one territory', async () => {
    const many = await createMorningLab({
      names: Array.from({ length: 45 }, (_none, at) => `H${at}`),
      history: 2,
    });
    const { text } = await many.get('/', operator);
    expect(text.match(/<th scope="col"[^>]*><a/g)).toHaveLength(14);
    expect(textOf(text)).toContain('Plus de 40 établissements : 14 jours affichés.');
    await many.close();
  }, 30_000);
});
