import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvCell } from '../../../agent/commands/faults-csv.ts';
import { expiryLine, noteWorklist, removeExpired } from '../../../agent/outbox/worklists.ts';
import { finess, rpuXml, type Visit } from '../../support/rpu-text.ts';
import { openDesk, type Desk } from './desk.ts';

const facility = finess(1);
const day = '2026-01-20';
/** A severity that no list knows, on a visit of the day. */
const wrong = (hour: number, change: Partial<Visit> = {}): Visit => ({
  ...{ entree: `20/01/2026 ${String(hour).padStart(2, '0')}:15`, gravite: '9', motif: 'CANARIMOTIF' },
  ...change,
});
const fine = (hour: number): Visit => ({ entree: `20/01/2026 ${String(hour).padStart(2, '0')}:15` });

function xml(visits: readonly Visit[]): string {
  const window = { from: '20/01/2026', to: '21/01/2026', extract: '22/01/2026 02:00:00' };
  return rpuXml({ finess: facility, ...window, visits });
}

const mapping = `version: 1
name: software
feed: ed-visits
format: { type: csv, requires: [numero, entree] }
fields:
  facility: finess
  visitId: numero
  arrivedAt: entree
  sex: sexe
  severity: gravite
`;

/** One trusted export of two days, another day's visit in it. */
function desk(): Desk {
  const opened = openDesk();
  const window = { windowFrom: '2026-01-20', windowTo: '2026-01-21', trusted: 1 };
  opened.put('week.xml', 0, {
    content: xml([wrong(8), fine(9), wrong(10, { entree: '21/01/2026 10:15' })]),
    ...window,
  });
  return opened;
}

const list = ['faults', '--day', day];

describe('faults', () => {
  it('on a terminal: line, entry time, field and sentence of each finding of that day, and the total', async () => {
    const opened = desk();
    const { code, out } = await opened.say(list, { terminal: true });
    expect(code).toBe(0);
    expect(out).toMatch(/^week\.xml :\nLigne +Entrée +N° de passage +Champ +Explication\n/);
    expect(out).toMatch(/\n\d+ +20\/01\/2026 08:15 +- +GRAVITE\n {4}Le code de gravité/);
    expect(out).not.toContain('21/01/2026 10:15');
    expect(out).toMatch(/20\/01\/2026 : \d+ anomalie\(s\) dans 1 fichier\(s\) relu\(s\), 0 en sourdine/);
    expect(out).not.toContain('CANARIMOTIF');
    expect((await opened.say(list, { terminal: true, language: 'en' })).out).toContain('Visit number');
    expect((await opened.ask(['history', '--audit'])).document).toMatchObject({
      audit: [{ action: 'faults', what: day }, { action: 'faults' }],
    });
  });

  it('in a pipe: counts by rule, no entry time, nothing of a visit', async () => {
    const opened = desk();
    const { out, err } = await opened.say(list);
    expect(out).toMatch(/1 +gravite-code +\S+ +GRAVITE/);
    expect(out).toContain('--csv');
    expect(out + err).not.toContain('08:15');
    const { document } = await opened.ask(list, { terminal: true });
    expect(JSON.stringify(document)).not.toContain('08:15');
    expect(document['rules']).toEqual(
      expect.arrayContaining([expect.objectContaining({ rule: 'gravite-code', field: 'GRAVITE', count: 1 })]),
    );
    expect((await opened.ask(['history', '--audit'])).document).toEqual({ audit: [] });
  });

  it('shows the software’s own visit number where the mapping gives it, and it is kept nowhere', async () => {
    const opened = openDesk();
    const file = join(opened.root, 'software.yaml');
    writeFileSync(file, mapping);
    const config = JSON.parse(readFileSync(opened.configFile, 'utf8')) as {
      sources: { mappings: string[] }[];
    };
    config.sources[0]?.mappings.unshift(file);
    writeFileSync(opened.configFile, JSON.stringify(config));
    const content = `numero;finess;entree;sexe;gravite\nCANARI42;${facility};20/01/2026 08:00;F;9\n`;
    opened.put('software.csv', 20, { content, windowFrom: null, windowTo: null, mapping: 'software' });
    const { out } = await opened.say(list, { terminal: true });
    expect(out).toMatch(/2 +20\/01\/2026 08:00 +CANARI42 +\S*/);
    opened.database.db.pragma('wal_checkpoint(truncate)');
    expect(readFileSync(join(opened.root, 'state', 'agent.db')).includes('CANARI42')).toBe(false);
  });

  it('a newer export of the day stands for what an older one said', async () => {
    const opened = desk();
    const window = { windowFrom: day, windowTo: '2026-01-21' };
    opened.put('mended.xml', 5, { content: xml([fine(8), fine(9)]), ...window, trusted: 1 });
    expect(
      ((await opened.ask(list)).document['rules'] as { rule: string }[]).map(({ rule }) => rule),
    ).not.toContain('gravite-code');
    // Untrusted, it speaks of its own visits only.
    opened.put('added.xml', 6, { content: xml([wrong(14), wrong(15)]), ...window });
    expect((await opened.ask(list)).document).toMatchObject({ exports: 2 });
    expect((await opened.ask(list)).document['rules']).toEqual(
      expect.arrayContaining([expect.objectContaining({ rule: 'gravite-code', count: 2 })]),
    );
  });

  it('a visit that a newer export corrects is not listed for the older one, trusted or not', async () => {
    const opened = openDesk();
    const window = { windowFrom: day, windowTo: '2026-01-21' };
    opened.put('older.xml', 0, { content: xml([wrong(8), wrong(9)]), ...window });
    opened.put('newer.xml', 5, { content: xml([fine(8)]), ...window });
    const { out } = await opened.say(list, { terminal: true });
    expect(out).toMatch(/20\/01\/2026 09:15 +- +GRAVITE/);
    expect(out).not.toMatch(/20\/01\/2026 08:15 +- +GRAVITE/);
  });

  it('of HL7 messages: what was found when they came, without entry time or visit number', async () => {
    const opened = openDesk();
    const id = opened.put('mllp-1', -20, { mapping: 'pam-fr', windowFrom: null, windowTo: null });
    const finding = { rule: 'gravite-code', severity: 'warning', field: 'GRAVITE', line: null, record: 1 };
    opened.database.db
      .prepare(`insert into findings (export, origin, listed) values (?, 'agent', ?)`)
      .run(id, JSON.stringify([finding]));
    const config = JSON.parse(readFileSync(opened.configFile, 'utf8')) as {
      sources: { mappings: string[]; facility?: string }[];
    };
    const [first] = config.sources;
    if (first !== undefined) Object.assign(first, { mappings: ['pam-fr'], facility });
    writeFileSync(opened.configFile, JSON.stringify(config));
    expect((await opened.ask(list)).document).toMatchObject({ total: 1, exports: 1, unreadable: [] });
    expect((await opened.ask(['faults', '--day', '2026-01-19'])).document).toMatchObject({ total: 0 });
  });

  it('an export that cannot be read again is named, with why', async () => {
    const opened = desk();
    writeFileSync(join(opened.folder, 'week.xml'), 'changed');
    const { document } = await opened.ask(list);
    expect(document).toMatchObject({
      ...{ total: 0, exports: 0 },
      unreadable: [{ file: 'week.xml', code: 'resend-file-gone' }],
    });
    expect((await opened.say(list)).out).toContain('! week.xml');
  });

  it('--csv writes nothing into a source, where it would be taken for an export', async () => {
    const opened = desk();
    for (const file of [join(opened.folder, 'list.csv'), join(opened.folder, 'archive', 'list.csv')]) {
      expect(await opened.ask([...list, '--csv', file])).toMatchObject({
        code: 1,
        document: { error: { code: 'worklist-in-source' } },
      });
      expect(existsSync(file)).toBe(false);
    }
    const beside = join(opened.root, '..in.csv');
    expect((await opened.ask([...list, '--csv', beside])).code).toBe(0);
  });

  it('--csv writes a list its owner alone can read, that says when it ends', async () => {
    const opened = desk();
    const file = join(opened.root, 'list.csv');
    const { document } = await opened.ask([...list, '--csv', file]);
    expect(document).toMatchObject({ written: { file } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = readFileSync(file, 'utf8').split('\r\n');
    expect(lines[0]).toMatch(/^\uFEFFexpires;\d{4}-\d\d-\d\dT/);
    expect(lines[1]).toBe('Source;Fichier;Ligne;Entrée;N° de passage;Règle;Gravité;Champ;Explication');
    expect(lines.some((line) => line.includes(';20/01/2026 08:15;;gravite-code;'))).toBe(true);
    expect(await opened.ask([...list, '--csv', file])).toMatchObject({
      code: 1,
      document: { error: { code: 'worklist-not-written' } },
    });
    expect((await opened.ask(['history', '--audit'])).document).toMatchObject({
      audit: [{ action: 'faults', what: `${day} → ${file}` }],
    });
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+33', "'+33"],
    ['-2', "'-2"],
    ['@cmd', "'@cmd"],
    [' =x', "' =x"],
    ['\t=x', "'\t=x"],
    ['＝x', "'＝x"],
    ['a;b', '"a;b"'],
    ['say "x"', '"say ""x"""'],
    ['=HYPERLINK("a";"b")', '"\'=HYPERLINK(""a"";""b"")"'],
    ['A-1', 'A-1'],
  ])('a cell %j is written %j: never a formula', (text, written) => {
    expect(csvCell(text)).toBe(written);
  });
});

describe('expired lists', () => {
  it('are removed once past their day, and nothing else under their name is', async () => {
    const { root, database, ask } = openDesk();
    const [old, young, other, gone] = ['old', 'young', 'other', 'gone'].map((name) =>
      join(root, `${name}.csv`),
    );
    writeFileSync(old ?? '', `${expiryLine(1000)}\r\nx`);
    writeFileSync(young ?? '', `${expiryLine(3000)}\r\nx`);
    writeFileSync(other ?? '', 'the holiday plan');
    for (const path of [old, other, gone]) noteWorklist(database, path ?? '', 1000);
    noteWorklist(database, young ?? '', 3000);
    expect(await removeExpired(database, 2000)).toEqual({ removed: [old], kept: [] });
    expect([old, young, other].map((path) => existsSync(path ?? ''))).toEqual([false, true, true]);
    expect(database.all(`select path from worklists`)).toEqual([{ path: young }]);
    expect((await ask(['faults', '--clean'])).document).toEqual({ removed: [young], kept: [] });
  });
});

describe('muting', () => {
  const mute = [
    'faults',
    'mute',
    'gravite-code',
    '--until',
    '31/12/2099',
    '--reason',
    'logiciel en cours de correction',
  ];
  const inTime = mute.with(4, new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10));

  it('leaves a rule out of the list and counts it apart', async () => {
    const opened = desk();
    const before = (await opened.ask(list)).document;
    expect((await opened.say(inTime)).out).toContain('Sourdine n° 1 : gravite-code');
    const after = (await opened.ask(list)).document;
    expect(after).toMatchObject({ muted: 1, total: Number(before['total']) - 1 });
    expect(JSON.stringify(after['rules'])).not.toContain('gravite-code');
    expect((await opened.say(['faults', 'muted'], { language: 'en' })).out).toMatch(
      /1 +gravite-code +\* +\* +/,
    );
    expect((await opened.ask(['faults', 'unmute', '1'])).code).toBe(0);
    expect((await opened.ask(list)).document).toEqual(before);
    expect((await opened.say(['faults', 'muted'])).out).toBe('Rien n’est en sourdine.\n');
  });

  it('one field or one source at a time, as asked', async () => {
    const opened = desk();
    await opened.ask([...inTime, '--source', 'gardes']);
    await opened.ask([...inTime, '--field', 'DP']);
    expect((await opened.ask(list)).document).toMatchObject({ muted: 0 });
    await opened.ask([...inTime, '--source', 'urgences', '--field', 'GRAVITE']);
    expect((await opened.ask(list)).document).toMatchObject({ muted: 1 });
  });

  it('needs a rule that exists, an end within a year, and a reason; all of it is audited', async () => {
    const opened = desk();
    for (const [words, code] of [
      [inTime.with(2, 'no-such-rule'), 'rule-unknown'],
      [mute, 'mute-until'],
      [inTime.with(6, ' '), 'mute-reason'],
      [['faults', 'unmute', '7'], 'mute-unknown'],
    ] as const)
      expect(await opened.ask(words)).toMatchObject({ code: 1, document: { error: { code } } });
    await opened.ask(inTime);
    await opened.ask(['faults', 'unmute', '1']);
    expect((await opened.ask(['history', '--audit'])).document).toMatchObject({
      audit: [{ action: 'unmute' }, { action: 'mute' }],
    });
  });
});
