import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleLauncher } from '../../../installers/common/bundle.ts';
import type { TrialFile } from '../../../shared/release/choose-version.ts';
import { decide, layVersion, makeHome, writeTrial, type Home } from './homes.ts';

/** Says which version runs and what it was told, then ends as the test wants. */
const program = (version: string, end: string): string =>
  `console.log(JSON.stringify({ version: '${version}', config: process.env.VAGUEMESTRE_CONFIG, home: process.env.VAGUEMESTRE_HOME, rolledBack: process.env.VAGUEMESTRE_ROLLED_BACK })); ${end}`;
const fails = 'process.exit(1);';
const says = (healthy: boolean): string =>
  `const f = await import('node:fs'); const t = JSON.parse(f.readFileSync(process.env.TRIAL)); f.writeFileSync(process.env.TRIAL, JSON.stringify({ ...t, healthy: ${healthy} }));`;

/** 0.1.0 of the package, 0.2.0 decided; the launcher as it is shipped. */
async function labWith(newer: string): Promise<Home> {
  const home = makeHome();
  await bundleLauncher(home.home);
  layVersion(home.home, '0.1.0', { 'main.mjs': program('0.1.0', '') });
  layVersion(home.releases, '0.2.0', { 'main.mjs': program('0.2.0', newer) });
  decide(home, '0.2.0');
  return home;
}

interface Started {
  readonly version?: string;
  readonly config?: string;
  readonly home?: string;
  readonly rolledBack?: string;
}

function start({ home, trial }: Home, words: readonly string[] = ['run'], language = 'en_GB.UTF-8') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, 'launch.mjs'), ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LANG: language, TRIAL: trial },
  });
  const said = JSON.parse(stdout === '' ? '{}' : stdout) as Started;
  return { status, stderr, ...said };
}

const trialIn = ({ trial }: Home): TrialFile => JSON.parse(readFileSync(trial, 'utf8')) as TrialFile;

it('a version that fails three times is given up: the one before runs, is told so, and so is the log', async () => {
  const home = await labWith(fails);
  for (const count of [1, 2, 3]) {
    expect(start(home)).toMatchObject({ status: 1, version: '0.2.0' });
    expect(trialIn(home)).toMatchObject({ version: '0.2.0', starts: count, healthy: false });
  }
  for (const language of ['en_GB.UTF-8', 'fr_FR.UTF-8']) {
    const after = start(home, ['run'], language);
    expect(after).toMatchObject({ status: 0, version: '0.1.0', rolledBack: '0.2.0' });
    expect(after.stderr).toContain('release-rolled-back');
    expect(after.stderr).toContain(language.startsWith('fr') ? 'Rien n’est perdu' : 'Nothing is lost');
  }
  expect(trialIn(home).starts).toBe(3);
});

it('a version that says that it is well stays, whatever comes later', async () => {
  const home = await labWith(says(true));
  expect(start(home)).toMatchObject({ version: '0.2.0', home: home.home, config: home.config });
  expect(trialIn(home)).toMatchObject({ starts: 1, healthy: true });
  for (let count = 0; count < 4; count += 1) expect(start(home).version).toBe('0.2.0');
  expect(trialIn(home).starts).toBe(1);
});

it('asking it something is no trial', async () => {
  const home = await labWith(fails);
  for (let count = 0; count < 4; count += 1) expect(start(home, ['status']).version).toBe('0.2.0');
  expect(existsSync(home.trial)).toBe(false);
});

it('a start that cannot be counted is not made: the version before runs, which nothing has to end', async () => {
  const home = await labWith(fails);
  mkdirSync(`${home.trial}.tmp`);
  expect(start(home)).toMatchObject({ status: 0, version: '0.1.0', rolledBack: '0.2.0' });
  rmSync(`${home.trial}.tmp`, { recursive: true });
  expect(start(home).version).toBe('0.2.0');
});

it('a decision that comes to the same number with another release begins a new trial', async () => {
  const home = await labWith(fails);
  writeTrial(home, '0.2.0', { starts: 3 });
  expect(start(home).version).toBe('0.1.0');
  decide(home, '0.2.0', { sequence: 77_777 });
  expect(start(home).version).toBe('0.2.0');
  expect(trialIn(home)).toMatchObject({ starts: 1, sequence: 77_777 });
});

it('where no version is whole it says so and ends', async () => {
  const home = await labWith('');
  rmSync(join(home.home, 'versions'), { recursive: true });
  const { status, stderr } = start(home);
  expect(status).toBe(1);
  expect(stderr).toContain('nothing-to-run');
  writeFileSync(join(home.home, 'install.json'), '{');
  expect(start(home).status).toBe(1);
});
