import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeStateLock } from '../../../agent/health/state-lock.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createOutbox } from '../../../agent/outbox/outbox.ts';
import { openVault } from '../../../agent/assembly/vault.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { envelopeOf, exportRow, fakeClock, feed, ready } from '../agent/support.ts';
import { decide, layVersion, makeHome, writeTrial, type Home } from '../release/homes.ts';

const ids = ['one', 'two'].map((name) => `0192b7a0-0000-7000-8000-${name === 'one' ? '1' : '2'}00000000000`);

/** An installed agent with all that it leaves, and so many envelopes that wait. */
async function used(waiting: number): Promise<Home & { readonly source: string }> {
  const home = makeHome();
  const database = openAgentDatabase(join(home.state, 'agent.db'));
  const outbox = createOutbox({ database, clock: fakeClock() });
  let prev = genesis;
  const exports = ids.slice(0, waiting).map((id, index) => {
    const envelope = envelopeOf(id, index + 1, prev);
    prev = envelope.digest;
    return ready(exportRow(id), [envelope]);
  });
  if (exports.length > 0) outbox.commit(exports, new Map([[feed, { epoch: 1, seq: waiting, digest: prev }]]));
  database.close();
  takeStateLock(home.state, systemClock)();
  await openVault(home.state, systemRandom);
  layVersion(home.home, '0.1.0');
  layVersion(home.releases, '0.2.0');
  decide(home, '0.2.0');
  writeTrial(home, '0.2.0', { healthy: true });
  // Somebody has put a source's folder where the agent keeps its own.
  const source = join(home.state, 'exports');
  mkdirSync(source);
  writeFileSync(join(source, 'rpu.xml'), 'a day of visits');
  writeFileSync(
    home.config,
    JSON.stringify({
      state: home.state,
      sources: [{ name: 'urgences', folder: source, mappings: ['rpu-2006'] }],
    }),
  );
  return { ...home, source };
}

const purge = ({ home, config }: Pick<Home, 'home' | 'config'>, ...words: readonly string[]) =>
  onCommandLine(['purge', '--config', config, ...words], { language: 'en', env: { VAGUEMESTRE_HOME: home } });

describe('purge --check', () => {
  it('is a number: what the region has not acknowledged', async () => {
    for (const count of [0, 2]) {
      const { code, out } = await purge(await used(count), '--check');
      expect([code, out]).toEqual([0, `${count}\n`]);
    }
    expect((await purge(await used(1), '--check', '--json')).out).toBe('{"unsent":1}\n');
  });

  it('is 0 where there is no state', async () => {
    const home = makeHome();
    expect((await purge(home, '--check')).out).toBe('0\n');
    expect((await onCommandLine(['purge', '--check', '--config', home.config])).out).toBe('0\n');
  });
});

describe('purge', () => {
  const isUntouched = (home: Home): boolean =>
    [home.config, home.releases, join(home.state, 'agent.db'), join(home.state, 'identity')].every(
      existsSync,
    );

  it('takes away state, updates and configuration, and nothing that is not the agent’s', async () => {
    const home = await used(0);
    const { code, out } = await purge(home, '--yes');
    expect(code).toBe(0);
    expect(
      [
        home.config,
        home.releases,
        home.trial,
        join(home.state, 'agent.db'),
        join(home.state, 'identity'),
      ].filter(existsSync),
    ).toEqual([]);
    expect(readFileSync(join(home.source, 'rpu.xml'), 'utf8')).toBe('a day of visits');
    expect(out).toContain(`left     ${home.source}`);
    expect(existsSync(home.home)).toBe(true);
    expect((await purge(home, '--yes')).code).toBe(0);
  });

  it('is refused while something waits for the region, unless it is to be lost', async () => {
    const home = await used(2);
    const refused = await purge(home, '--yes');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('purge-unsent: 2 envelopes');
    expect(isUntouched(home)).toBe(true);
    expect((await purge(home, '--yes', '--lose-unsent')).code).toBe(0);
    expect(existsSync(home.releases)).toBe(false);
  });

  it('is refused while the agent works on the state', async () => {
    const home = await used(0);
    const release = takeStateLock(home.state, systemClock);
    expect((await purge(home, '--yes')).err).toContain('state-locked');
    expect(isUntouched(home)).toBe(true);
    release();
  });

  it('asks first: without an answer it is exit code 2, and no is no', async () => {
    const home = await used(0);
    expect((await purge(home)).code).toBe(2);
    const no = await onCommandLine(['purge', '--config', home.config], {
      ...{ language: 'en', terminal: true, stdin: 'n\n' },
      env: { VAGUEMESTRE_HOME: home.home },
    });
    expect(no.code).toBe(1);
    expect(isUntouched(home)).toBe(true);
  });

  it('does not guess where the state is', async () => {
    const home = makeHome({ releases: null, trial: null });
    expect((await purge(home, '--yes')).err).toContain('purge-no-state');
  });

  it('is nothing for a checkout', async () => {
    const home = await used(0);
    const { code, err } = await onCommandLine(['purge', '--yes', '--config', home.config]);
    expect(code).toBe(1);
    expect(err).toContain('update-not-installed');
    expect(isUntouched(home)).toBe(true);
  });
});
