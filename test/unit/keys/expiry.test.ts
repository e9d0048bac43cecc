import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Carry } from '../../../receiver/alerts/carry.ts';
import { trustBundlePath } from '../../../receiver/auth/trust-bundle-file.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { createExpiryMails, writtenFor } from '../../../receiver/pki/expiry-mail.ts';
import { endingsOf, thresholdOf } from '../../../receiver/pki/expiry.ts';
import type { AlertMessage } from '../../../receiver/store/alert-tables.ts';
import { transient } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, quiet, type Lab } from '../receiver/lab.ts';
import { dayMs, keyLabOf } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await createLab();
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
});
afterAll(() => lab.close());

const config = parseConfig(
  `state: s
region: Région
alerts:
  smtp: { host: relay.example.org, from: alertes@region.example.org }
  recipients:
    - { name: Région, role: region, emails: [a@region.example.org, b@region.example.org] }
    - { name: DSI, role: facility, facilities: ['990000010'], emails: [dsi@example.org] }
`,
  '/r.yaml',
);

const endings = () => lab.store.read((tx) => endingsOf(tx, lab.region, config, lab.clock));

function mailing(carry: Carry) {
  const { store, clock, region } = lab;
  return createExpiryMails({
    ...{ config, store, clock, random: systemRandom, logger: quiet, carry, region: () => region },
  });
}

describe('what ends', () => {
  it('is told at 30, 14 and 7 days, and when it has ended', () => {
    const at = (days: number) => thresholdOf(days * dayMs, 0);
    expect([31, 30, 15, 14, 8, 7, 1, 0, -1].map(at)).toEqual([undefined, 30, 30, 14, 14, 7, 7, 0, 0]);
  });

  it('is an agent that does not renew, and the keys of the region that nothing follows', async () => {
    expect(await endings()).toEqual([]);
    const { id } = await lab.addAgent();
    lab.clock.advance(61 * dayMs);
    expect(await endings()).toMatchObject([{ kind: 'agent', id, name: 'Agent', threshold: 30 }]);
    await lab.store.transaction((tx) => tx.agents.setStatus(id, 'revoked', 1));
    expect(await endings()).toEqual([]);
  });

  it('is told to the region’s people, once for each number of days, and again where it surely was not sent', async () => {
    const { id } = await lab.addAgent();
    const sent: AlertMessage[] = [];
    let works = false;
    const { step } = mailing(async (message) => {
      if (!works) throw transient('alert-mail-unsent');
      sent.push(message);
      return 'taken';
    });
    const never = new AbortController().signal;
    lab.clock.advance(61 * dayMs);
    await step(never);
    expect(sent).toEqual([]);
    works = true;
    await step(never);
    await step(never);
    expect(sent.map(({ address }) => address).sort()).toEqual([
      'a@region.example.org',
      'b@region.example.org',
    ]);
    expect(sent[0]?.subject).toBe('[Vaguemestre] L’identité de l’agent Agent finit dans 29 jours');
    expect(sent[0]?.text).toContain(`receiver agent invite --agent ${id}`);
    lab.clock.advance(10 * dayMs);
    await step(never);
    expect(sent).toHaveLength(2);
    lab.clock.advance(6 * dayMs);
    await step(never);
    expect(sent).toHaveLength(4);
    lab.clock.advance(20 * dayMs);
    await step(never);
    await step(never);
    expect(sent).toHaveLength(6);
    expect(sent.at(-1)?.subject).toBe('[Vaguemestre] L’identité de l’agent Agent est finie');
  });

  it('is not told twice when nobody knows whether it left', async () => {
    await lab.addAgent();
    let tries = 0;
    const { step } = mailing(async () => {
      tries += 1;
      throw Object.assign(transient('alert-mail-unsent'), { class: 'ambiguous' });
    });
    const never = new AbortController().signal;
    lab.clock.advance(80 * dayMs);
    await step(never);
    const first = tries;
    await step(never);
    expect(tries).toBe(first);
  });

  it('makes `key list` answer 1, and says what to do in either language', async () => {
    const keys = keyLabOf(lab);
    const years = 365 * dayMs;
    lab.clock.advance(2 * years - 20 * dayMs - (lab.clock.now() - Date.now()));
    const listed = await keys.list();
    expect(listed.exitCode).toBe(1);
    const server = listed.endings.find(({ kind }) => kind === 'server');
    expect(server?.threshold).toBe(30);
    expect(listed.lines.join('\n')).toContain('receiver key rotate server');
    const [first] = (await endings()).filter(({ kind }) => kind === 'server');
    expect(first && writtenFor(first, 'Région', 'en', lab.clock.now()).subject).toMatch(
      /^\[Vaguemestre\] The TLS key of the receiver ends in \d+ days$/,
    );
    await keys.rotate('server');
    expect((await keys.list()).endings.some(({ kind }) => kind === 'server')).toBe(false);
  });
});
