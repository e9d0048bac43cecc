import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { french, visitsOf } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml, type RpuFile, type Visit } from '../support/rpu-text.ts';

/** A hospital whose old script still runs: what it sent is in `old`, what its software exports is in `in`. */
const facility = finess(871);
const days = [5, 6, 7, 8, 9, 10, 11, 12];
const perDay = 8;
let folder: string;
let config: string;

/** Distinct visits with everything filled in; their reason and town are values nobody may print. */
const visits = (day: number): Visit[] =>
  visitsOf(day, perDay, (index) => ({
    ...{ cp: `6700${index}`, commune: 'SECRETVILLE', motif: 'R104', gravite: '2', dp: 'R104' },
    ...{ sortie: `${french(day)} 2${index % 4}:15`, modeSortie: '8', sexe: index % 2 === 0 ? 'F' : 'M' },
  }));

function file(day: number, of: readonly Visit[], change: Partial<RpuFile> = {}): string {
  return rpuXml({
    ...{ finess: facility, extract: `${french(day + 1)} 03:00:00`, from: french(day), to: french(day) },
    ...{ visits: of, ...change },
  }).replaceAll('><', '>\n<');
}

const nameOf = (day: number): string => `RPU_DUPONT_${String(day).padStart(2, '0')}.xml`;
const old = (day: number, text: string): void => writeFileSync(join(folder, 'old', nameOf(day)), text);
const ours = (day: number, text: string): void => writeFileSync(join(folder, 'in', nameOf(day)), text);

interface Answer {
  readonly ready: boolean;
  readonly good: number;
  readonly old: {
    files: number;
    unreadable: { file: string; code: string }[];
    oddities: { oddity: string }[];
  };
  readonly ours: { files: number };
  readonly days: readonly {
    day: string;
    verdict: string;
    open: boolean;
    old: number;
    ours: number;
    onlyOld: number;
    onlyOurs: number;
    differing: number;
    tags: Record<string, { changed: number; onlyOld: number; onlyOurs: number }>;
    placesOnlyOld: { file: string; line: number }[];
    placesDiffering: { file: string; line: number }[];
  }[];
}

async function shadow(...words: string[]): Promise<Answer & { code: number; text: string }> {
  const said = await onCommandLine(['shadow', join(folder, 'old'), '--json', '--config', config, ...words]);
  expect(said.err).toBe('');
  return { ...(JSON.parse(said.out) as Answer), code: said.code, text: said.out };
}

const verdicts = ({ days: told }: Answer): string[] => told.map(({ verdict }) => verdict);

function configure(mappings: readonly string[], more: object = {}): void {
  writeFileSync(
    config,
    JSON.stringify({
      state: join(folder, 'state'),
      sources: [{ name: 'urgences', folder: join(folder, 'in'), facility, mappings, ...more }],
    }),
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-shadow-'));
  for (const name of ['old', 'in']) mkdirSync(join(folder, name));
  config = join(folder, 'agent.yaml');
  configure(['rpu-2006']);
  for (const day of days) {
    old(day, file(day, visits(day)));
    ours(day, file(day, visits(day)));
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the same data', () => {
  it('is the same, and one can switch', async () => {
    const found = await shadow();
    expect(verdicts(found)).toEqual(days.map(() => 'same'));
    expect(found).toMatchObject({ code: 0, ready: true, good: days.length, ours: { files: 8 } });
    expect(found.days[0]).toMatchObject({ day: '2026-01-05', old: perDay, ours: perDay, tags: {} });
  });

  it('sends nothing, makes nothing and moves nothing', async () => {
    await shadow();
    expect(readdirSync(folder).sort()).toEqual(['agent.yaml', 'in', 'old']);
    expect(readdirSync(join(folder, 'in'))).toHaveLength(days.length);
  });

  it('is found in the archive as well as in the folder', async () => {
    rmSync(join(folder, 'in'), { recursive: true });
    mkdirSync(join(folder, 'in/archive/2026/01/13'), { recursive: true });
    for (const day of days)
      writeFileSync(join(folder, 'in/archive/2026/01/13', nameOf(day)), file(day, visits(day)));
    expect((await shadow()).ready).toBe(true);
    // Archived before the first day that is compared: it cannot speak of it.
    mkdirSync(join(folder, 'in/archive/2026/01/02'), { recursive: true });
    writeFileSync(join(folder, 'in/archive/2026/01/02/x.xml'), file(5, []));
    expect((await shadow()).ours.files).toBe(days.length);
  });

  it('through another format and a mapping of the hospital is the same too', async () => {
    const mapping = join(folder, 'soft.yaml');
    writeFileSync(
      mapping,
      `version: 1
name: soft
feed: ed-visits
format: { type: csv, requires: [arrivee] }
fields:
  facility: { const: "${facility}" }
  postalCode: cp
  commune: ville
  birthDate: ne
  sex: sexe
  arrivedAt: arrivee
  arrivalMode: { const: "8" }
  origin: { const: "5" }
  transport: { const: PERSO }
  transportCare: { const: AUCUN }
  reason: motif
  severity: ccmu
  principalDiagnosis: diag
  departedAt: sortie
  departureMode: { const: "8" }
`,
    );
    configure([mapping]);
    for (const day of days) {
      rmSync(join(folder, 'in', nameOf(day)));
      const rows = visits(day).map((each) => [
        each.cp,
        each.commune,
        each.naissance,
        each.sexe,
        each.entree,
        each.motif,
        each.gravite,
        'r10.4',
        `${each.sortie ?? ''}:00`,
      ]);
      const text = [
        'cp;ville;ne;sexe;arrivee;motif;ccmu;diag;sortie',
        ...rows.map((row) => row.join(';')),
      ].join('\n');
      writeFileSync(join(folder, 'in', `export-${day}.csv`), text);
    }
    // Its reason is a code, so that nothing of it is withheld.
    expect(verdicts(await shadow())).toEqual(days.map(() => 'same'));
  });
});

it('of a source of OpenPGP messages is the same too', async () => {
  const made = await openpgp.generateKey({ userIDs: [{ name: 'source' }], format: 'armored' });
  const encryptionKeys = await openpgp.readKey({ armoredKey: made.publicKey });
  writeFileSync(join(folder, 'source.key'), made.privateKey);
  configure(['rpu-2006'], { decrypt: { privateKeyFile: join(folder, 'source.key') } });
  for (const day of days) {
    const message = await openpgp.createMessage({ text: file(day, visits(day)) });
    const options = { message, encryptionKeys };
    const sealed = Buffer.from(await openpgp.encrypt({ ...options, format: 'armored' }));
    rmSync(join(folder, 'in', nameOf(day)));
    writeFileSync(join(folder, 'in', `${nameOf(day)}.gpg`), sealed);
  }
  expect(verdicts(await shadow())).toEqual(days.map(() => 'same'));
});

describe('what differs', () => {
  it('free text that the agent would withhold is told as missing', async () => {
    const mapping = join(folder, 'own.yaml');
    const withText = (each: Visit): Visit => ({ ...each, motif: 'chute de sa hauteur' });
    writeFileSync(
      mapping,
      `version: 1
name: own
feed: ed-visits
format: { type: csv, requires: [arrivee] }
fields:
  facility: { const: "${facility}" }
  arrivedAt: arrivee
  birthDate: ne
  sex: sexe
  postalCode: cp
  reason: motif
`,
    );
    rmSync(join(folder, 'in'), { recursive: true });
    mkdirSync(join(folder, 'in'));
    old(5, file(5, visits(5).map(withText)));
    const rows = visits(5).map(withText);
    const text = rows.map((each) => [each.entree, each.naissance, each.sexe, each.cp, each.motif].join(';'));
    writeFileSync(join(folder, 'in', 'a.csv'), ['arrivee;ne;sexe;cp;motif', ...text].join('\n'));
    configure([mapping]);
    expect((await shadow()).days[0]?.tags['MOTIF']).toMatchObject({ onlyOld: perDay });
    configure([mapping], { freeText: ['reason'] });
    expect((await shadow()).days[0]?.tags['MOTIF']).toBeUndefined();
  });

  it('a mapping fault is told by tag, with lines of the source, and stops the switch', async () => {
    ours(
      9,
      file(
        9,
        visits(9).map((each) => ({ ...each, modeSortie: '7', dp: '' })),
      ),
    );
    const found = await shadow();
    const day = found.days.find(({ verdict }) => verdict === 'differs');
    expect(day).toMatchObject({ day: '2026-01-09', differing: perDay, onlyOld: 0, onlyOurs: 0 });
    expect(day?.tags).toEqual({
      MODE_SORTIE: { changed: perDay, onlyOld: 0, onlyOurs: 0 },
      DP: { changed: 0, onlyOld: perDay, onlyOurs: 0 },
    });
    expect(day?.placesDiffering[0]).toMatchObject({ file: nameOf(9) });
    expect(day?.placesDiffering[0]?.line).toBeGreaterThan(5);
    expect(found).toMatchObject({ code: 1, ready: false, good: 3 });
    expect((await shadow('--enough', '3')).ready).toBe(true);
  });

  it('a fault in what tells visits apart is still told by tag', async () => {
    ours(
      9,
      file(
        9,
        visits(9).map((each) => ({ ...each, naissance: '01/01/1900' })),
      ),
    );
    const day = (await shadow()).days.find(({ verdict }) => verdict !== 'same');
    expect(day).toMatchObject({ verdict: 'differs', onlyOld: 0, onlyOurs: 0 });
    expect(day?.tags).toEqual({ NAISSANCE: { changed: perDay, onlyOld: 0, onlyOurs: 0 } });
  });

  it('what neither side can carry is no difference', async () => {
    // The old script blanked an unknown code; so will the region.
    old(
      9,
      file(
        9,
        visits(9).map((each) => ({ ...each, orient: '' })),
      ),
    );
    ours(
      9,
      file(
        9,
        visits(9).map((each) => ({ ...each, orient: 'NOCODE' })),
      ),
    );
    expect(verdicts(await shadow())).toEqual(days.map(() => 'same'));
  });

  it('a visit that the agent would not send is told with its line in the old file', async () => {
    ours(9, file(9, visits(9).slice(1)));
    const day = (await shadow()).days.find(({ verdict }) => verdict === 'less');
    expect(day).toMatchObject({ day: '2026-01-09', old: perDay, ours: perDay - 1, onlyOld: 1 });
    expect(day?.placesOnlyOld).toEqual([{ file: nameOf(9), line: expect.any(Number) as number }]);
  });

  it('a day that the agent has not is told', async () => {
    rmSync(join(folder, 'in', nameOf(12)));
    const found = await shadow();
    expect(found.days.at(-1)).toMatchObject({ ours: 0, old: perDay, onlyOld: perDay });
    expect(found.days.at(-1)?.verdict).toBe('less');
  });

  it('a day or a value that the old script lost counts for the agent', async () => {
    rmSync(join(folder, 'old', nameOf(8)));
    old(
      9,
      file(
        9,
        visits(9).map((each) => ({ ...each, dp: '' })),
      ),
    );
    const found = await shadow();
    expect(verdicts(found)).toEqual(['same', 'same', 'same', 'more', 'more', 'same', 'same', 'same']);
    expect(found.ready).toBe(true);
  });

  it('a truncated old file is named, and its day is the agent’s', async () => {
    old(9, file(9, visits(9)).slice(0, 2500));
    const found = await shadow();
    expect(found.old.unreadable).toEqual([
      { file: nameOf(9), code: expect.stringMatching(/^[a-z-]+$/) as string },
    ]);
    expect(found.days[4]).toMatchObject({ old: 0, ours: perDay, verdict: 'more' });
  });

  it('an encrypted old file is named as such', async () => {
    writeFileSync(join(folder, 'old', 'RPU.xml.gpg'), 'x');
    expect((await shadow()).old.unreadable).toEqual([{ file: 'RPU.xml.gpg', code: 'shadow-encrypted' }]);
  });

  it('a later export replaces an earlier one on both sides', async () => {
    for (const put of [old, ours]) put(20, file(9, visits(9).slice(2), { extract: '20/01/2026 04:00:00' }));
    const found = await shadow();
    expect(found.days[4]).toMatchObject({ old: perDay - 2, ours: perDay - 2, verdict: 'same' });
  });

  it('odd headers of the old script are told', async () => {
    old(9, file(9, visits(10), { extract: '', to: french(10) }));
    old(10, file(10, [...visits(10), ...visits(11)]));
    const found = await shadow();
    expect(found.old.oddities.map(({ oddity }) => oddity)).toEqual(['extract-missing', 'outside-window']);
  });

  it('the day of the last extraction is not judged: it was not over', async () => {
    for (const put of [old, ours])
      put(
        13,
        file(13, put === old ? visits(13) : visits(13).slice(1), { extract: `${french(13)} 12:00:00` }),
      );
    for (const day of days) {
      old(day, file(day, visits(day)));
      ours(day, file(day, visits(day)));
    }
    const found = await shadow();
    expect(found.days.at(-1)).toMatchObject({ day: '2026-01-13', open: true, onlyOld: 1 });
    expect(found.ready).toBe(true);
  });
});

describe('the command', () => {
  it('speaks both languages, on a terminal and in a pipe, and never says a value', async () => {
    ours(
      9,
      file(
        9,
        visits(9).map((each, index) => ({
          ...each,
          dp: '',
          ...(index === 0 ? { naissance: '01/01/1900', entree: `${french(9)} 05:05` } : {}),
        })),
      ),
    );
    for (const terminal of [true, false]) {
      const words = ['shadow', join(folder, 'old'), '--config', config];
      const fr = await onCommandLine(words, { language: 'fr', terminal });
      const en = await onCommandLine(words, { language: 'en', terminal });
      expect(fr.out).toContain('2026-01-09');
      expect(fr.out).toContain('Pas encore : 3 jour(s) de suite');
      expect(en.out).toContain('Not yet: 3 day(s) in a row');
      expect(en.out).toContain('visit missing at the agent');
      for (const { out, err } of [fr, en])
        expect(out + err).not.toMatch(/SECRETVILLE|R104|01\/01\/1900|6700\d|05:05/);
    }
    expect((await shadow()).text).not.toMatch(/SECRETVILLE|R104|01\/01\/1900|6700\d|05:05/);
  });

  it('takes days, and refuses what is none', async () => {
    expect((await shadow('--from', '2026-01-06', '--to', '2026-01-07')).days).toHaveLength(2);
    const refused = async (...words: string[]): Promise<string> =>
      (await onCommandLine(['shadow', join(folder, 'old'), '--config', config, ...words])).err;
    expect(await refused('--from', '06/01/2026')).toContain('shadow-day');
    expect(await refused('--enough', 'x')).toContain('shadow-enough');
    expect(await refused('--source', 'x')).toContain('shadow-source');
  });

  it('says when there is nothing to compare with', async () => {
    const refused = async (path: string): Promise<string> =>
      (await onCommandLine(['shadow', path, '--config', config], { language: 'en' })).err;
    mkdirSync(join(folder, 'empty'));
    expect(await refused(join(folder, 'empty'))).toContain('shadow-nothing-old');
    expect(await refused(join(folder, 'absent'))).toContain('shadow-folder');
  });
});
