import { hash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deletionRecord, firstPrev, recordName } from '../../receiver/retention/deletion-record.ts';
import { verifyDeletions } from '../../receiver/retention/verify-deletions.ts';
import { instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import { facility } from '../unit/receiver/lab.ts';
import { day, openKept, visit, type Kept } from '../unit/retention/kit.ts';

/** The purge of a real process, killed at each of its steps: the next one ends it, and what is signed is what went. */
let kept: Kept;
/** The process looks at the real time. */
const longAgo = -4000;
const days = 120;
const perDay = 40;
beforeEach(async () => {
  kept = await openKept();
  const { store } = kept.lab;
  const scope = { facility, feed: 'ed-visits', part: '0' };
  await store.transaction(async (tx) => {
    const agent = kept.ask('select id from agent')[0]?.['id'] as string;
    await tx.records.putPart({ ...scope, agent, source: 'main' });
    for (let n = longAgo; n < longAgo + days; n += 1) {
      const records = Array.from({ length: perDay }, (_, at) => {
        const name = Buffer.from(hash('sha256', `${n} ${at}`, 'hex').slice(0, 32), 'hex');
        const place = {
          day: day(n),
          key: name,
          rank: 0,
          visit: null,
          hash: name,
          at: instantOf(day(n), 0).at,
        };
        return {
          ...place,
          extract: 1,
          reception: 1,
          export: 'e',
          line: 1,
          record: at,
          body: visit(at % 60, n),
        };
      });
      await tx.records.insert(scope, records);
      await tx.records.putDay(scope, { day: day(n), count: perDay, mark: null, sum: [0, 0, 0, 0] });
    }
  });
  mkdirSync(join(kept.lab.folder, 'extractions'));
  for (const name of ['a', 'b', 'c']) {
    const file = join(kept.lab.folder, 'extractions', `${name}.csv`);
    writeFileSync(file, 'x');
    utimesSync(file, 1, 1);
  }
  writeFileSync(
    join(kept.lab.folder, 'receiver.yaml'),
    `state: ${kept.lab.folder}\nregion: Test\nretention: { extractionFolder: extractions }\n`,
  );
});
afterEach(() => kept.close());

function purgeProcess(name: string, crashAt?: string, json = true) {
  return spawnSync(
    process.execPath,
    [
      'receiver/main.ts',
      'purge',
      '--class',
      name,
      ...(json ? ['--json'] : []),
      '--config',
      join(kept.lab.folder, 'receiver.yaml'),
    ],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        LANG: 'fr_FR.UTF-8',
        LANGUAGE: '',
        LC_ALL: '',
        LC_MESSAGES: '',
        ...(crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: crashAt }),
      },
    },
  );
}

const left = (): number => Number(kept.ask('select count(*) n from record')[0]?.['n']);
const signed = () =>
  kept
    .ask('select text from deletion order by seq')
    .map(({ text }) => deletionRecord.parse(JSON.parse(String(text))));

/** As whoever held the list would compute it. */
function digestOfAll(): string {
  const names = kept
    .ask('select day, part, hex(key) as key, rank from record order by day, part, key, rank')
    .map((row) =>
      recordName({ facility, feed: 'ed-visits' }, row['day'] as Day, {
        ...{
          part: String(row['part']),
          key: Buffer.from(String(row['key']), 'hex'),
          rank: Number(row['rank']),
        },
      }),
    );
  return names.reduce((digest, name) => hash('sha256', `${digest}\n${name}`, 'hex'), firstPrev);
}

it.each([
  ['before-purge-commit', 0],
  ['before-purge-commit:2', 2000],
  ['after-purge-piece:2', 4000],
  ['before-purge-record', days * perDay],
])(
  'records: killed at %s, what went is told once, neither more nor less',
  async (crashAt, gone) => {
    const digest = digestOfAll();
    expect(purgeProcess('records', crashAt).signal).toBe('SIGKILL');
    expect(left()).toBe(days * perDay - gone);
    expect(signed()).toEqual([]);
    const [ended, again] = [
      purgeProcess('records', undefined, false),
      purgeProcess('records', undefined, false),
    ];
    expect([ended.status, again.status]).toEqual([0, 0]);
    // A person is told that it had stopped; once.
    expect(ended.stdout.includes('interrompue')).toBe(gone > 0);
    expect(again.stdout).not.toContain('interrompue');
    expect(left()).toBe(0);
    expect(signed()).toMatchObject([{ class: 'records', counts: { records: days * perDay, days }, digest }]);
    expect(await verifyDeletions(kept.lab.store, kept.lab.verifier)).toEqual({ records: 1, broken: null });
    expect(kept.ask(`select value from counter where name = 'record'`)).toEqual([{ value: 0 }]);
  },
  60_000,
);

it('files: killed between two of them, all are told and all are gone', () => {
  const folder = join(kept.lab.folder, 'extractions');
  expect(purgeProcess('extractions', 'file-purged:2').signal).toBe('SIGKILL');
  expect(readdirSync(folder)).toEqual(['c.csv']);
  expect(purgeProcess('extractions').status).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(true);
  expect(signed()).toMatchObject([{ class: 'extractions', counts: { files: 3 } }]);
});
