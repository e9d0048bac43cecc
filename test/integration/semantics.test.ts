import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finess, readRpuXml, replay, rpuXml, type RpuFile, type Visit } from '../support/rpu-text.ts';
import { runSandbox, type ContractExport, type SandboxRun } from '../support/sandbox-run.ts';

/**
 * How an export replaces what the region holds, seen from outside: real processes, real TLS, one run of the sandbox
 * contract over a folder in which every facility is one story.
 */
const files: Record<string, string | Buffer> = {};
let number = 100;

interface Story {
  readonly finess: string;
  add(name: string, content: RpuFile | string | Buffer): void;
  results(): readonly ContractExport[];
  national(): readonly ReturnType<typeof readRpuXml>[];
  held(): readonly Readonly<Record<string, string>>[];
}

let run: SandboxRun;

function story(): Story {
  const id = finess((number += 1));
  let count = 0;
  const names: string[] = [];
  return {
    finess: id,
    add: (name, content) => {
      const file = `${id}-${String((count += 1)).padStart(2, '0')}-${name}`;
      names.push(file);
      files[file] = typeof content === 'string' || Buffer.isBuffer(content) ? content : rpuXml(content);
    },
    results: () =>
      names.map((name) => {
        const found = run.answer.exports.filter((each) => each.file === name);
        if (found.length !== 1 || found[0] === undefined) throw new Error(`${name}: ${found.length} results`);
        return found[0];
      }),
    national: () =>
      run.answer.forwarded
        .filter((name) => name.startsWith(`oscour/O${id}_`))
        .map((name) => readRpuXml(run.read(name))),
    held: () =>
      replay(
        run.answer.forwarded
          .filter((name) => name.startsWith('oscour/'))
          .map((name) => readRpuXml(run.read(name))),
      ).get(id) ?? [],
  };
}

const day = (d: number): string => `${String(d).padStart(2, '0')}/01/2026`;
const visits = (d: number, n: number, from = 0): Visit[] =>
  Array.from({ length: n }, (_none, index) => ({
    entree: `${day(d)} ${String(Math.floor((from + index) / 60)).padStart(2, '0')}:${String((from + index) % 60).padStart(2, '0')}`,
    naissance: `01/01/${1930 + ((from + index) % 80)}`,
  }));

const correction = story();
correction.add('first.xml', {
  finess: correction.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: [
    { entree: `${day(5)} 10:00`, dp: 'J189' },
    { entree: `${day(5)} 11:00` },
    { entree: `${day(6)} 12:00` },
  ],
});
correction.add('second.xml', {
  finess: correction.finess,
  extract: '07/01/2026 12:00:00',
  from: day(5),
  to: day(6),
  visits: [
    { entree: `${day(5)} 10:00`, dp: 'J180' },
    { entree: `${day(6)} 12:00` },
    { entree: `${day(6)} 13:00` },
  ],
});

const outside = story();
outside.add('first.xml', {
  finess: outside.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 4),
});
outside.add('wrong-window.xml', {
  finess: outside.finess,
  extract: '08/01/2026 02:00:00',
  from: day(5),
  to: day(5),
  visits: visits(6, 2),
});

const late = story();
late.add('newer.xml', {
  finess: late.finess,
  extract: '08/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 3),
});
late.add('older.xml', {
  finess: late.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: [...visits(5, 2), ...visits(6, 2)],
});

const cutLike = story();
cutLike.add('whole.xml', {
  finess: cutLike.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: [...visits(5, 20), ...visits(6, 20)],
});
cutLike.add('half.xml', {
  finess: cutLike.finess,
  extract: '08/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: [...visits(5, 20), { entree: `${day(6)} 23:00` }],
});

const rekeyed = story();
rekeyed.add('whole.xml', {
  finess: rekeyed.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 40),
});
rekeyed.add('other-keys.xml', {
  finess: rekeyed.finess,
  extract: '08/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 40, 100),
});

const again = story();
again.add('once.xml', {
  finess: again.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 3),
});
again.add('twice.xml', {
  finess: again.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 3),
});
again.add('same-visits-later.xml', {
  finess: again.finess,
  extract: '08/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 3),
});

const emptied = story();
emptied.add('first.xml', {
  finess: emptied.finess,
  extract: '07/01/2026 02:00:00',
  from: day(4),
  to: day(6),
  visits: [...visits(4, 2), ...visits(6, 4)],
});
emptied.add('second.xml', {
  finess: emptied.finess,
  extract: '08/01/2026 02:00:00',
  from: day(4),
  to: day(6),
  visits: visits(6, 4),
});

const twins = story();
twins.add('twins.xml', {
  finess: twins.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(5),
  visits: [
    { entree: `${day(5)} 10:00`, naissance: day(5), dp: 'P073' },
    { entree: `${day(5)} 10:00`, naissance: day(5), dp: 'P071' },
  ],
});
twins.add('twins-swapped.xml', {
  finess: twins.finess,
  extract: '08/01/2026 02:00:00',
  from: day(5),
  to: day(5),
  visits: [
    { entree: `${day(5)} 10:00`, naissance: day(5), dp: 'P071' },
    { entree: `${day(5)} 10:00`, naissance: day(5), dp: 'P073' },
  ],
});

const clock = story();
clock.add('night.xml', {
  finess: clock.finess,
  extract: '26/10/2025 09:00:00',
  from: '25/10/2025',
  to: '26/10/2025',
  visits: [
    { entree: '26/10/2025 02:30' },
    { entree: '26/10/2025 02:30', naissance: '02/02/1962' },
    { entree: '26/10/2025 03:10' },
  ],
});

const future = story();
future.add('future.xml', {
  finess: future.finess,
  extract: '01/01/2099 02:00:00',
  from: day(5),
  to: day(6),
  visits: visits(5, 2),
});

const codes = story();
codes.add('codes.xml', {
  finess: codes.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(5),
  visits: [
    {
      entree: `${day(5)} 10:00`,
      dp: 'J18.9',
      modeSortie: '4',
      gravite: 'Z',
      transport: 'PERS',
      motif: 'Chute & douleur <genou>',
      sortie: 'demain',
      da: ['A09', '??'],
    },
  ],
});

const parts = story();
parts.add('adults.xml', {
  finess: parts.finess,
  ordre: '1',
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(5),
  visits: visits(5, 3),
});
parts.add('children.xml', {
  finess: parts.finess,
  ordre: '2',
  extract: '07/01/2026 02:10:00',
  from: day(5),
  to: day(5),
  visits: visits(5, 2, 30),
});

const rejects = story();
rejects.add('bad-entree.xml', {
  finess: rejects.finess,
  extract: '07/01/2026 02:00:00',
  from: day(5),
  to: day(6),
  visits: [...visits(5, 2), { entree: '' }],
});
rejects.add(
  'cut.xml',
  rpuXml({
    finess: rejects.finess,
    extract: '08/01/2026 02:00:00',
    from: day(5),
    to: day(6),
    visits: visits(5, 2),
  }).slice(0, -40),
);

const large = story();
large.add('large.xml', {
  finess: large.finess,
  extract: '09/01/2026 02:00:00',
  from: day(5),
  to: day(8),
  visits: [5, 6, 7, 8].flatMap((d) => visits(d, 1400)),
});

const csv = story();
const csvHeader =
  'finess;cp;commune;naissance;sexe;entree;mode_entree;provenance;transport;transport_pec;motif;gravite;dp;liste_da;liste_actes;sortie;mode_sortie;destination;orient';
csv.add(
  'form.txt',
  Buffer.from(
    `${csvHeader}\r\n${csv.finess};67000;ÉVRY;14/02/1951;F;${day(5)} 10:00;8;5;PERSO;AUCUN;;2;J189;I10, E119;DEQP003;;;;\r\n${csv.finess};67000;=HYPERLINK;14/02/1952;M;${day(6)} 10:00;8;5;PERSO;AUCUN;;2;;;;;;;\r\n`,
    'latin1',
  ),
);

/** Two windows in a row over 05/01 to 14/01: the second without the visits that `gone` names. */
function guarded(perDay: readonly number[], gone: (d: number, index: number) => boolean): Story {
  const it = story();
  const all = perDay.map((n, index) => visits(5 + index, n));
  const window = { finess: it.finess, from: day(5), to: day(14) };
  it.add('whole.xml', { ...window, extract: '15/01/2026 02:00:00', visits: all.flat() });
  const left = all.flatMap((ofDay, d) => ofDay.filter((_visit, index) => !gone(d, index)));
  it.add('fewer.xml', { ...window, extract: '16/01/2026 02:00:00', visits: left });
  return it;
}

const tenOfTwenty = guarded([10, 10], (_d, index) => index < 5);
const elevenOfTwenty = guarded([10, 12], (d, index) => index < 5 + d);
const fifth = guarded(Array<number>(10).fill(10), (_d, index) => index < 2);
const overFifth = guarded(Array<number>(10).fill(10), (d, index) => index < (d === 0 ? 3 : 2));
const overHalfOfFive = guarded([5, 30], (d, index) => d === 0 && index < 3);
const allOfFour = guarded([4, 30], (d) => d === 0);

const decided = story();
for (const [name, extract, shown] of [
  ['whole.xml', '07/01/2026 02:00:00', [...visits(5, 20), ...visits(6, 20)]],
  ['half.xml', '08/01/2026 02:00:00', visits(5, 20)],
  ['half-again.xml', '09/01/2026 02:00:00', visits(5, 20)],
  ['whole-again.xml', '10/01/2026 02:00:00', [...visits(5, 20), ...visits(6, 20)]],
] as const)
  decided.add(name, { finess: decided.finess, extract, from: day(5), to: day(6), visits: shown });

const equal = story();
for (const dp of ['J189', 'J180'])
  equal.add(`${dp}.xml`, {
    finess: equal.finess,
    extract: '07/01/2026 02:00:00',
    from: day(5),
    to: day(5),
    visits: [{ entree: `${day(5)} 10:00`, dp }],
  });

const reach = story();
reach.add('first.xml', {
  finess: reach.finess,
  extract: '06/01/2026 23:59:00',
  from: day(5),
  to: day(6),
  visits: [{ entree: `${day(5)} 10:00` }, { entree: `${day(6)} 09:00` }, { entree: `${day(6)} 22:00` }],
});
reach.add('noon.xml', {
  finess: reach.finess,
  extract: '06/01/2026 23:59:30',
  from: day(5),
  to: day(9),
  visits: [{ entree: `${day(5)} 10:00` }, { entree: `${day(6)} 09:00` }],
});

const undated = story();
for (const [name, extract] of [
  ['absent.xml', ''],
  ['unreadable.xml', 'hier matin'],
] as const)
  undated.add(name, {
    ...{ finess: undated.finess, extract, from: day(5), to: day(5) },
    visits: [{ entree: `${day(5)} 10:00` }],
  });

const emptyWindow = story();
emptyWindow.add('blank-dates.xml', {
  finess: emptyWindow.finess,
  extract: '07/01/2026 02:00:00',
  visits: visits(5, 2),
});

const beds = story();
const bedHeader =
  'finess;zoneId;unitLabel;careClass;observedAt;source;nature;status;horizon;count;gender;closing;additional;crisis;assignment;comment';
const bedRow = (at: string, count: number): string =>
  `${beds.finess};REA1;Réanimation;rea;${at};02;01;02;01;${count};;;;;01;`;
beds.add('beds-1.csv', `${bedHeader}\n${bedRow('2026-01-06T08:00:00+01:00', 4)}\n`);
beds.add('beds-2.csv', `${bedHeader}\n${bedRow('2026-01-06T09:00:00+01:00', 2)}\n`);
beds.add('beds-3-late.csv', `${bedHeader}\n${bedRow('2026-01-06T08:30:00+01:00', 3)}\n`);

beforeAll(async () => {
  run = await runSandbox(files);
}, 240_000);
afterAll(() => run.dispose());

describe('an export replaces what the region holds', () => {
  it('ends with exit code 0 and one result per file, in byte order of the names', () => {
    expect(run.code).toBe(0);
    expect(run.answer.contract).toBe(1);
    expect(run.answer.exports.map((each) => each.file)).toEqual(Object.keys(files).sort());
  });

  it('counts add up in every export', () => {
    for (const each of run.answer.exports) {
      expect(each.records, each.file).toBe(each.accepted + each.rejected);
      if (each.state === 'forwarded')
        expect(each.accepted, each.file).toBe(each.added + each.updated + each.unchanged + each.stale);
    }
  });

  it('a trusted window adds, corrects and removes', () => {
    const [first, second] = correction.results();
    expect(first).toMatchObject({
      state: 'forwarded',
      trusted: true,
      added: 3,
      window: { from: '2026-01-05', to: '2026-01-06' },
    });
    expect(second).toMatchObject({
      state: 'forwarded',
      trusted: true,
      added: 1,
      updated: 1,
      removed: 1,
      unchanged: 1,
      stale: 0,
    });
    expect(
      correction
        .held()
        .map((visit) => `${visit['ENTREE']} ${visit['DP']}`)
        .sort(),
    ).toEqual([`${day(5)} 10:00 J180`, `${day(6)} 12:00 `, `${day(6)} 13:00 `]);
  });

  it('an untrusted window adds and corrects, and removes nothing', () => {
    const second = outside.results()[1];
    expect(second).toMatchObject({ state: 'forwarded', trusted: false, added: 2, removed: 0 });
    expect(second?.findings.map((each) => each.rule)).toContain('window-mismatch');
    expect(outside.held()).toHaveLength(6);
  });

  it('an older export leaves alone what a newer one rules', () => {
    const [newer, older] = late.results();
    expect(older).toMatchObject({
      state: 'forwarded',
      stale: 4,
      added: 0,
      removed: 0,
      dispatches: newer?.dispatches,
    });
    expect(late.held()).toHaveLength(3);
  });

  it('a window that lost half its visits is held, its additions applied, nothing removed', () => {
    const second = cutLike.results()[1];
    expect(second).toMatchObject({
      state: 'held',
      trusted: true,
      added: 1,
      unchanged: 20,
      removed: 0,
      suspended: 20,
    });
    expect(cutLike.held()).toHaveLength(41);
  });

  it('a window whose keys all changed is held whole', () => {
    const second = rekeyed.results()[1];
    expect(second).toMatchObject({ state: 'held', added: 0, updated: 0, removed: 0, dispatches: [] });
    expect(rekeyed.held()).toHaveLength(40);
  });

  it('the same bytes are a duplicate; the same visits in a later extract change nothing and compose nothing', () => {
    const [once, twice, later] = again.results();
    expect(twice).toMatchObject({ state: 'duplicate', added: 0, updated: 0, removed: 0 });
    expect(later).toMatchObject({ state: 'forwarded', unchanged: 3, added: 0, dispatches: once?.dispatches });
    expect(again.national()).toHaveLength(1);
  });

  it('an emptied day is sent empty', () => {
    expect(emptied.results()[1]).toMatchObject({ state: 'forwarded', removed: 2, unchanged: 4 });
    expect(emptied.national().at(-1)).toMatchObject({ from: day(4), to: day(4), visits: [] });
    expect(emptied.held()).toHaveLength(4);
  });

  it('twins are two visits, whatever their order', () => {
    const [first, second] = twins.results();
    expect(first).toMatchObject({ added: 2 });
    expect(first?.findings.map((each) => each.rule)).toContain('possible-duplicate');
    expect(second).toMatchObject({ unchanged: 2, updated: 0, added: 0 });
  });

  it('the night of the clock change comes back exactly as it was written', () => {
    expect(clock.results()[0]).toMatchObject({ state: 'forwarded', trusted: true, added: 3 });
    expect(clock.held().map((visit) => visit['ENTREE'])).toEqual([
      '26/10/2025 02:30',
      '26/10/2025 02:30',
      '26/10/2025 03:10',
    ]);
  });

  it('an EXTRACT in the future is not trusted', () => {
    const [only] = future.results();
    expect(only).toMatchObject({ state: 'forwarded', trusted: false, added: 2 });
    expect(only?.findings.map((each) => each.rule)).toContain('extract-future');
  });

  it('an EXTRACT that is missing and one that cannot be read are told apart, each once', () => {
    const about = undated.results().map(({ findings, findingsTotal }) => {
      expect(findingsTotal).toBe(findings.length);
      return findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('extract-'));
    });
    expect(about).toEqual([['extract-missing'], ['extract-unreadable']]);
  });

  it('what the national format cannot carry is blanked, the rest is canonical', () => {
    const [visit] = codes.held();
    expect(visit).toMatchObject({
      DP: 'J189',
      MODE_SORTIE: '',
      GRAVITE: '',
      TRANSPORT: 'PERSO',
      MOTIF: 'Chute & douleur <genou>',
      SORTIE: '',
      LISTE_DA: 'A09',
    });
  });

  it('the parts of a facility travel together under ORDRE 0', () => {
    expect(parts.results().map((each) => each.part)).toEqual(['1', '2']);
    expect(parts.national().at(-1)?.visits).toHaveLength(5);
    expect(parts.national().map((file) => file.ordre)).toEqual(['0', '0']);
  });

  it('a record without ENTREE is rejected alone and takes the trust away; a cut file is rejected whole', () => {
    const [bad, cut] = rejects.results();
    expect(bad).toMatchObject({ state: 'forwarded', trusted: false, records: 3, accepted: 2, rejected: 1 });
    expect(cut).toMatchObject({ state: 'rejected', error: { code: 'export-cut' }, added: 0, dispatches: [] });
    expect(rejects.held()).toHaveLength(2);
  });

  it('files carry at most 5,000 visits, cut between days', () => {
    const sizes = large.national().map((file) => file.visits.length);
    expect(sizes).toEqual([4200, 1400]);
    expect(large.held()).toHaveLength(5600);
  });

  it('names are unique and strictly increasing per facility', () => {
    const names = run.answer.forwarded.filter((name) => name.startsWith('oscour/'));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^oscour\/O\d{9}_0_\d{14}\.xml$/);
    for (const id of new Set(names.map((name) => name.slice(8, 17)))) {
      const mine = names.filter((name) => name.slice(8, 17) === id);
      expect(mine).toEqual([...mine].sort());
    }
  });

  it('the CSV form is never trusted, keeps accents and formula-like text', () => {
    expect(csv.results()[0]).toMatchObject({ state: 'forwarded', trusted: false, window: null, added: 2 });
    expect(csv.held().map((visit) => visit['COMMUNE'])).toEqual(['ÉVRY', '=HYPERLINK']);
    expect(csv.held()[0]).toMatchObject({ LISTE_DA: 'I10 E119', LISTE_ACTES: 'DEQP003' });
  });

  it('removes up to ten visits or a fifth of the window, and no more than half of a day of five', () => {
    expect(tenOfTwenty.results()[1]).toMatchObject({ state: 'forwarded', removed: 10, suspended: 0 });
    expect(elevenOfTwenty.results()[1]).toMatchObject({ state: 'held', removed: 0, suspended: 11 });
    expect(fifth.results()[1]).toMatchObject({ state: 'forwarded', removed: 20 });
    expect(overFifth.results()[1]).toMatchObject({ state: 'held', removed: 0, suspended: 21 });
    expect(overHalfOfFive.results()[1]).toMatchObject({ state: 'held', removed: 0, suspended: 3 });
    expect(allOfFour.results()[1]).toMatchObject({ state: 'forwarded', removed: 4 });
  });

  it('the same absences join the open decision, and a whole export supersedes it', () => {
    const [, half, halfAgain, wholeAgain] = decided.results();
    expect(half).toMatchObject({ state: 'held', suspended: 20, unchanged: 20 });
    expect(halfAgain).toMatchObject({ state: 'held', suspended: 20, unchanged: 20 });
    expect(wholeAgain).toMatchObject({ state: 'forwarded', suspended: 0, unchanged: 40, removed: 0 });
    expect(decided.held()).toHaveLength(40);
  });

  it('of two exports with the same EXTRACT the later reception wins', () => {
    expect(equal.results()[1]).toMatchObject({ state: 'forwarded', updated: 1 });
    expect(equal.held().map((visit) => visit['DP'])).toEqual(['J180']);
  });

  it('a window never reaches past EXTRACT', () => {
    expect(reach.results()[1]).toMatchObject({
      state: 'forwarded',
      trusted: true,
      removed: 1,
      window: { from: '2026-01-05', to: '2026-01-06' },
    });
  });

  it('a window without dates is not trusted', () => {
    expect(emptyWindow.results()[0]).toMatchObject({
      state: 'forwarded',
      trusted: false,
      window: null,
      added: 2,
    });
  });

  it('beds go the same road: the latest observation is the state', () => {
    const [first, second, third] = beds.results();
    expect(first).toMatchObject({ state: 'forwarded', feed: 'bed-availability', added: 1 });
    expect(second).toMatchObject({ state: 'forwarded', updated: 1 });
    expect(third).toMatchObject({ state: 'forwarded', stale: 1, dispatches: second?.dispatches });
    expect(run.answer.forwarded.filter((name) => name.startsWith('beds/'))).toHaveLength(2);
  });
});
