import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { hospitals } from '../../installers/sandbox/week.ts';
import type { Visit } from '../../installers/sandbox/visits.ts';
import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { eventually } from '../fault/live.ts';
import { createTestBrowser, signInOverHttp, type TestBrowser } from '../support/portal/sign-in.ts';

/** `npm start`, as somebody who has never seen it meets its report: in both languages, equal to what was made up. */
const main = resolve(import.meta.dirname, '../../installers/sandbox/main.ts');
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
});

function start(): () => string {
  const out = mkdtempSync(join(tmpdir(), 'vaguemestre-report-'));
  const child = spawn(process.execPath, [main, '--out', out], {
    env: { ...process.env, LANG: 'en_GB.UTF-8', LC_ALL: 'en_GB.UTF-8', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((settle) => child.on('close', settle));
  ends.push(async () => {
    child.kill('SIGINT');
    await ended;
    rmSync(out, { recursive: true, force: true });
  });
  return () => said;
}

async function signIn(url: string, login: string, password: string): Promise<TestBrowser> {
  const browser = createTestBrowser(url);
  const [name = '', value = ''] = (await signInOverHttp(url, login, password)).split('=');
  browser.setCookie(name, value);
  return browser;
}

const days = (from: Day): readonly Day[] =>
  Array.from({ length: 7 }, (_none, index) => (from + index) as Day);
const seeded = (from: Day): readonly Visit[] =>
  hospitals.flatMap((hospital) => days(from).flatMap((day) => hospital.visitsOn(day)));

it('makes the report of its last whole week by itself, in both languages, of the visits that it made up', async () => {
  const text = start();
  await eventually('the week is over', () => text().includes('The region is running'), 200);
  const [, url = ''] = /report of the week: (http:\/\/[^/]+)\/en\/rapports/.exec(text()) ?? [];
  const [, login = '', password = ''] = /login (\S+), password (\S+) /.exec(text()) ?? [];
  expect([url, login, password]).not.toContain('');
  const browser = await signIn(url, login, password);

  const list = (await browser.get('/en/rapports')).text;
  const ids = [...new Set([...list.matchAll(/\/rapports\/(\d+)"/g)].map(([, id = '']) => id))];
  const sheets = await Promise.all(
    ids.map(async (id) => ({ id, ...(await browser.get(`/rapports/${id}`)) })),
  );
  expect(sheets.map(({ status }) => status)).toEqual([200, 200]);
  const languages = sheets.map(({ text: page }) => /<html lang="(\w+)"/.exec(page)?.[1]);
  expect([...languages].sort()).toEqual(['en', 'fr']);

  for (const [index, { id, text: page }] of sheets.entries()) {
    const isFrench = languages[index] === 'fr';
    // Nobody may take it for the activity of a place that exists.
    expect(page).toContain('(données inventées, invented data)');
    const csv = (await browser.get(`/rapports/${id}/fichier/csv`)).text.replace('\ufeff', '');
    const rows = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(';'));
    const cell = (finess: string, period: RegExp, measure: string, name = ''): string | undefined =>
      rows.find(
        (row) => row[1] === finess && period.test(row[2] ?? '') && row[3] === measure && row[4] === name,
      )?.[5];
    const [visits, hour] = isFrench ? ['Passages', 'Heure d’entrée'] : ['Visits', 'Hour of arrival'];
    const daysTold = rows.flatMap(([scope, finess, period = '']) =>
      scope !== undefined && finess === '' && /^\d{4}-\d\d-\d\d$/.test(period) ? [period] : [],
    );
    const from = dayFromIso([...daysTold].sort()[0] ?? '') as Day;
    // A whole week, from Monday to Sunday, that is over.
    expect([(from + 3) % 7, from + 7 <= dayOfInstant(Date.now())]).toEqual([0, true]);

    const all = seeded(from);
    expect(all.length).toBeGreaterThan(1000);
    expect(cell('', /W\d\d$/, visits)).toBe(String(all.length));
    for (let at = 0; at < 24; at += 1)
      expect([at, cell('', /W\d\d$/, hour, String(at))]).toEqual([
        at,
        String(all.filter(({ arrivedMinute }) => Math.floor(arrivedMinute / 60) % 24 === at).length),
      ]);
    const sexes = isFrench ? (['Sexe', 'hommes', 'femmes'] as const) : (['Sex', 'men', 'women'] as const);
    expect([cell('', /W/, sexes[0], sexes[1]), cell('', /W/, sexes[0], sexes[2])]).toEqual(
      ['M', 'F'].map((sex) => String(all.filter((visit) => visit.sex === sex).length)),
    );
    for (const hospital of hospitals)
      for (const day of days(from))
        expect([hospital.name, day, cell(hospital.finess, new RegExp(dayToIso(day)), visits)]).toEqual([
          ...[hospital.name, day, String(hospital.visitsOn(day).length)],
        ]);
  }
}, 260_000);
