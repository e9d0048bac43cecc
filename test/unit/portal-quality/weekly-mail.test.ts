import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailCarry } from '../../../receiver/alerts/mail-client.ts';
import { qualitySettings } from '../../../receiver/config-quality.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { createWeeklyMails, dueWeek, type WeeklyMailDeps } from '../../../receiver/quality/weekly-mail.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { Fault, permanent } from '../../../shared/runtime/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import {
  countAll,
  enterFacility,
  fullVisit,
  fullVisitBut,
  putDay,
  visitOn,
} from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';
import { startSmtp } from '../../support/smtp-server.ts';

const facility = finess(1);
const settings = qualitySettings.parse({
  mail: { recipients: { [facility]: ['tim@hopital.example', 'dim@hopital.example'] } },
});
const { signal } = new AbortController();

let folder: string;
let store: Store;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-quality-mail-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  await enterFacility(store, facility, 'CH de Montrevel');
  for (let back = 0; back < 7; back += 1) {
    const day = ((dayFromIso('2026-03-15') as Day) - back) as Day;
    const part = fullVisitBut('severity');
    await putDay(
      store,
      facility,
      day,
      [3, 9, 12].map((hour) => visitOn(facility, day, { ...part, hour })),
    );
  }
  await countAll(store);
  now = Date.parse('2026-03-16T09:00:00+01:00');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** What was handed over, by one process or several. */
function mailer(carry?: WeeklyMailDeps['carry']) {
  const sent: { address: string; subject: string; text: string }[] = [];
  const mails = createWeeklyMails({
    ...{ settings, store, random: systemRandom, url: () => 'https://region.example' },
    clock: { now: () => now, monotonic: () => now },
    logger: createLogger({ name: 'test', level: 'silent' }),
    carry: async (message, stop) => {
      sent.push(message);
      return carry === undefined ? 'taken' : carry(message, stop);
    },
  });
  return { sent, step: () => mails.step(signal) };
}

describe('the weekly message', () => {
  it('goes to each of the facility’s people, once, whoever restarts', async () => {
    const one = mailer();
    await one.step();
    await one.step();
    expect(one.sent.map(({ address }) => address)).toEqual(['tim@hopital.example', 'dim@hopital.example']);
    const other = mailer();
    now += 3 * 86_400_000;
    await other.step();
    expect(other.sent).toEqual([]);
  });

  it('says the week in words, with a link and no value', async () => {
    const { sent, step } = mailer();
    await step();
    expect(sent[0]?.subject).toBe('[Vaguemestre] Qualité de la semaine : CH de Montrevel, 9 mars au 15 mars');
    expect(sent[0]?.text).toContain('21 passages reçus sur 7 jours.');
    expect(sent[0]?.text).toMatch(/- Gravité \(CCMU\)\s: 0,0.%, objectif 80/);
    expect(sent[0]?.text).toContain(`https://region.example/etablissements/${facility}/qualite`);
    expect(sent[0]?.text).not.toMatch(/J189|VILLE|1951/);
  });

  it('waits for its hour, and is caught up with when nobody ran then', async () => {
    const { sent, step } = mailer();
    now -= 60_000;
    await step();
    expect(sent).toEqual([]);
    now += 4 * 86_400_000;
    await step();
    expect(sent).toHaveLength(2);
  });

  it('is sent again after a refusal, and not when it may have arrived', async () => {
    const refused = mailer(async () => {
      throw permanent('alert-mail-refused', { facts: { host: 'x', reason: '550' } });
    });
    await refused.step();
    expect(refused.sent).toHaveLength(2);
    const doubtful = mailer(async () => {
      throw new Fault('alert-mail-unsent', 'ambiguous', { facts: { host: 'x', reason: 'cut' } });
    });
    await doubtful.step();
    expect(doubtful.sent).toHaveLength(2);
    const later = mailer();
    await later.step();
    expect(later.sent).toEqual([]);
  });

  it('gives up after a few refusals', async () => {
    const refused = mailer(async () => {
      throw permanent('alert-mail-refused', { facts: { host: 'x', reason: '550' } });
    });
    for (let round = 0; round < 10; round += 1) await refused.step();
    expect(refused.sent).toHaveLength(2 * 6);
  });

  it('is not sent again by a process that follows one that died while sending', async () => {
    const mail = { facility, week: dayFromIso('2026-03-09') as Day, address: 'tim@hopital.example' };
    await store.transaction((tx) => tx.quality.claimMail(mail, 6, now));
    const { sent, step } = mailer();
    await step();
    expect(sent.map(({ address }) => address)).toEqual(['dim@hopital.example']);
  });

  it('waits for the week to be counted, but not for ever', async () => {
    const day = dayFromIso('2026-03-12') as Day;
    await putDay(store, facility, day, [visitOn(facility, day, fullVisit)]);
    const { sent, step } = mailer();
    await step();
    expect(sent).toEqual([]);
    now += 7 * 3_600_000;
    await step();
    expect(sent).toHaveLength(2);
  });

  it('is not sent of a week without a visit', async () => {
    now += 14 * 86_400_000;
    const { sent, step } = mailer();
    await step();
    expect(sent).toEqual([]);
  });

  it('is one a week over both changes of the clock', () => {
    const weeks = new Map<number, number>();
    for (
      let at = Date.parse('2026-03-20T00:00:00Z');
      at < Date.parse('2026-11-10T00:00:00Z');
      at += 1_800_000
    ) {
      const due = dueWeek(settings, at);
      if (due !== undefined && !weeks.has(due.week)) weeks.set(due.week, at);
    }
    const first = [...weeks.values()].slice(1);
    // Nine in Paris is eight in winter and seven in summer.
    expect(new Set(first.map((at) => new Date(at).toISOString().slice(11, 16)))).toEqual(
      new Set(['07:00', '08:00']),
    );
    expect(first.every((at) => new Date(at).getUTCDay() === 1)).toBe(true);
    expect(
      [...weeks.keys()].slice(1).every((week, index) => week - ([...weeks.keys()][index] ?? 0) === 7),
    ).toBe(true);
  });

  it('reaches a mail server', async () => {
    const server = await startSmtp();
    try {
      const { alerts } = parseConfig(
        JSON.stringify({
          ...{ state: folder, region: 'Région d’essai' },
          alerts: {
            smtp: { host: '127.0.0.1', port: server.port, secure: 'none', from: 'region@region.example' },
          },
        }),
        join(folder, 'receiver.yaml'),
      );
      const carry = createMailCarry({
        settings: alerts.smtp,
        clock: { now: () => now, monotonic: () => now },
      });
      await mailer(carry).step();
      expect(server.mails).toHaveLength(2);
    } finally {
      await server.close();
    }
  });

  it('asks for a mail server and for the pages in the settings', () => {
    const text = JSON.stringify({ state: folder, region: 'R', quality: { mail: {} } });
    expect(() => parseConfig(text, 'receiver.yaml')).toThrow(
      expect.objectContaining({ code: 'config-invalid' }) as Error,
    );
  });
});
