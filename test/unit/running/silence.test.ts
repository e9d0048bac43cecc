import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendMail } from '../../../agent/health/mail.ts';
import { createSilenceWatch } from '../../../agent/health/silence.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { createNotes } from '../../../agent/outbox/notes.ts';
import { startSmtp } from '../../support/smtp-server.ts';
import { fakeClock, fakeRandom, startAt, temporaryFolder } from '../agent/support.ts';

const hour = 3_600_000;

/** A watch over a region of which the test says when it last answered; each `look` is one of its minutes. */
async function lab(options: { mail?: boolean } = {}) {
  const clock = fakeClock();
  const smtp = await startSmtp();
  const database = openAgentDatabase(join(temporaryFolder(), 'agent.db'));
  const notes = createNotes(database);
  onTestFinished(async () => {
    await smtp.close();
    database.close();
  });
  const logged: { readonly event: string; readonly level: number }[] = [];
  const lines = new Writable({
    write: (line: Buffer, _encoding, done) => {
      logged.push(JSON.parse(line.toString()) as (typeof logged)[number]);
      done();
    },
  });
  const email = {
    ...{ host: '127.0.0.1', port: smtp.port, tls: 'none' as const },
    ...{ from: 'vaguemestre@hopital.example', to: ['dsi@hopital.example', 'astreinte@hopital.example'] },
  };
  const state: { lastAt: number | undefined } = { lastAt: startAt };
  const start = (startedAt = startAt) => ({
    notify: { afterHours: 2, ...(options.mail === false ? {} : { email }) },
    ...{ notes, startedAt, clock, random: fakeRandom() },
    logger: pino({ messageKey: 'event' }, lines),
    lastContactAt: () => state.lastAt,
    names: { agent: 'urgences-sud', region: 'Région d’essai' },
    sendMail,
  });
  const look = async (startedAt?: number): Promise<void> => {
    let begun = (): void => undefined;
    const looked = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const deps = start(startedAt);
    const watch = createSilenceWatch({
      ...deps,
      // The first thing a look asks for: by then it is under way, and stopping waits for its end.
      lastContactAt: () => {
        begun();
        return state.lastAt;
      },
    });
    await watch.start();
    await looked;
    await watch.stop();
  };
  const events = (): readonly string[] => logged.map(({ event }) => event);
  return { clock, smtp, notes, logged, events, look, answer: () => (state.lastAt = clock.now()), state };
}

describe('a region that falls silent', () => {
  it('is told once per outage: to the log as an error, to status, by mail; and again when it answers', async () => {
    const { clock, smtp, notes, logged, events, look, answer } = await lab();
    clock.pass(2 * hour - 1);
    await look();
    expect(events()).toEqual([]);
    clock.pass(1);
    await look();
    await look();
    clock.pass(5 * hour);
    await look();
    expect(events()).toEqual(['region-silent', 'notice-sent']);
    expect(logged[0]?.level).toBe(50);
    expect(notes.read('region-silent')).toEqual({ since: startAt, mail: 'sent' });
    expect(smtp.mails).toHaveLength(1);

    answer();
    await look();
    await look();
    expect(events().slice(2)).toEqual(['region-answers', 'notice-sent']);
    expect(notes.read('region-silent')).toBeUndefined();
    expect(smtp.mails).toHaveLength(2);

    clock.pass(3 * hour);
    await look();
    expect(smtp.mails).toHaveLength(3);
  });

  it('is told in both languages, with what to do, to everybody named', async () => {
    const { clock, smtp, notes, look } = await lab();
    notes.put('contact-problem', { code: 'proxy-authentication', since: startAt });
    clock.pass(3 * hour);
    await look();
    const [mail] = smtp.mails;
    expect(mail?.from).toContain('vaguemestre@hopital.example');
    expect(mail?.to).toHaveLength(2);
    const text = decoded(mail?.data ?? '');
    for (const part of [
      'urgences-sud',
      'Région d’essai',
      'agent doctor',
      '21/01/2026 12:00',
      'proxy-authentication',
    ])
      expect(text).toContain(part);
    expect(text).toContain('n’a plus de réponse');
    expect(text).toContain('has had no answer');
  });

  it('is mailed again and again until the server takes it, without haste', async () => {
    const { clock, smtp, notes, events, look } = await lab();
    smtp.refuse(451);
    clock.pass(2 * hour);
    await look();
    expect(notes.read('notice-problem')).toMatchObject({
      code: 'notice-not-sent',
      reason: expect.stringContaining('451') as string,
    });
    smtp.refuse(250);
    clock.pass(60_000);
    await look();
    expect(smtp.mails).toHaveLength(1);
    expect(notes.read('notice-problem')).toBeUndefined();
    expect(events()).toEqual(['region-silent', 'notice-not-sent', 'notice-sent']);
  });

  it('says nothing of its end by mail when its beginning never was', async () => {
    const { clock, smtp, look, answer, notes } = await lab();
    smtp.refuse(550);
    clock.pass(3 * hour);
    await look();
    answer();
    smtp.refuse(250);
    await look();
    expect(smtp.mails).toEqual([]);
    expect(notes.read('notice-problem')).toBeUndefined();
  });

  it('is told by the log and status alone when no mail is asked for', async () => {
    const { clock, smtp, events, look } = await lab({ mail: false });
    clock.pass(3 * hour);
    await look();
    expect(events()).toEqual(['region-silent']);
    expect(smtp.mails).toEqual([]);
  });

  it('is not accused of a silence that was the agent’s own, nor told of twice across restarts', async () => {
    const { clock, events, look } = await lab();
    clock.pass(48 * hour);
    const restartedAt = clock.now();
    await look(restartedAt);
    expect(events()).toEqual([]);
    clock.pass(600_000);
    await look(restartedAt);
    expect(events()).toEqual(['region-silent', 'notice-sent']);
    await look(clock.now());
    clock.pass(hour);
    await look(clock.now());
    expect(events()).toEqual(['region-silent', 'notice-sent']);
  });

  it('that never answered counts from the agent’s start', async () => {
    const { clock, events, look, state } = await lab();
    state.lastAt = undefined;
    clock.pass(hour);
    await look();
    expect(events()).toEqual([]);
    clock.pass(hour);
    await look();
    expect(events()).toContain('region-silent');
  });
});

/** The body of a mail, out of its transfer encoding. */
function decoded(data: string): string {
  const [head = '', ...body] = data.split('\n\n');
  const text = body.join('\n\n');
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
  const bytes = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
