import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instantOf } from '../../shared/runtime/paris-time.ts';
import { facility } from '../unit/receiver/lab.ts';
import { day, openKept, visit, type Kept } from '../unit/retention/kit.ts';

/** `extract` as real processes over a real region: asked, made, killed half-way, fetched, gone. */
let kept: Kept;
const days = [1, 2, 3];
beforeEach(async () => {
  kept = await openKept();
  const scope = { facility, feed: 'ed-visits', part: '0' };
  await kept.lab.store.transaction(async (tx) => {
    const agent = kept.ask('select id from agent')[0]?.['id'] as string;
    await tx.records.putPart({ ...scope, agent, source: 'main' });
    for (const n of days) {
      const records = [0, 1].map((at) => {
        const key = Buffer.from(hash('sha256', `${n} ${at}`, 'hex').slice(0, 32), 'hex');
        const place = {
          day: day(n),
          key,
          rank: 0,
          visit: null,
          hash: key,
          at: instantOf(day(n), (600 + at) * 60_000).at,
        };
        const body = visit(at, n, { principalDiagnosis: '=CMD' }).replace('"F"', at === 0 ? '"F"' : '"M"');
        return { ...place, extract: 1, reception: 1, export: 'e', line: 1, record: at, body };
      });
      await tx.records.insert(scope, records);
      await tx.records.putDay(scope, { day: day(n), count: 2, mark: null, sum: [0, 0, 0, 0] });
    }
  });
  writeFileSync(join(kept.lab.folder, 'trust-bundle.jws'), kept.lab.bundle.jws);
  writeFileSync(
    join(kept.lab.folder, 'receiver.yaml'),
    `state: ${kept.lab.folder}\nregion: Test\nretention: {}\n`,
  );
});
afterEach(() => kept.close());

function receiver(words: readonly string[], crashAt?: string) {
  const config = ['--json', '--config', join(kept.lab.folder, 'receiver.yaml')];
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['receiver/main.ts', ...words, ...config],
    {
      encoding: 'utf8',
      env: {
        ...{ ...process.env, LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '' },
        ...(crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: crashAt }),
      },
    },
  );
  const document = (stdout === '' ? {} : JSON.parse(stdout)) as Record<string, unknown>;
  return { status, signal, document, stderr };
}

const asking = [
  ...['extract', 'ask', '--from', '2025-01-03', '--until', '2025-01-05', '--purpose', 'Bilan de janvier'],
  ...['--fields', 'facility,arrival_day,sex', '--sex', 'F'],
];
const whole = [
  '\ufefffacility;arrival_day;sex',
  ...['2025-01-03', '2025-01-04', '2025-01-05'].map((iso) => `${facility};${iso};F`),
  '',
].join('\r\n');
const files = (): readonly string[] => readdirSync(join(kept.lab.folder, 'extractions')).sort();
const states = (): readonly unknown[] =>
  kept.ask('select state from extraction order by seq').map(({ state }) => state);

describe('extract', () => {
  it('asks, makes and writes the file in one go where nobody serves', async () => {
    const out = join(kept.lab.folder, 'out');
    const { status, document } = receiver([...asking, '--to', out]);
    expect(status).toBe(0);
    expect(document).toMatchObject({ state: 'ready', rows: 3, hidden: 0, fetched: 0 });
    expect(readdirSync(out)).toHaveLength(1);
    expect(readFileSync(String(document['file']), 'utf8')).toBe(whole);
    const audit = await kept.lab.store.read((tx) => tx.audit.walk(0, 10));
    expect(audit.map(({ action }) => action)).toEqual(['extraction.asked', 'extraction.fetched']);
  });

  it('takes a request written in a file, and names every fault of one that is wrong', () => {
    const path = join(kept.lab.folder, 'ask.yaml');
    const content = { kind: 'rows', fields: ['facility', 'arrival_day', 'sex'], sex: ['F'] };
    const good = { from: '2025-01-03', to: '2025-01-05', purpose: 'Bilan de janvier', form: 'xlsx', content };
    writeFileSync(path, JSON.stringify(good));
    const { document } = receiver(['extract', 'ask', path]);
    expect(document).toMatchObject({ state: 'waiting', parts: 3 });
    writeFileSync(
      path,
      JSON.stringify({ ...good, from: '2025-13-01', purpose: 'x', colour: 'red' }, null, 1),
    );
    const { status, stderr } = receiver(['extract', 'ask', path]);
    expect(status).toBe(1);
    expect(stderr).toContain('extraction-request-invalid');
    for (const named of ['from', 'purpose', 'colour']) expect(stderr).toContain(named);
    expect(states()).toEqual(['waiting']);
  });

  it.each([
    [
      'a column outside what may leave',
      [...asking.slice(0, 8), '--fields', 'visitId'],
      'extraction-field-refused',
    ],
    ['rows and counts at once', [...asking, '--split', 'age'], 'command-invalid'],
    [
      'no purpose',
      ['extract', 'ask', '--from', '2025-01-03', '--until', '2025-01-05', '--fields', 'sex'],
      'extraction-request-invalid',
    ],
    ['an age in words', [...asking, '--age', 'old'], 'command-invalid'],
    ['a split that is none', [...asking.slice(0, 8), '--split', 'hair'], 'extraction-split-unknown'],
    ['one that is unknown', ['extract', 'show', 'nothing'], 'extraction-unknown'],
    ['the file of one that is unknown', ['extract', 'get', 'nothing', '--to', '.'], 'extraction-unknown'],
  ])('refuses %s, and keeps nothing', (_name, words, code) => {
    const { status, stderr } = receiver(words);
    expect([status, stderr.includes(`[${code}]`)]).toEqual([1, true]);
    expect(states()).toEqual([]);
  });

  it('keeps what is ready when the folder it should go to cannot be written', () => {
    writeFileSync(join(kept.lab.folder, 'flat'), '');
    const { status, stderr } = receiver([...asking, '--to', join(kept.lab.folder, 'flat', 'out')]);
    expect([status, stderr.includes('[extraction-target-unwritable]')]).toEqual([1, true]);
    expect(states()).toEqual(['ready']);
  });
});

it.each(['extraction-portion:2', 'extraction-written', 'before-extraction-ready'])(
  'killed at %s, it is made anew: the file is whole, and nothing else is left',
  (crashAt) => {
    const { document } = receiver(asking);
    const id = String(document['id']);
    expect(receiver(['extract', 'make'], crashAt).signal).toBe('SIGKILL');
    expect(states()).toEqual(['running']);
    expect(receiver(['extract', 'get', id, '--to', '.']).stderr).toContain('[extraction-not-ready]');
    const made = receiver(['extract', 'make']);
    expect([made.status, made.document['made']]).toEqual([0, 1]);
    expect(files()).toEqual([`${id}.csv`]);
    expect(readFileSync(join(kept.lab.folder, 'extractions', `${id}.csv`), 'utf8')).toBe(whole);
    expect(receiver(['extract', 'make']).document['made']).toBe(0);
  },
  60_000,
);

it('a purge takes the file in a deletion that the region signs, and the extraction has expired', () => {
  const { document } = receiver(asking);
  const id = String(document['id']);
  receiver(['extract', 'make']);
  utimesSync(join(kept.lab.folder, 'extractions', `${id}.csv`), 1, 1);
  expect(receiver(['purge', '--class', 'extractions']).document).toMatchObject({
    purged: [{ class: 'extractions', record: { counts: { files: 1 } } }],
  });
  expect(receiver(['extract', 'show', id]).document).toMatchObject({ state: 'expired' });
  expect(receiver(['extract', 'get', id, '--to', '.']).stderr).toContain('[extraction-expired]');
});

it('an erasure takes every file, and what waits is made of what is held then', () => {
  const [ready, waiting] = [receiver(asking), receiver(asking)].map(({ document }) => String(document['id']));
  receiver(['extract', 'make']);
  const again = String(receiver(asking).document['id']);
  const { status, document, stderr } = receiver([
    ...['erase', '--facility', facility, '--arrived', '2025-01-04 10:00', '--reason', 'demande du patient'],
    ...['--requested-by', 'DPO', '--yes'],
  ]);
  expect([status, document['extractions'], stderr]).toEqual([0, 2, '']);
  expect(files()).toEqual([]);
  for (const id of [ready, waiting])
    expect(receiver(['extract', 'show', id ?? '']).document).toMatchObject({ state: 'expired' });
  receiver(['extract', 'make']);
  expect(files()).toEqual([`${again}.csv`]);
  const lines = readFileSync(join(kept.lab.folder, 'extractions', `${again}.csv`), 'utf8').split('\r\n');
  expect(lines.filter((line) => line.includes('2025-01-04'))).toEqual([]);
  expect(lines).toHaveLength(4);
}, 60_000);

it('a folder of the settings takes the place of the one in the state folder', () => {
  const folder = join(kept.lab.folder, 'elsewhere');
  mkdirSync(folder);
  const settings = `state: ${kept.lab.folder}\nregion: Test\nretention: { extractionFolder: ${folder} }\n`;
  writeFileSync(join(kept.lab.folder, 'receiver.yaml'), settings);
  receiver(asking);
  receiver(['extract', 'make']);
  expect(readdirSync(folder)).toHaveLength(1);
});
