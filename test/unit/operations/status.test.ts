import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileBook } from '../../../agent/outbox/file-book.ts';
import { createNotes, type NoteValues } from '../../../agent/outbox/notes.ts';
import { takeStateLock } from '../../../agent/health/state-lock.ts';
import { migrations } from '../../../agent/outbox/schema.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { openDoors, type RegionDoors } from '../../support/region-doors.ts';
import { openDesk, putRejected, type Desk } from './desk.ts';

const hourMs = 3_600_000;
let enrolled: string;
let doors: RegionDoors;

beforeAll(async () => {
  doors = await openDoors(Date.now());
  enrolled = mkdtempSync(join(tmpdir(), 'status-'));
  await doors.enroll(enrolled, (await doors.invite()).code);
});
afterAll(async () => {
  await doors.close();
  rmSync(enrolled, { recursive: true, force: true });
});

interface Troubles {
  readonly level: string;
  readonly troubles: readonly { level: string; where: string; code: string; hint: string }[];
}

function desk(settings: Readonly<Record<string, unknown>> = {}): Desk {
  const opened = openDesk(settings);
  cpSync(enrolled, join(opened.root, 'state'), { recursive: true });
  return opened;
}

function note<K extends keyof NoteValues>({ database }: Desk, key: K, value: NoteValues[K]): void {
  createNotes(database).put(key, value);
}

async function status(opened: Desk, language: 'fr' | 'en' = 'fr') {
  const { code, document } = await opened.ask(['status'], { language });
  return { code, document, ...(document as unknown as Troubles) };
}

describe('status', () => {
  it('is 0 when all is well: a table of sources for a person, the same in JSON', async () => {
    const opened = desk();
    opened.put('a.xml', 0, { settled: 'forwarded' });
    opened.put('b.xml', 1, { source: 'gardes' });
    note(opened, 'last-contact-at', Date.now());
    const { code, document } = await status(opened);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      ...{ level: 'well', running: null, quarantine: 0, troubles: [] },
      sources: [
        {
          name: 'urgences',
          exports: 1,
          records: 10,
          waiting: 0,
          last: { file: 'a.xml', state: 'forwarded' },
        },
        { name: 'gardes', waiting: 1, last: { file: 'b.xml', state: 'unknown' } },
      ],
    });
    const french = await opened.say(['status'], { terminal: true });
    expect(french.out).toMatch(/Source +Fichiers +Enreg\. +En attente +Lu le +État +Fichier\n/);
    expect(french.out).toMatch(/urgences +1 +10 +0 +21\/01\/2026 12:00 +transmis +a\.xml\n/);
    expect(french.out).toContain('Tout va bien.');
    const english = await opened.say(['status'], { language: 'en' });
    expect(english.out).toMatch(/gardes +1 +10 +1 +2026-01-21 13:00 +on its way +b\.xml\n/);
  });

  it('tells whether an agent runs', async () => {
    const opened = desk();
    const unlock = takeStateLock(join(opened.root, 'state'), systemClock);
    try {
      expect((await status(opened)).document['running']).toMatchObject({ pid: process.pid });
      expect((await opened.say(['status'])).out).toContain(`L’agent tourne (processus ${process.pid}`);
    } finally {
      unlock();
    }
    expect((await opened.say(['status'], { language: 'en' })).out).toContain('not running at present');
  });

  it('is 1 for what a person should look at: quarantine, a held export, settings refused', async () => {
    const opened = desk();
    putRejected(opened, 'bad.xml', 0);
    opened.put('held.xml', 1, { settled: 'held' });
    opened.database.db.prepare(`update exports set hold = 'removals' where name = 'held.xml'`).run();
    note(opened, 'config-refused', {
      ...{ at: Date.now(), code: 'config-invalid' },
      facts: { file: 'agent.yaml', count: 1, faults: 'x: unknown key' },
    });
    const { code, level, troubles } = await status(opened);
    expect([code, level]).toEqual([1, 'warning']);
    expect(troubles.map(({ where, code: what }) => `${where} ${what}`)).toEqual([
      'config config-invalid',
      'urgences: held.xml removals',
      'quarantine quarantine-waiting',
    ]);
    expect(troubles.every(({ hint }) => hint.length > 10)).toBe(true);
    await opened.ask(['quarantine', 'discard', 'bad.xml', '--yes']);
    expect((await status(opened)).troubles.map((one) => one.code)).not.toContain('quarantine-waiting');
  });

  it('counts what was rejected and held in the last seven days', async () => {
    const opened = desk();
    const hoursAgo = (hours: number): number => (Date.now() - Date.UTC(2026, 0, 21, 11)) / hourMs - hours;
    putRejected(opened, 'yesterday.xml', hoursAgo(24));
    putRejected(opened, 'last-week.xml', hoursAgo(24 * 8));
    opened.put('held.xml', hoursAgo(2), { settled: 'held' });
    expect((await status(opened)).document).toMatchObject({
      recent: { days: 7, rejected: 1, held: 1 },
      quarantine: 2,
    });
  });

  it('is 2 when the region has been silent for longer than the settings allow, and says since when', async () => {
    const opened = desk({ notify: { afterHours: 3 } });
    note(opened, 'last-contact-at', Date.now() - 2.9 * hourMs);
    expect((await status(opened)).code).toBe(0);
    note(opened, 'last-contact-at', Date.now() - 3.1 * hourMs);
    const stopped = await status(opened);
    expect(stopped).toMatchObject({ code: 2, troubles: [{ level: 'critical', code: 'agent-not-running' }] });
    const unlock = takeStateLock(join(opened.root, 'state'), systemClock);
    try {
      const silent = await opened.say(['status']);
      expect(silent.code).toBe(2);
      expect(silent.out).toMatch(
        /!! region: region-silent: La région ne répond plus depuis le \d\d\/\d\d\/\d{4}/,
      );
      expect(silent.out).toContain('agent doctor');
    } finally {
      unlock();
    }
  });

  it('of an agent that a scheduled task runs asks for a run a day, not for a service', async () => {
    const opened = desk();
    const hoursAgo = (hours: number): number => Date.now() - hours * hourMs;
    const codes = async () => (await status(opened)).troubles.map(({ level, code }) => `${level} ${code}`);
    note(opened, 'last-contact-at', hoursAgo(25));
    expect(await codes()).toEqual(['critical agent-not-running']);
    note(opened, 'last-run', { how: 'service', at: hoursAgo(30) });
    expect(await codes()).toEqual(['critical agent-not-running']);
    note(opened, 'last-run', { how: 'once', at: hoursAgo(25) });
    expect(await status(opened)).toMatchObject({ code: 0, troubles: [] });
    note(opened, 'last-run', { how: 'once', at: hoursAgo(27) });
    expect(await codes()).toEqual(['critical run-overdue']);
    expect((await opened.say(['status'], { language: 'en' })).out).toContain(
      'region: run-overdue: The agent has not been run since',
    );
    // A run of an hour ago that nobody answered: the region is silent, though tasks run.
    note(opened, 'last-run', { how: 'once', at: hoursAgo(1) });
    expect(await codes()).toEqual(['critical region-silent']);
    // Beside the next run as well, which has not been answered yet.
    note(opened, 'last-contact-at', hoursAgo(25));
    note(opened, 'last-run', { how: 'once', at: hoursAgo(25) });
    const unlock = takeStateLock(join(opened.root, 'state'), systemClock);
    try {
      expect(await codes()).toEqual([]);
    } finally {
      unlock();
    }
  });

  it('is 2 when a source is gone or the region refuses this agent, 1 when it was merely not reached', async () => {
    const opened = desk();
    note(opened, 'last-contact-at', Date.now());
    note(opened, 'contact-problem', { code: 'receiver-unreachable', since: Date.now() });
    expect(await status(opened)).toMatchObject({
      code: 1,
      troubles: [{ where: 'push', code: 'receiver-unreachable' }],
    });
    note(opened, 'contact-problem', { code: 'certificate-revoked', since: Date.now() });
    expect((await status(opened)).code).toBe(2);
    rmSync(join(opened.root, 'kept'), { recursive: true });
    expect((await status(opened, 'en')).troubles[0]).toMatchObject({
      ...{ level: 'critical', where: 'gardes', code: 'source-unreachable' },
    });
  });

  it('says which file of a source cannot be read, and trusts the running agent over its own account', async () => {
    const opened = desk();
    const files = createFileBook(opened.database);
    const facts = { file: 'a.xml', reason: 'EACCES' };
    files.setProblem('urgences', { code: 'file-unreadable', facts }, Date.now());
    const french = await opened.say(['status']);
    expect(french.out).toContain('Le fichier a.xml ne se lit pas (EACCES)');
    files.setProblem('urgences', { code: 'file-unreadable', facts: { ...facts, file: 'b.xml' } }, Date.now());
    expect((await opened.say(['status'], { language: 'en' })).out).toContain('The file b.xml cannot be read');
    const folder = { folder: opened.folder, reason: 'EACCES' };
    files.setProblem('urgences', { code: 'source-unreachable', facts: folder }, Date.now());
    expect((await status(opened)).code).toBe(0);
    const unlock = takeStateLock(join(opened.root, 'state'), systemClock);
    try {
      const said = await opened.say(['status']);
      expect(said.code).toBe(2);
      expect(said.out).toContain(`Le dossier ${opened.folder} ne se lit pas (EACCES)`);
    } finally {
      unlock();
    }
  });

  it('--brief is one line that monitoring tools read, with the same code, and 3 when it cannot be told', async () => {
    const opened = desk();
    opened.put('a.xml', 0, { settled: 'forwarded' });
    const well = await opened.say(['status', '--brief'], { language: 'en' });
    expect(well).toMatchObject({
      code: 0,
      out: 'VAGUEMESTRE OK - 2 source(s), last receipt - | pending=0 quarantine=0 rejected=0 held=0\n',
    });
    putRejected(opened, 'bad.xml', 1);
    expect((await opened.say(['status'])).out).toMatch(/! urgences: bad\.xml: [a-z-]+: [A-ZÀ-Ý][^\n]{15,}\n/);
    const warned = await opened.say(['status', '--brief']);
    expect(warned.code).toBe(1);
    expect(warned.out).toMatch(
      /^VAGUEMESTRE WARNING - urgences: bad\.xml: [^\n|]+ \(\+1\) \| pending=0 quarantine=1 [^\n]+\n$/,
    );
  });

  it('--brief says in one line, in the language of the locale, why it cannot be told', async () => {
    const unknown = async (opened: Desk, code: string): Promise<string> => {
      const [french, english] = [
        await opened.say(['status', '--brief']),
        await opened.say(['status', '--brief'], { language: 'en' }),
      ];
      for (const said of [french, english]) {
        expect(said).toMatchObject({ code: 3, err: '' });
        expect(said.out).toMatch(new RegExp(`^VAGUEMESTRE UNKNOWN - ${code}: [^\\n|]+\\n$`));
      }
      expect(french.out).not.toBe(english.out);
      return english.out;
    };
    await unknown(openDesk(), 'agent-not-enrolled');

    const neverRan = desk();
    neverRan.database.close();
    for (const name of readdirSync(join(neverRan.root, 'state')).filter((one) => one.startsWith('agent.db')))
      rmSync(join(neverRan.root, 'state', name));
    await unknown(neverRan, 'agent-never-ran');

    const invalid = desk();
    writeFileSync(invalid.configFile, 'sources: []\nneither | nor: 1\n');
    expect(await unknown(invalid, 'config-invalid')).toContain('neither');
    rmSync(invalid.configFile);
    await unknown(invalid, 'config-unreadable');

    const broken = desk();
    broken.database.run('drop table backlog');
    await unknown(broken, 'unexpected');
    expect((await broken.say(['status'])).code).toBe(1);
  });

  it('reads a memory that an older version left', async () => {
    const opened = desk();
    opened.database.close();
    const path = join(opened.root, 'state', 'agent.db');
    for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
    openSqlite(path, { migrations: migrations.slice(0, 1) }).close();
    expect((await status(opened)).code).toBe(0);
  });
});
