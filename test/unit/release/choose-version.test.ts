import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  chooseVersion,
  trialStarts,
  type CurrentFile,
  type TrialFile,
} from '../../../shared/release/choose-version.ts';
import { decide, layVersion, makeHome, writeTrial, type Home } from './homes.ts';

interface Case {
  readonly name: string;
  readonly packaged?: readonly string[];
  readonly updates?: readonly string[];
  readonly current?: { readonly version: string } & Partial<CurrentFile>;
  readonly trial?: { readonly version: string } & Partial<TrialFile>;
  readonly then?: (home: Home) => void;
  /** "0.2.0 on trial", "0.1.0 instead of 0.2.0" */
  readonly runs: string;
}

const cases: readonly Case[] = [
  { name: 'the package’s version, when nothing was decided', runs: '0.1.0' },
  {
    name: 'the newest that a package has laid, by number',
    packaged: ['0.9.0', '0.10.0', '0.2.0'],
    runs: '0.10.0',
  },
  {
    name: 'the newest that is whole: one that a package has half laid is passed over',
    packaged: ['0.1.0', '0.2.0'],
    then: ({ home }) => writeFileSync(join(home, 'versions/0.2.0/main.mjs'), 'cut'),
    runs: '0.1.0',
  },
  {
    name: 'what lacks its release as well',
    packaged: ['0.1.0', '0.2.0'],
    then: ({ home }) => rmSync(join(home, 'versions/0.2.0/release.json')),
    runs: '0.1.0',
  },
  { name: 'an update that is only laid is not chosen', updates: ['0.2.0'], runs: '0.1.0' },
  {
    name: 'one that was decided is, on trial',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    runs: '0.2.0 on trial',
  },
  {
    name: 'for good once it is well',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    trial: { version: '0.2.0', starts: 2, healthy: true },
    runs: '0.2.0',
  },
  {
    name: 'however often it was started before',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    trial: { version: '0.2.0', starts: 9, healthy: true },
    runs: '0.2.0',
  },
  {
    name: 'while starts are left',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    trial: { version: '0.2.0', starts: trialStarts - 1 },
    runs: '0.2.0 on trial',
  },
  {
    name: 'the version before, after three starts without a sign of health',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    trial: { version: '0.2.0', starts: trialStarts },
    runs: '0.1.0 instead of 0.2.0',
  },
  {
    name: 'the trial of another version says nothing of this one',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    trial: { version: '0.1.9', starts: 3 },
    runs: '0.2.0 on trial',
  },
  {
    name: 'nor that of another release of the same number',
    updates: ['0.2.0'],
    current: { version: '0.2.0', sequence: 999_999 },
    trial: { version: '0.2.0', starts: 3 },
    runs: '0.2.0 on trial',
  },
  {
    name: 'what is decided and not whole is not run',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    then: ({ releases }) => writeFileSync(join(releases, 'versions/0.2.0/main.mjs'), 'cut'),
    runs: '0.1.0 instead of 0.2.0',
  },
  {
    name: 'the version before an update may be an update itself',
    updates: ['0.2.0', '0.3.0'],
    current: { version: '0.3.0', previous: '0.2.0' },
    trial: { version: '0.3.0', starts: 3 },
    runs: '0.2.0 instead of 0.3.0',
  },
  {
    name: 'the package’s, when the version before is gone',
    updates: ['0.3.0'],
    current: { version: '0.3.0', previous: '0.2.0' },
    trial: { version: '0.3.0', starts: 3 },
    runs: '0.1.0 instead of 0.3.0',
  },
  {
    name: 'the package rules again once it has changed, upwards',
    packaged: ['0.3.0'],
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    runs: '0.3.0',
  },
  {
    name: 'or downwards',
    packaged: ['0.0.9'],
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    runs: '0.0.9',
  },
  {
    name: 'a decision that is half written is none',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    then: ({ releases }) => writeFileSync(join(releases, 'current.json'), '{"version":"0.2'),
    runs: '0.1.0',
  },
  {
    name: 'a trial that is half written has not begun',
    updates: ['0.2.0'],
    current: { version: '0.2.0' },
    then: ({ trial }) => writeFileSync(trial, '{"ver'),
    runs: '0.2.0 on trial',
  },
  { name: 'nothing, where no version is whole', packaged: [], updates: ['0.2.0'], runs: 'nothing' },
];

it.each(cases)('what runs: $name', ({ packaged = ['0.1.0'], updates = [], current, trial, then, runs }) => {
  const home = makeHome();
  for (const version of packaged) layVersion(home.home, version);
  for (const version of updates) layVersion(home.releases, version);
  if (current !== undefined) decide(home, current.version, current);
  if (trial !== undefined) writeTrial(home, trial.version, trial);
  then?.(home);
  const chosen = chooseVersion(home.home, home.install);
  const found =
    chosen === undefined
      ? 'nothing'
      : `${chosen.version}${chosen.onTrial ? ' on trial' : ''}${chosen.insteadOf === undefined ? '' : ` instead of ${chosen.insteadOf}`}`;
  expect(found).toBe(runs);
});

it('an installation that only its package changes has no updates', () => {
  const home = makeHome({ releases: null, trial: null });
  layVersion(home.home, '0.1.0');
  layVersion(home.releases, '0.2.0');
  decide(home, '0.2.0');
  expect(chooseVersion(home.home, home.install)?.version).toBe('0.1.0');
});
