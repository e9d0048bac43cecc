import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redact } from '../../../agent/commands/map/redact.ts';
import { reportDump } from '../../support/blind-samples/x.ts';
import { onCommandLine, type Spoken } from '../../support/command-line.ts';
import { createHearing } from '../../support/pam-hearing.ts';
import { generatePam } from '../../support/pam-generator.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-other-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const say = (...words: readonly string[]): Promise<Spoken> => onCommandLine(['map', ...words]);
const facility = ['--facility', '990000010'];

describe('samples that are no table', () => {
  const report = reportDump().files[0]?.content ?? Buffer.alloc(0);
  const text = iconv.decode(report, 'windows-1252');
  const kinds: readonly (readonly [string, Buffer, string])[] = [
    ['nothing at all', Buffer.alloc(0), 'export-empty'],
    ['blanks', Buffer.from('  \r\n\r\n'), 'export-empty'],
    ['UTF-16', iconv.encode(text, 'utf-16'), 'encoding-utf16'],
    [
      'a workbook',
      Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(4000, 0x9c)]),
      'map-sample-unreadable',
    ],
    ['JSON', Buffer.from('{"visits":[{"id":1}]}\n'), 'map-sample-unreadable'],
    ['other XML', Buffer.from('<html><body>500</body></html>'), 'map-sample-unreadable'],
  ];

  it.each(kinds)(
    '%s is named for what it is, without a trace of an error inside',
    async (_kind, content, code) => {
      const said = await say('init', await file('sample', content));
      expect(said).toMatchObject({ code: 1, out: '' });
      expect(said.err).toContain(code);
      expect(said.err).toContain('→');
      expect(said.err).not.toMatch(/\bat .*\.ts/);
    },
  );
});

describe('samples of HL7 messages', () => {
  const spoken = generatePam(7, { patients: 12, steps: 80 });
  const messages = spoken.messages.map(({ text }) => text).join('\r');
  const hearing = createHearing();
  for (const { text } of spoken.messages) hearing.hear(text);
  const visits = spoken.visits.filter(({ visit }) => hearing.visit(visit, Date.now()).emergency !== null);

  it('run and coverage put them together as visits', async () => {
    const path = await file('adt.hl7', `${messages}\r`);
    const said = await say('coverage', 'pam-fr', path, ...facility, '--json');
    expect(said.code).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ accepted: visits.length, rejected: 0 });
    expect(visits.length).toBeGreaterThan(5);
    const run = await say('run', 'pam-fr', path, ...facility, '--sample', '3');
    expect(run.code).toBe(0);
    expect(run.out).toMatch(/ENTREE +3\/3/);
    for (const { visit } of visits) expect(run.out).not.toContain(visit);
  });

  it('say of a refused message where it stands and which field is at fault', async () => {
    const wrong = 'MSH|^~\\&|A|B|C|D|20260105||ORU^R01|1|P|2.5\r';
    const said = await say('coverage', 'pam-fr', await file('a.hl7', `${wrong}${messages}\r`), ...facility);
    expect(said.out).toContain(`${visits.length} enregistrement(s) acceptés, 1 refusé(s)`);
    expect(said.out).toContain('1 × adt-type-unsupported (MSH-9)');
  });

  it('need the facility, which no message says', async () => {
    const said = await say('run', 'pam-fr', await file('adt.hl7', messages));
    expect(said.err).toContain('map-facility-needed');
    expect(said.err).toContain('--facility');
  });

  it('are not found in a table', async () => {
    const said = await say('run', 'pam-fr', await file('t.csv', 'A;B;C;D\n1;2;3;4\n'), ...facility);
    expect(said.err).toContain('hl7-header-missing');
  });
});

describe('coverage', () => {
  const mapping = `version: 1
name: essai
feed: ed-visits
format: { type: csv, delimiter: ";", requires: [ARRIVEE] }
fields:
  facility: { const: "990000010" }
  arrivedAt: { from: ARRIVEE, dateTime: ["yyyy-MM-dd HH:mm"] }
  reason: MOTIF
  transport: TR
`;
  const sample =
    'ARRIVEE;MOTIF;TR\n2026-01-05 10:20;mal au dos;AMBU\n;chute;AMBU\n2026-01-05 12:00;chute;ZIDANCE\n';

  it.each([
    ['fr', '1 × entree-missing', 'transport : lignes 4 de', '2 texte(s) libre(s) non comptés'],
    ['en', '1 × entree-missing', 'transport: lines 4 of', '2 free text(s) not counted'],
  ] as const)(
    'says in %s why records are rejected, where rare codes stand, what stays',
    async (language, ...texts) => {
      const said = await onCommandLine(
        ['map', 'coverage', await file('m.yaml', mapping), await file('d.csv', sample)],
        { language, terminal: false },
      );
      for (const text of texts) expect(said.out).toContain(text);
      expect(said.out).not.toContain('ZIDANCE');
      expect(said.out).not.toContain('chute');
    },
  );
});

describe('check', () => {
  const faulty = `version: 1
name: Cinq Fautes
feed: ed-visits
format: { type: csv, delimiter: ";;", requires: [ENTREE] }
tables:
  sexe: { "1": M, "2": F }
fields:
  arrivedAt: { from: ENTREE, dateTime: [jj/MM/aaaa HH:mm] }
  sex: { from: SEXE, table: sex }
  postalCode: { from: CP, do: [majuscule] }
  gravite: CCMU
`;

  it.each(['fr', 'en'] as const)('tells faults of shape and of sense together, in %s', async (language) => {
    const path = await file('five.yaml', faulty);
    const said = await onCommandLine(['map', 'check', path], { language, terminal: false });
    const lines = said.out
      .trim()
      .split('\n')
      .map((line) => line.slice(path.length + 1).split(' ')[0]);
    expect(lines).toEqual(['2', '4', '8', '9', '10', '11']);
    expect(said.out).toContain(language === 'fr' ? 'attendu :' : 'expected:');
  });

  it('shows the line that is no YAML', async () => {
    const said = await say('check', await file('x.yaml', 'version: 1\nfields: a: b\n'));
    expect(said.out).toContain(':2');
    expect(said.out).toContain('fields: a: b');
  });
});

describe('what is shown of a value', () => {
  it('is its shape where it is a code, a date or a number, and not even the length of words else', () => {
    expect(['14/02/1951', 'J18.9', 'PARAMED', '2A004'].map(redact)).toEqual([
      '99/99/9999',
      'X99.9',
      'XXXXXXX',
      '9X999',
    ]);
    expect(['Saint-Étienne-du-Bois', 'Strasbourg', "Le Bo'is", 'chute 2 m'].map(redact)).toEqual([
      'X-X-X-X',
      'X',
      "X X'X",
      'X 9 X',
    ]);
  });
});
