import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onCommandLine, type Spoken } from '../../support/command-line.ts';
import { labelsCsv } from '../../support/vendor-samples/labels-csv.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-map-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const mapping = `version: 1
name: essai
feed: ed-visits
format: { type: csv, delimiter: ";", requires: [FINESS, ARRIVEE] }
tables:
  sexe: { "1": M, "2": F }
fields:
  facility: FINESS
  visitId: NUM
  postalCode: CP
  birthDate: { from: NE, date: [dd/MM/yyyy] }
  sex: { from: SX, table: sexe }
  arrivedAt: { from: ARRIVEE, dateTime: ["yyyy-MM-dd HH:mm"] }
ignore: [NOM]
tests:
  - in: { SX: "2", ARRIVEE: "2026-01-11 09:42" }
    out: { sex: F, arrivedAt: "11/01/2026 09:42" }
`;

const head = 'FINESS;NUM;CP;NE;SX;ARRIVEE;NOM;BOX;VIDE';
const sample = [
  head,
  '990000010;V1;67120;13/02/1949;1;2026-01-05 10:20;OSTREBOIS;B1;',
  '990000010;V2;67130;15/03/1962;2;2026-01-05 11:30;VARNEUILLE;B2;',
  '990000010;V3;67140;16/04/1973;9;2026-01-05 12:40;KÉRIVANT;B1;',
  '990000010;V4;67150;17/05/1984;9;pas une date;DUBRANGE;B1;',
  '990000010;V5;67160;18/06/1995;9;2026-01-05 14:00;TISSANDRE;B1;',
  '990000010;V6;67170;19/07/1996;7;2026-01-05 15:10;ZWYLLER;B1;',
].join('\n');

/** Nothing of a patient on either stream. */
function expectHidden({ out, err }: Spoken): void {
  for (const value of ['OSTREBOIS', '67120', '13/02/1949', '1949', '10:20', 'V1'])
    expect(`${out}${err}`).not.toContain(value);
}

const scenes = [
  { language: 'fr', terminal: true },
  { language: 'fr', terminal: false },
  { language: 'en', terminal: true },
  { language: 'en', terminal: false },
] as const;

describe.each(scenes)('the map commands in $language, terminal: $terminal', (scene) => {
  const say = (...words: readonly string[]): Promise<Spoken> => onCommandLine(['map', ...words], scene);
  const isFrench = scene.language === 'fr';

  it('init writes a file, says what to check, and what comes next', async () => {
    const labels = labelsCsv('990000010');
    const [path, out] = [await file('export.csv', labels.content), join(folder, 'mon export.yaml')];
    const said = await say('init', '--out', out, '--facility', '990000010', path);
    expect(said.code).toBe(0);
    expect(said.out).toMatch(
      isFrench ? /écrit : 20 champ\(s\) trouvé\(s\) sur 20/ : /written: 20 of 20 field/,
    );
    expect(said.out).toContain('map check');
    expect(said.err.includes('%')).toBe(scene.terminal);
    const text = await readFile(out, 'utf8');
    expect(text).toContain('name: mon-export');
    expect(text).toContain(isFrench ? '# Valeurs inventées.' : '# Invented values.');
    expect(await say('check', out)).toMatchObject({ code: 0 });
    expect(await say('test', out)).toMatchObject({ code: 0 });
  });

  it('init never overwrites, and says which samples it cannot read', async () => {
    const path = await file('export.csv', labelsCsv('990000010').content);
    const there = await say('init', '--out', path, path);
    expect(there).toMatchObject({ code: 1, out: '' });
    expect(there.err).toContain('map-file-exists');
    const prose = await say('init', await file('lettre.txt', 'Bonjour,\nvoici le fichier.\n'));
    expect(prose.err).toContain('map-sample-unreadable');
    expect((await say('init', join(folder, 'nulle-part'))).err).toContain('map-sample-missing');
    expect((await say('init', '--facility', '123456789', path)).err).toContain('map-facility-invalid');
    expect((await say('init', '--feed', 'nothing', path)).err).toContain('feed-unknown');
    expect((await say('init', path, path, path)).err).toContain('map-samples-unrelated');
    expect((await say('init', '--out', join(folder, 'no', 'x.yaml'), path)).err).toContain('map-not-written');
  });

  it('init knows what the product reads by itself', async () => {
    const xml = await file('rpu.xml', '<?xml version="1.0"?><OSCOUR></OSCOUR>');
    expect((await say('init', xml)).out).toContain('rpu-2006');
    expect((await say('init', await file('adt.hl7', 'MSH|^~\\&|A\r'))).out).toContain('pam-fr');
  });

  it('check lists every fault with file, line, key, found and expected', async () => {
    const good = await file('good.yaml', mapping);
    const bad = await file(
      'bad.yaml',
      mapping.replace('table: sexe', 'table: sexes').replace('[dd/MM/yyyy]', '[jj/mm]'),
    );
    const said = await say('check', good, bad);
    expect(said.code).toBe(1);
    expect(said.out).toContain(isFrench ? `${good} : correcte` : `${good}: valid`);
    expect(said.out).toContain(`${bad}:11 fields.birthDate.date.0`);
    expect(said.out).toContain(`${bad}:12 fields.sex.table`);
    expect(said.out).toContain(isFrench ? 'attendu :' : 'expected:');
    expect((await say('check', join(folder, 'none.yaml'))).err).toContain('mapping-unreadable');
  });

  it('test shows what was expected and what was found', async () => {
    const path = await file('m.yaml', mapping.replace('out: { sex: F', 'out: { sex: M'));
    const said = await say('test', path);
    expect(said.code).toBe(1);
    expect(said.out).toContain(isFrench ? 'attendu « M », trouvé « F »' : 'expected "M", found "F"');
  });

  it('run shows records by the shape of their values, and what is wrong with them', async () => {
    const [path, data] = [await file('m.yaml', mapping), await file('d.csv', sample)];
    const said = await say('run', '--sample', '4', path, data);
    expect(said.code).toBe(0);
    expectHidden(said);
    expect(said.out).toContain('NAISSANCE 99/99/9999');
    expect(said.out).toContain('entree-unreadable');
    expect(said.out).toContain('sexe-code');
    expect(said.out).toMatch(/CP +3\/3/);
    expect(said.out).toContain(
      isFrench ? '3 enregistrement(s) acceptés, 1 refusé(s)' : '3 record(s) accepted, 1 rejected',
    );
  });

  it('run shows values on a terminal only', async () => {
    const [path, data] = [await file('m.yaml', mapping), await file('d.csv', sample)];
    const said = await say('run', '--show-values', path, data);
    if (scene.terminal) expect(said.out).toContain('NAISSANCE 13/02/1949');
    else {
      expect(said).toMatchObject({ code: 1, out: '' });
      expect(said.err).toContain('map-values-in-pipe');
    }
    const asJson = await say('run', '--show-values', '--json', path, data);
    expect(asJson.err).toContain('map-values-in-pipe');
    expectHidden(asJson);
  });

  it('coverage shows forgotten columns, blank ones, codes nobody knows, and the targets', async () => {
    const [path, data] = [await file('m.yaml', mapping), await file('d.csv', sample)];
    const said = await say('coverage', path, data);
    expect(said.code).toBe(0);
    expectHidden(said);
    expect(said.out).toContain('BOX');
    expect(said.out).toMatch(isFrench ? /toujours vides : VIDE/ : /always blank: VIDE/);
    expect(said.out).toMatch(/^sex +3 +9$/m);
    expect(said.out).toContain(isFrench ? '1 autre(s) valeur(s) inconnue(s)' : '1 other unknown value(s)');
    expect(said.out).toMatch(
      isFrench ? /CP +5 +5 +100 % +100 % +atteint/ : /CP +5 +5 +100 % +100 % +reached/,
    );
    expect(said.out).toMatch(isFrench ? /COMMUNE +0 +5 +0 % +100 % +insuffisant/ : /COMMUNE +0 .*too low/);
  });

  it('diff tells by field and by record what would change', async () => {
    const old = await file('old.yaml', mapping);
    const renewed = await file(
      'new.yaml',
      mapping
        .replace('"2": F', '"2": F, "9": I')
        .replace('  postalCode: CP\n', '')
        .replace('["yyyy-MM-dd HH:mm"]', '["yyyy-MM-dd HH:mm"], otherwise: { const: "05/01/2026 00:00" }'),
    );
    const data = await file('d.csv', sample);
    const said = await say('diff', '--sample', '3', old, renewed, data);
    expect(said.code).toBe(0);
    expectHidden(said);
    expect(said.out).toMatch(/^CP +0 +5 +0 +0$/m);
    expect(said.out).toMatch(/^SEXE +0 +0 +2 +3$/m);
    expect(said.out).toContain('d.csv:2');
    expect(said.out).toContain('CP 99999 → ∅');
    expect(said.out).toContain(isFrench ? 'et 3 autre(s)' : 'and 3 more');
    const whole = await say('diff', old, renewed, data);
    expect(whole.out).toContain(
      isFrench ? 'd.csv:5 : refusé avant, accepté après' : 'd.csv:5: rejected before, accepted after',
    );
    const back = await say('diff', renewed, old, data);
    expect(back.out).toMatch(/^CP +5 +0 +0 +0$/m);
    const same = await say('diff', old, old, data);
    expect(same.out).toContain(isFrench ? 'Rien ne changerait.' : 'Nothing would change.');
    const values = await say('diff', '--show-values', old, renewed, data);
    if (scene.terminal) expect(values.out).toContain('CP 67120 → ∅');
    else expect(values.err).toContain('map-values-in-pipe');
  });
});

describe('the map commands in JSON', () => {
  const ask = async (...words: readonly string[]): Promise<unknown> =>
    JSON.parse((await onCommandLine(['map', ...words, '--json'])).out);

  it('answer one document each', async () => {
    const [path, data] = [await file('m.yaml', mapping), await file('d.csv', sample)];
    expect(await ask('check', path)).toEqual({ ok: true, files: [{ file: path, faults: [] }] });
    expect(await ask('test', path)).toEqual({ ok: true, files: [{ file: path, tests: 1, failed: [] }] });
    expect(await ask('run', path, data)).toMatchObject({
      records: [
        { line: 2, record: 1, accepted: true, fields: { postalCode: ['99999'], visitId: ['#'] } },
        {},
        {},
        { accepted: false },
        {},
        {},
      ],
      presence: { CP: 5, COMMUNE: 0 },
    });
    expect(await ask('coverage', path, data)).toMatchObject({
      accepted: 5,
      rejected: 1,
      files: [
        {
          unmapped: ['BOX', 'VIDE'],
          empty: ['VIDE'],
          unknownCodes: [{ field: 'sex', code: '9', count: 3 }],
          hiddenCodes: 1,
        },
      ],
    });
    expect(await ask('diff', path, path, data)).toMatchObject({
      accepted: { old: 5, new: 5 },
      rejected: { old: 1, new: 1 },
      differing: 0,
    });
    expect(await ask('init', data)).toMatchObject({ file: null, joined: false });
  });

  it('hold no value of the sample', async () => {
    const [path, data] = [await file('m.yaml', mapping), await file('d.csv', sample)];
    for (const words of [
      ['init', data],
      ['run', path, data],
      ['coverage', path, data],
      ['diff', path, path, data],
    ])
      expectHidden(await onCommandLine(['map', ...words, '--json']));
  });
});

describe('map init', () => {
  it('says what it found on a title above the table, and skips it', async () => {
    const said = await onCommandLine(['map', 'init', await file('t.csv', `Export du service\n${sample}\n`)]);
    expect(said.out).toContain('skipLines: 1');
    expect(said.out).toContain('arrivedAt: { from: ARRIVEE');
  });

  it('takes tab-separated records without header for what they are', async () => {
    const rows = sample.split('\n').slice(1).join('\n').replaceAll(';', '\t');
    const said = await onCommandLine(['map', 'init', await file('dump.txt', `${rows}\n${rows}\n`)]);
    expectHidden(said);
    expect(said.out).toContain('header: no');
    expect(said.out).toContain('delimiter: "\\t"');
    expect(said.out).toContain('birthDate: { from: C4');
  });

  it('proposes a mapping for another feed too', async () => {
    const beds =
      'FINESS;ZONE;LIBELLE_UNITE;DATE_HEURE;STATUT;LITS_DISPONIBLES\n990000010;Z1;Médecine;05/01/2026 10:00;01;4\n990000010;Z2;Chirurgie;05/01/2026 10:00;01;2\n';
    const out = join(folder, 'lits.yaml');
    const said = await onCommandLine([
      'map',
      'init',
      '--feed',
      'bed-availability',
      '--out',
      out,
      await file('b.csv', beds),
    ]);
    expect(said.code).toBe(0);
    expect(await onCommandLine(['map', 'check', out])).toMatchObject({ code: 0 });
    expect(await onCommandLine(['map', 'test', out])).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toContain('zoneId: ZONE');
  });

  it('joins two samples without a common number by birth date and minute of arrival', async () => {
    const rows = Array.from({ length: 9 }, (_, row) => row + 1);
    const medical = rows.map((row) => `${1940 + row * 7}-03-0${row};2026-01-05 10:2${row}:00;J18${row};2`);
    const office = rows.map(
      (row) => `0${row}/03/${1940 + row * 7};05/01/2026;10h2${row};6712${row};VALMORTE`,
    );
    const first = await file('med.csv', ['NE;ENTREE;DP;CCMU', ...medical].join('\n'));
    const second = await file('adm.csv', ['DDN;DT_ADM;HR_ADM;CP;VILLE', ...office.toReversed()].join('\n'));
    const out = join(folder, 'deux.yaml');
    const options = ['--facility', '990000010', '--out', out];
    expect(await onCommandLine(['map', 'init', ...options, first, second])).toMatchObject({ code: 0 });
    expect(await onCommandLine(['map', 'check', out])).toMatchObject({ code: 0 });
    const said = await onCommandLine(['map', 'run', '--json', out, first, second]);
    expect(said.code).toBe(0);
    const { presence } = JSON.parse(said.out) as { readonly presence: Readonly<Record<string, number>> };
    expect(presence).toMatchObject({ ENTREE: 9, DP: 9, CP: 9, COMMUNE: 9, visitId: 9 });
  });

  it('refuses two samples that have nothing in common', async () => {
    const other = await file('o.csv', 'A;B;C;D\n1x;2;3;4\n5x;6;7;8\n');
    const said = await onCommandLine(['map', 'init', await file('d.csv', sample), other]);
    expect(said.err).toContain('map-samples-unrelated');
  });

  it('refuses counts that are none, and mappings of two feeds', async () => {
    const [path, data] = [await file('m.yaml', mapping), await file('d.csv', sample)];
    expect((await onCommandLine(['map', 'run', '--sample', 'x', path, data])).err).toContain(
      'map-count-invalid',
    );
    expect((await onCommandLine(['map', 'diff', path, 'beds-csv', data])).err).toContain('map-feeds-differ');
  });
});
