import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAgent, databaseOf } from '../../agent/agent.ts';
import { parseConfig } from '../../agent/config.ts';
import { loadIdentity, type Identity } from '../../agent/enrolment/identity.ts';
import { createRenewal, renewalDueAt } from '../../agent/enrolment/renewal.ts';
import { createTrust, type Trust } from '../../agent/enrolment/trust.ts';
import { createBacklog } from '../../agent/outbox/backlog.ts';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import { createExportBook } from '../../agent/outbox/export-book.ts';
import { verifyLedgers } from '../../agent/outbox/verify-ledger.ts';
import { genesis } from '../../shared/envelope/header.ts';
import { fingerprint, readCertificate } from '../../shared/envelope/keys.ts';
import { parseEnvelope } from '../../shared/envelope/open.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { openDoors, type RegionDoors } from '../support/region-doors.ts';
import { rpuXml } from '../support/rpu-text.ts';
import { facility, quiet } from '../unit/receiver/lab.ts';

const dayMs = 86_400_000;
const ages = { young: 55 * dayMs, due: 61 * dayMs } as const;
const bornAt = Date.now() - ages.due;
let doors: RegionDoors;

beforeAll(async () => {
  doors = await openDoors(bornAt);
});
afterAll(() => doors.close());

/** The region's clock, and the agents': days after everything began. */
function setAge(ageMs: number): void {
  doors.lab.clock.advance(bornAt + ageMs - doors.lab.clock.now());
}

async function enrolled(): Promise<string> {
  setAge(0);
  const state = mkdtempSync(join(tmpdir(), 'agent-renewal-'));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  await doors.enroll(state, (await doors.invite()).code);
  return state;
}

function trusting(identity: Identity): Trust {
  const trust = createTrust({
    ...{ identity, clock: doors.lab.clock, random: systemRandom, connections: 2, proxy: undefined },
  });
  onTestFinished(() => trust.close());
  return trust;
}

/** A running renewal loop, its log in a file, and a wait for the next renewal. */
function renewing(identity: Identity, trust: Trust) {
  const folder = mkdtempSync(join(tmpdir(), 'agent-renewal-log-'));
  const log = join(folder, 'log');
  let renewals = 0;
  const loop = createRenewal({
    ...{ identity, client: trust.client, clock: doors.lab.clock, random: systemRandom },
    logger: createLogger({ name: 'test', level: 'error', fd: openSync(log, 'w') }),
    onRenewed: () => {
      trust.renew();
      renewals += 1;
    },
  });
  onTestFinished(async () => {
    await loop.stop();
    rmSync(folder, { recursive: true });
  });
  const logged = (): readonly Record<string, unknown>[] =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { loop, logged, renewals: () => renewals };
}

/** Looks again until it holds; a test that waits in vain ends by its own time limit. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const never = new AbortController().signal;
  while (!(await holds())) await pause(20, never);
}

const keyFiles = (state: string): readonly string[] =>
  readdirSync(join(state, 'identity'))
    .filter((name) => name.includes('.key'))
    .sort();
const tlsOf = ({ tls }: Identity): string => fingerprint(readCertificate(tls.certificate));
const sealOf = ({ seal }: Identity): string => fingerprint(seal.certificate);

async function sealed(trust: Trust, agent: string, seq: number, prev: string) {
  const sealer = trust.sealer();
  const { digest, bytes } = sealer.seal(
    {
      ...{ id: systemRandom.uuid(doors.lab.clock.now()), agent, feed: 'ed-visits', epoch: 1, seq, prev },
      ...{ created: doors.lab.clock.now(), schema: 1 },
    },
    await sealer.compress(Buffer.from('content')),
  );
  return { digest, bytes: await bytes };
}

describe('certificate renewal', () => {
  it('is due before day 60, at a moment of the agent’s own that a restart does not move', async () => {
    const state = await enrolled();
    const [one, again] = [await loadIdentity(state), await loadIdentity(state)];
    expect(renewalDueAt(again)).toBe(renewalDueAt(one));
    expect(renewalDueAt(one) - bornAt).toBeGreaterThan(56 * dayMs);
    // Looked at once a day, it comes before the 30 days at which `status` begins to warn.
    expect(renewalDueAt(one) - bornAt).toBeLessThan(59 * dayMs + 3_600_000);
    const other = await loadIdentity(await enrolled());
    expect(renewalDueAt(other)).not.toBe(renewalDueAt(one));
  });

  it('brings fresh keys, used at once by what is running; what the old ones sealed stays good', async () => {
    const state = await enrolled();
    const identity = await loadIdentity(state);
    const trust = trusting(identity);
    const old = { tls: tlsOf(identity), seal: sealOf(identity), files: keyFiles(state) };
    const first = await sealed(trust, identity.agent, 1, genesis);
    const { loop, renewals } = renewing(identity, trust);

    setAge(ages.young);
    await loop.start();
    expect((await trust.client.push(first.bytes, AbortSignal.timeout(10_000))).kind).toBe('ok');
    const second = await sealed(trust, identity.agent, 2, first.digest);
    expect(doors.callers()).toContain(old.tls);
    expect(renewals()).toBe(0);

    setAge(ages.due);
    loop.nudge();
    await until(() => renewals() === 1);
    expect(tlsOf(identity)).not.toBe(old.tls);
    expect(sealOf(identity)).not.toBe(old.seal);
    expect(keyFiles(state)).toHaveLength(2);
    for (const name of keyFiles(state)) expect(old.files).not.toContain(name);
    expect(identity.validity.until - bornAt).toBeGreaterThan(150 * dayMs);

    // Sealed under the old certificate, sent under the new one.
    expect((await trust.client.push(second.bytes, AbortSignal.timeout(10_000))).kind).toBe('ok');
    expect(doors.callers()).toContain(tlsOf(identity));
    const third = await sealed(trust, identity.agent, 3, second.digest);
    expect(parseEnvelope(third.bytes).header.signer).toBe(sealOf(identity));
    expect((await trust.client.push(third.bytes, AbortSignal.timeout(10_000))).kind).toBe('ok');

    const reloaded = await loadIdentity(state);
    expect([tlsOf(reloaded), sealOf(reloaded)]).toEqual([tlsOf(identity), sealOf(identity)]);
    expect(reloaded.enrolment).toBe(old.seal);
    expect(reloaded.sealKey(old.seal)).toBeDefined();
    const rows = await doors.lab.store.read((tx) => tx.agents.certificatesOf(identity.agent));
    expect(rows.map(({ revokedAt }) => revokedAt)).toEqual([null, null, null, null]);
  });

  it('fails without harm, says so once an attempt, and succeeds later', async () => {
    const state = await enrolled();
    const identity = await loadIdentity(state);
    const trust = trusting(identity);
    const { loop, logged, renewals } = renewing(identity, trust);
    const old = tlsOf(identity);
    setAge(ages.due);
    doors.refuse(true);
    onTestFinished(() => doors.refuse(false));
    await loop.start();
    await until(() => logged().length === 1);
    loop.nudge();
    await until(() => logged().length === 2);
    for (const line of logged())
      expect(line['err']).toMatchObject({ code: 'renewal-failed', class: 'transient' });
    expect(tlsOf(await loadIdentity(state))).toBe(old);
    doors.refuse(false);
    loop.nudge();
    await until(() => renewals() === 1);
    expect(logged()).toHaveLength(2);
    // The keys of the attempts that came to nothing are gone, and so are the old ones.
    expect(keyFiles(state)).toHaveLength(2);
    expect(tlsOf(await loadIdentity(state))).not.toBe(old);
  });

  it.each([
    ['after-renewal-keys', 'old'],
    ['after-renewal-answer', 'old'],
    ['before-identity-switch', 'old'],
    ['after-identity-switch', 'new'],
  ] as const)('killed at %s, leaves the %s identity whole', async (crashAt, which) => {
    const state = await enrolled();
    const old = tlsOf(await loadIdentity(state));
    setAge(ages.due);
    expect(await renewedBy(state, crashAt)).toBe('SIGKILL');
    const left = await loadIdentity(state);
    expect(tlsOf(left) === old).toBe(which === 'old');
    const trust = trusting(left);
    const envelope = await sealed(trust, left.agent, 1, genesis);
    expect((await trust.client.push(envelope.bytes, AbortSignal.timeout(10_000))).kind).toBe('ok');
    // The next look at the certificates finishes what was begun.
    if (which === 'old') expect(await renewedBy(state, '')).toBe(0);
    expect(tlsOf(await loadIdentity(state))).not.toBe(old);
    if (which === 'old') expect(keyFiles(state)).toHaveLength(2);
  });

  it('is looked at when an agent starts; both certificates’ envelopes are proven by verify', async () => {
    const state = await enrolled();
    const folder = join(state, 'exports');
    mkdirSync(folder);
    const config = parseConfig(
      `state: ${state}
sources: [{ name: s, folder: ${folder}, mappings: [rpu-2006], ready: { mode: now }, watch: false, scanSeconds: 0.2 }]
limits: { freeDiskBytes: 0 }
retention: { days: 365 }`,
      join(state, 'agent.yaml'),
    );
    const runUntil = async (file: string, done: (identity: Identity) => boolean): Promise<Identity> => {
      const visits = [{ entree: '05/01/2026 10:00' }];
      const window = { from: '05/01/2026', to: '05/01/2026', extract: '06/01/2026 02:00:00' };
      writeFileSync(join(folder, file), rpuXml({ finess: facility, ordre: file, ...window, visits }));
      const identity = await loadIdentity(state);
      const agent = await createAgent({
        ...{ config, identity, clock: doors.lab.clock, random: systemRandom, logger: quiet },
      });
      try {
        await agent.start({ intake: true });
        await until(async () => {
          const heads = await doors.lab.store.read((tx) => tx.inbox.heads(identity.agent));
          return done(identity) && heads[0]?.seq === Number(file);
        });
      } finally {
        await agent.stop();
      }
      return identity;
    };
    const before = await runUntil('1', () => true);
    const old = sealOf(before);
    setAge(ages.due);
    await runUntil('2', (identity) => sealOf(identity) !== old);
    const identity = await runUntil('3', () => true);
    const database = openAgentDatabase(databaseOf(state), { readonly: true });
    try {
      const proof = await verifyLedgers({
        ...{ database, backlog: createBacklog(database), exports: createExportBook(database) },
        verifyReceipt: (text, jws) => doors.lab.verifier.verify(text, jws),
        sealKey: identity.sealKey,
      });
      expect(proof).toMatchObject({ envelopes: 3, contents: 3, faults: [] });
    } finally {
      database.close();
    }
  });
});

const renewOnce = fileURLToPath(new URL('../support/renew-once.ts', import.meta.url));

/** Runs one renewal in a process of its own. Answers how it ended. */
async function renewedBy(state: string, crashAt: string): Promise<number | string> {
  const child = spawn(process.execPath, [renewOnce, state, String(doors.lab.clock.now())], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, VAGUEMESTRE_CRASH_AT: crashAt },
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? code ?? -1;
}
