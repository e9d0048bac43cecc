import { rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDesk, putRejected, type Desk } from './desk.ts';

const asked = ({ database }: Desk): readonly string[] =>
  database.all<{ export: string }>(`select export from rereads order by export`).map((row) => row.export);

const week = ['resend', '--from', '2026-01-20', '--to', '2026-01-21'];

describe('resend', () => {
  it('one file named plainly is asked for at once, as scripts rely on', async () => {
    const desk = openDesk();
    const id = desk.put('a.xml', 0, { settled: 'forwarded' });
    const { code, document } = await desk.ask(['resend', 'a.xml']);
    expect({ code, ...document }).toMatchObject({ code: 0, export: id, file: 'a.xml' });
    expect(asked(desk)).toEqual([id]);
    expect((await desk.say(['resend', id], { language: 'en' })).out).toContain('will be read and sent again');
  });

  it('the newest reading of a file answers for those it replaced', async () => {
    const desk = openDesk();
    const old = desk.put('a.xml', 0);
    const newer = desk.put('a.xml', 1);
    desk.database.db
      .prepare(`update exports set state = 'superseded', original = ? where id = ?`)
      .run(newer, old);
    await desk.ask(['resend', old]);
    expect(asked(desk)).toEqual([newer]);
  });

  it('days are shown first and nothing is done in a pipe without --yes', async () => {
    const desk = openDesk();
    desk.put('a.xml', 0, { settled: 'acknowledged' });
    desk.put('b.xml', 1);
    desk.put('other-days.xml', 2, { windowFrom: '2026-01-01', windowTo: '2026-01-02' });
    desk.put('copy.xml', 3, { outcome: 'duplicate' });
    putRejected(desk, 'bad.xml', 4);
    rmSync(join(desk.folder, 'b.xml'));
    const { code, document } = await desk.ask(week);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      ...{ done: false, exports: 1, records: 10, settled: 1, gone: 1 },
      skipped: { duplicates: 1, rejected: 1 },
      list: [
        { file: 'a.xml', readable: true, state: 'acknowledged' },
        { file: 'b.xml', readable: false },
      ],
    });
    expect(asked(desk)).toEqual([]);
    const said = await desk.say(week);
    expect(said.code).toBe(0);
    expect(said.out).toContain('1 fichier(s) à renvoyer, 10 enregistrement(s) ; 1 déjà traité(s)');
    expect(said.out).toContain('--yes');
    expect(asked(desk)).toEqual([]);
  });

  it('says that there is nothing to send again, and does not ask to repeat the command', async () => {
    const desk = openDesk();
    desk.put('a.xml', 0, { settled: 'forwarded' });
    for (const more of [[], ['--yes']]) {
      const none = ['resend', '--from', '2020-01-01', '--to', '2020-01-02', ...more];
      const [french, english] = [await desk.say(none), await desk.say(none, { language: 'en' })];
      expect(french.out).toMatch(/^Rien à renvoyer : [^\n]+\n$/);
      expect(english.out).toMatch(/^Nothing to send again: [^\n]+\n$/);
    }
  });

  it('a file whose content has changed since is not sent in its place', async () => {
    const desk = openDesk();
    desk.put('a.xml', 0);
    writeFileSync(join(desk.folder, 'a.xml'), 'something else');
    expect((await desk.ask(week)).document).toMatchObject({ exports: 0, gone: 1 });
    expect(await desk.ask(['resend', 'a.xml'])).toMatchObject({
      code: 1,
      document: { error: { code: 'resend-file-gone' } },
    });
    expect(asked(desk)).toEqual([]);
  });

  it('an export that never was a file is told again from what messages have said', async () => {
    const desk = openDesk();
    const id = desk.put('mllp-20260121', 0, { path: Buffer.alloc(0) });
    expect((await desk.ask(week)).document).toMatchObject({ exports: 1, gone: 0 });
    expect((await desk.ask(['resend', 'mllp-20260121'])).code).toBe(0);
    expect(asked(desk)).toEqual([id]);
  });

  it('an export without a window counts by the day it was read', async () => {
    const desk = openDesk();
    desk.put('a.csv', 0, { windowFrom: null, windowTo: null });
    desk.put('b.csv', 30, { windowFrom: null, windowTo: null });
    expect((await desk.ask(['resend', '--from', '2026-01-22'])).document).toMatchObject({
      list: [{ file: 'b.csv' }],
    });
  });

  it.each([
    ['fr', 'o', 1],
    ['en', 'yes', 1],
    ['fr', '', 0],
    ['en', 'n', 0],
  ] as const)('on a terminal in %s it asks; %j does it for %i', async (language, answer, expected) => {
    const desk = openDesk();
    desk.put('a.xml', 0);
    const { code, err } = await desk.say(week, { language, terminal: true, stdin: `${answer}\n` });
    expect(code).toBe(0);
    expect(err).toContain(
      language === 'fr' ? 'Renvoyer 1 fichier(s) ? (o/N)' : 'Send 1 file(s) again? (y/N)',
    );
    expect(asked(desk)).toHaveLength(expected);
  });

  it('done by --yes, for one source, and the audit says who, what and how many', async () => {
    const desk = openDesk();
    desk.put('a.xml', 0);
    desk.put('b.csv', 0, { source: 'gardes' });
    const { document } = await desk.ask([...week, '--source', 'gardes', '--yes']);
    expect(document).toMatchObject({ done: true, exports: 1 });
    expect(asked(desk)).toHaveLength(1);
    const { document: told } = await desk.ask(['history', '--audit'], {});
    expect(told).toMatchObject({
      audit: [
        {
          ...{ who: userInfo().username, action: 'resend', exports: 1, records: 10 },
          what: '2026-01-20..2026-01-21 (gardes)',
        },
      ],
    });
    const table = await desk.say(['history', '--audit'], { language: 'en', env: { SUDO_USER: '' } });
    expect(table.out).toMatch(/resend +1 +2026-01-20\.\.2026-01-21 \(gardes\)/);
  });

  it('--file is shown first too, and what is asked must be one thing', async () => {
    const desk = openDesk();
    desk.put('a.xml', 0);
    expect((await desk.ask(['resend', '--file', 'a.xml'])).document).toMatchObject({
      done: false,
      exports: 1,
    });
    expect(asked(desk)).toEqual([]);
    for (const words of [['resend'], [...week, 'a.xml'], ['resend', 'a.xml', '--file', 'a.xml']])
      expect(await desk.ask(words)).toMatchObject({
        code: 1,
        document: { error: { code: 'resend-choice' } },
      });
    expect(await desk.ask(['resend', 'nothing.xml'])).toMatchObject({
      document: { error: { code: 'trace-not-found' } },
    });
  });
});
