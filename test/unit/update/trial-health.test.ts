import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { createContact } from '../../../agent/push/contact.ts';
import type { ReceiverClient, Reply } from '../../../agent/push/receiver-client.ts';
import { regionBefore } from '../../../agent/update/region-before.ts';
import { createTrialHealth } from '../../../agent/update/trial-health.ts';
import { agentVersion } from '../../../agent/version.ts';
import type { CurrentFile } from '../../../shared/release/choose-version.ts';
import type { HeartbeatAnswer, HeartbeatRequest } from '../../../shared/protocol/push.ts';
import { fakeClock, quiet, startAt, temporaryFolder } from '../agent/support.ts';
import { decide, layVersion, makeHome, sequenceOf, writeTrial } from '../release/homes.ts';
import { jsonAt } from './lab.ts';

const { signal } = new AbortController();

/** This very version is the update: what its running agent says. */
function trialOf(change: Partial<CurrentFile> = {}, env: Readonly<Record<string, string>> = {}) {
  const home = makeHome();
  layVersion(home.home, '0.0.1');
  layVersion(home.releases, agentVersion);
  decide(home, agentVersion, { packaged: '0.0.1', previous: '0.0.1', ...change });
  writeTrial(home, agentVersion, { starts: 2 });
  const health = () =>
    createTrialHealth({ env: { VAGUEMESTRE_HOME: home.home, ...env }, clock: fakeClock(), logger: quiet });
  return { home, health, file: () => jsonAt(home.trial) };
}

/** What is not to be written is not written some time later either. */
async function settled(file: () => unknown): Promise<unknown> {
  await pause(150);
  return file();
}

function openNotes() {
  const database = openAgentDatabase(join(temporaryFolder(), 'agent.db'));
  onTestFinished(() => database.close());
  return createNotes(database);
}

const trial = (healthy: boolean) => ({
  version: agentVersion,
  sequence: sequenceOf(agentVersion),
  starts: 2,
  healthy,
});

describe('a version on trial', () => {
  const cases = [
    { before: { reached: true }, heard: undefined, healthy: true },
    { before: { reached: true }, heard: 'receiver-unreachable', healthy: false },
    { before: { reached: false, problem: 'proxy-refused' }, heard: 'proxy-refused', healthy: true },
    { before: { reached: false, problem: 'proxy-refused' }, heard: 'proxy-unreachable', healthy: false },
    { before: { reached: false, problem: 'proxy-refused' }, heard: undefined, healthy: true },
    { before: { reached: false }, heard: 'receiver-unreachable', healthy: true },
  ];
  it.each(cases)('before: $before, now: $heard, well: $healthy', async ({ before, heard, healthy }) => {
    const { health, file } = trialOf(before);
    health().heard(heard);
    if (healthy) await expect.poll(file).toEqual(trial(true));
    else expect(await settled(file)).toEqual(trial(false));
  });

  it('waits for an answer as long as it takes, and says once that it is well', async () => {
    const { health, home, file } = trialOf();
    const one = health();
    for (let count = 0; count < 3; count += 1) one.heard('receiver-unreachable');
    expect(await settled(file)).toEqual(trial(false));
    one.heard(undefined);
    await expect.poll(file).toEqual(trial(true));
    writeTrial(home, agentVersion, { starts: 2 });
    one.heard(undefined);
    expect(await settled(file)).toEqual(trial(false));
  });

  it('is no other version, and nothing at all outside an installation', async () => {
    const { home, health, file } = trialOf();
    decide(home, '9.9.9', { packaged: '0.0.1' });
    writeTrial(home, '9.9.9');
    health().heard(undefined);
    const outside = createTrialHealth({ env: {}, clock: fakeClock(), logger: quiet });
    outside.heard(undefined);
    await outside.begin(openNotes());
    expect(file()).toMatchObject({ version: '9.9.9', healthy: false });
  });

  it('whose trial cannot be written stays on trial: the launcher ends it', async () => {
    const { home, health, file } = trialOf();
    mkdirSync(`${home.trial}.tmp`);
    health().heard(undefined);
    expect(await settled(file)).toEqual(trial(false));
  });
});

describe('what counts as an answer of the region', () => {
  const ask = async (reply: Reply<HeartbeatAnswer>) => {
    const heard: (string | undefined)[] = [];
    const contact = createContact({
      notes: openNotes(),
      clock: fakeClock(),
      onHeard: (problem) => heard.push(problem),
    });
    const client = { heartbeat: () => Promise.resolve(reply) } as unknown as ReceiverClient;
    await contact.watch(client).heartbeat({} as HeartbeatRequest, signal);
    return heard;
  };
  const answered = (status: number, code: string, known: boolean): Reply<never> => ({
    kind: 'failed',
    attempt: { kind: 'answered', status, code, ...(known ? { class: 'transient' as const } : {}) },
  });

  it('its own words, unless it refuses us', async () => {
    const body: HeartbeatAnswer = { at: startAt, bundle: null, facilities: [], heads: [] };
    expect(await ask({ kind: 'ok', body })).toEqual([undefined]);
    expect(await ask(answered(503, 'receiver-busy', true))).toEqual([undefined]);
    expect(await ask(answered(403, 'agent-not-active', true))).toEqual(['agent-not-active']);
    expect(await ask(answered(502, 'http-502', false))).toEqual(['http-502']);
    const silent: Reply<never> = {
      kind: 'failed',
      attempt: { kind: 'unanswered', code: 'receiver-unreachable', sent: false },
    };
    expect(await ask(silent)).toEqual(['receiver-unreachable']);
  });

  it('before an update: heard once, and nothing in the way since', () => {
    const notes = openNotes();
    expect(regionBefore(undefined)).toEqual({ reached: false });
    expect(regionBefore(notes)).toEqual({ reached: false });
    notes.put('last-contact-at', 1);
    expect(regionBefore(notes)).toEqual({ reached: true });
    notes.put('contact-problem', { code: 'receiver-unreachable', since: 2 });
    expect(regionBefore(notes)).toEqual({ reached: false, problem: 'receiver-unreachable' });
  });
});

describe('the version that runs again', () => {
  it('tells what was given up since when, also to the command that waits; a start of the next one ends it', async () => {
    const { home, health, file } = trialOf({}, { VAGUEMESTRE_ROLLED_BACK: '0.2.0' });
    decide(home, '0.2.0', { packaged: '0.0.1' });
    writeTrial(home, '0.2.0', { starts: 3 });
    const notes = openNotes();
    await health().begin(notes);
    expect(notes.read('release-rolled-back')).toEqual({ version: '0.2.0', at: startAt });
    expect(file()).toMatchObject({ version: '0.2.0', starts: 3, healthy: false, rolledBackAt: startAt });
    const later = fakeClock(startAt + 60_000);
    const env = { VAGUEMESTRE_HOME: home.home, VAGUEMESTRE_ROLLED_BACK: '0.2.0' };
    await createTrialHealth({ env, clock: later, logger: quiet }).begin(notes);
    expect(notes.read('release-rolled-back')).toEqual({ version: '0.2.0', at: startAt });
    await createTrialHealth({ env: { VAGUEMESTRE_HOME: home.home }, clock: later, logger: quiet }).begin(
      notes,
    );
    expect(notes.read('release-rolled-back')).toBeUndefined();
  });

  it('never says that the other is well', async () => {
    const { home, health, file } = trialOf({}, { VAGUEMESTRE_ROLLED_BACK: '0.2.0' });
    decide(home, '0.2.0', { packaged: '0.0.1' });
    writeTrial(home, '0.2.0', { starts: 3 });
    const one = health();
    one.heard(undefined);
    await one.begin(openNotes());
    one.heard(undefined);
    expect(file()).toMatchObject({ healthy: false });
  });
});
