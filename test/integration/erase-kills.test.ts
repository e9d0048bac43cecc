import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { ask, count, eventually, french, peek, visitsOf } from '../fault/live.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';

/** `erase` as a process of its own beside the one that serves, killed at each of its steps and run again. */
const main = finess(822);
const points = [
  'file-purged:2',
  'before-erasure',
  'before-erasure-commit',
  'after-erasure-commit',
  'before-rewrite-told',
] as const;
/** One visit to erase for each point, at its own hour. */
const arrival = (index: number): string => `1${index}:47`;
const canary = (index: number): string => `CANARIMEURT${index}X`;
const secrets: readonly Visit[] = points.map((_point, index) => ({
  ...{ entree: `${french(5)} ${arrival(index)}`, naissance: '29/02/1904', sexe: 'F' },
  ...{ cp: '67000', commune: 'STRASBOURG', motif: canary(index) },
}));
const others = visitsOf(5, 9, () => ({ sexe: 'M' }));

let base: string;
let region: Region;
let agent: Agent;
let receiver: Child;
const database = (): string => join(region.receiverState, 'receiver.db');
const extractions = (): string => join(base, 'extractions');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-erase-kills-'));
  for (const name of ['in', 'extractions']) mkdirSync(join(base, name));
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: main, name: 'CH' }]);
  const settings = JSON.parse(readFileSync(region.receiverConfig, 'utf8')) as object;
  const retention = { extractionFolder: extractions() };
  writeFileSync(region.receiverConfig, JSON.stringify({ ...settings, retention }));
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'ch', facilities: [main], sourceFolder: join(base, 'in') },
    ...{ ready: 'now', after: 'archive' },
  });
  const window = { extract: `${french(7)} 01:00:00`, from: french(5), to: french(5) };
  writeFileSync(
    join(base, 'in', 'all.xml'),
    rpuXml({ finess: main, ...window, visits: [...others, ...secrets] }),
  );
  await agent.once();
  await settled();
}, 90_000);

afterAll(async () => {
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

const settled = () =>
  eventually(
    'delivered',
    () => count(database(), `select count(*) n from dispatch where state in ('waiting', 'sending')`) === 0,
  );

function eraseProcess(index: number, crashAt?: string) {
  return spawnSync(
    process.execPath,
    [
      ...['receiver/main.ts', 'erase', '--facility', main, '--arrived', `2026-01-05 ${arrival(index)}`],
      ...['--reason', 'demande', '--requested-by', 'DPO', '--yes', '--json'],
      ...['--config', region.receiverConfig],
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, ...(crashAt === undefined ? {} : { VAGUEMESTRE_CRASH_AT: crashAt }) },
    },
  );
}

const number = (sql: string): number => count(database(), sql);
const erasures = (): number => number(`select count(*) n from deletion where class = 'erasure'`);
const told = (): number => number(`select count(*) n from audit where action = 'visit.erase'`);

/** All that is held but for these visits, as it is held. */
function rest(): unknown {
  return peek(database(), (db) =>
    db
      .prepare('select * from record where body not like ? order by day, part, key, rank')
      .all('%CANARIMEURT%'),
  );
}

const shows = (index: number): readonly string[] =>
  readdirSync(region.receiverState)
    .filter((name) => name.startsWith('receiver.db'))
    .filter((name) => readFileSync(join(region.receiverState, name)).includes(canary(index)));

it.each(points.map((point, index) => ({ point, index })))(
  'killed at $point, the visit is erased wholly or not at all, once, and nothing else',
  async ({ point, index }) => {
    for (const name of ['a', 'b', 'c']) writeFileSync(join(extractions(), `${name}.csv`), 'x');
    const [before, signed, written] = [rest(), erasures(), told()];
    const isAfter = index >= 3;

    expect(eraseProcess(index, point)).toMatchObject({ signal: 'SIGKILL' });
    expect(erasures() - signed).toBe(isAfter ? 1 : 0);
    expect(told() - written).toBe(isAfter ? 1 : 0);
    expect(number(`select count(*) n from record where body like '%${canary(index)}%'`)).toBe(
      isAfter ? 0 : 1,
    );
    expect(rest()).toEqual(before);
    expect(await region.verify()).toMatchObject({ code: 0 });
    await settled();

    const again = eraseProcess(index);
    expect(again).toMatchObject({ status: 0 });
    await settled();
    expect(erasures() - signed).toBe(1);
    expect(told() - written).toBe(1);
    expect(rest()).toEqual(before);
    expect(shows(index)).toEqual([]);
    expect(readdirSync(extractions())).toEqual([]);
    const left = others.length + points.length - index - 1;
    expect(number('select count(*) n from record')).toBe(left);
    expect(number(`select value n from counter where name = 'record'`)).toBe(left);
    expect(await region.verify()).toMatchObject({ code: 0 });
    // Nothing is left to do.
    expect(JSON.parse(eraseProcess(index).stdout)).toMatchObject({ error: { code: 'erase-visit-unknown' } });
  },
  60_000,
);

it('what was interrupted left the hospital’s own ledger whole', async () => {
  expect((await ask(agent, 'verify')).code).toBe(0);
});
