import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import {
  listSyndromes,
  setSyndromes,
  showSyndrome,
  syndromeHistory,
} from '../../../receiver/commands/report-syndromes.ts';
import { loadConfig } from '../../../receiver/config.ts';
import { parseGroups } from '../../../receiver/reports/groups.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import { defaultGroups, matcherOf, type SyndromicGroup } from '../../../shared/feeds/syndromic-groups.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

const group: SyndromicGroup = {
  ...{ id: 'own', name: { fr: 'Essai', en: 'Trial' }, diagnoses: 'any', source: 'CIRE', confidence: 'local' },
  codes: ['J21', 'J09-J18', '=U07.1', 'R53+1'],
};

function belongs(
  given: SyndromicGroup,
  principal?: string,
  associated: string[] = [],
  age?: number,
): boolean {
  return matcherOf([given])(principal, associated, age).length === 1;
}

describe('a syndromic group', () => {
  it('takes a code and all below it, whatever the dots and the case', () => {
    for (const code of ['J21', 'J219', 'J21.9', 'j21.0']) expect(belongs(group, code)).toBe(true);
    for (const code of ['J2', 'J20', 'J22', 'XJ21']) expect(belongs(group, code)).toBe(false);
  });

  it('takes every category of a range and no other', () => {
    for (const code of ['J09', 'J101', 'J18', 'J189']) expect(belongs(group, code)).toBe(true);
    for (const code of ['J08', 'J19', 'K12']) expect(belongs(group, code)).toBe(false);
  });

  it('takes a code alone where it says so, and a plus for a plus', () => {
    expect(belongs(group, 'U071')).toBe(true);
    expect(belongs(group, 'U07.10')).toBe(false);
    expect(belongs(group, 'R53+1')).toBe(true);
    expect(belongs(group, 'R5331')).toBe(false);
  });

  it('looks at the diagnoses that it names', () => {
    expect(belongs({ ...group, diagnoses: 'principal' }, 'I10', ['J21'])).toBe(false);
    expect(belongs({ ...group, diagnoses: 'associated' }, 'J21', ['I10'])).toBe(false);
    expect(belongs({ ...group, diagnoses: 'associated' }, 'I10', ['J21'])).toBe(true);
    expect(belongs(group, undefined, ['J21'])).toBe(true);
  });

  it('has no visit of unknown age when it has bounds', () => {
    const bounded = { ...group, age: { from: 2, below: 15 } };
    expect([1, 2, 14, 15, undefined].map((age) => belongs(bounded, 'J21', [], age))).toEqual([
      ...[false, true, true, false, false],
    ]);
  });

  it('of the program itself is what was published', () => {
    // The lists as they stand in the publications, written down a second time.
    const published: Readonly<Record<string, RegExp>> = {
      ari: /^(?:B342|B972|B974|J09|J1[0-8]|J2[0-2]|U049|U071[01245]?$)/,
      influenza: /^J(?:09|10|11)/,
      bronchiolitis: /^J21/,
      gastroenteritis: /^A09/,
      asthma: /^J4[56]/,
      hyperthermia: /^(?:T67|X30)/,
      dehydration: /^E86/,
      hyponatraemia: /^E871/,
      malaise: /^R(?:42|53|55)/,
      bites: /^(?:T63|W57|X2\d)/,
      'carbon-monoxide': /^T58/,
      mushrooms: /^T62/,
    };
    expect(defaultGroups.map(({ id }) => id)).toEqual(Object.keys(published));
    const codes = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ').flatMap((letter) =>
      Array.from({ length: 100 }, (_none, number) => `${letter}${String(number).padStart(2, '0')}`).flatMap(
        (category) => [
          category,
          `${category}0`,
          `${category}1`,
          `${category}14`,
          `${category}16`,
          `${category}+9`,
        ],
      ),
    );
    const match = matcherOf(defaultGroups);
    const wrong = codes.filter((code) => {
      const found = match(code, [], 1).map((index) => defaultGroups[index]?.id ?? '');
      return (
        found.join() !==
        Object.keys(published)
          .filter((id) => published[id]?.test(code))
          .join()
      );
    });
    expect(wrong).toEqual([]);
  });
});

describe('a file of groups', () => {
  const faultOf = (text: string): string => {
    try {
      parseGroups(text, 'groups.yaml');
    } catch (error) {
      return (error as { facts: { faultsEn: string } }).facts.faultsEn;
    }
    return '';
  };

  it('is refused with every fault and its line', () => {
    const text = `groups:
  - id: Own
    name: { fr: Essai, en: Trial }
    codes: [J21, J18-J09, '12']
    diagnoses: all
    age: { from: 5, below: 5 }
    source: CIRE
    confidence: local
    expected: { every: { low: 5, high: 2 }, weeks: { '54': { low: 1, high: 2 } } }
`;
    const faults = faultOf(text);
    for (const part of [
      'line 2:',
      'ascending range',
      'ICD-10',
      'line 5:',
      'from under below',
      'low at most high',
      '1 to 53',
    ])
      expect(faults).toContain(part);
  });

  it('names no group twice', () => {
    expect(faultOf(JSON.stringify({ groups: [group, group] }))).toContain('ids that differ');
  });
});

describe('the commands of syndromic groups', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vgm-syndromes-'));
    await writeFile(join(folder, 'receiver.yaml'), stringify({ state: folder, region: 'Essai' }));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keep every version, say who and why, and change nothing without a difference', async () => {
    const config = await loadConfig(join(folder, 'receiver.yaml'));
    const context: CommandContext = {
      ...{ config, language: 'fr', random: systemRandom },
      clock: { now: () => Date.parse('2026-11-20T09:00:00Z'), monotonic: () => 0 },
      logger: createLogger({ name: 'test', level: 'silent' }),
    };
    const made = openSqliteStore(stateFolder(config.state).database);
    await made.close();
    const own = (await listSyndromes(context, {})).document as { version: number; groups: unknown[] };
    expect([own.version, own.groups.length]).toEqual([0, defaultGroups.length]);

    // What "list --json" prints is a file that "set" takes.
    const file = join(folder, 'groups.json');
    await writeFile(file, JSON.stringify({ groups: own.groups }));
    const same = await setSyndromes(context, { file, reason: 'rien' });
    expect(same.document).toMatchObject({ version: 0, changed: false });

    await writeFile(file, stringify({ groups: [{ ...group, expected: { every: { low: 1, high: 4.5 } } }] }));
    await expect(setSyndromes(context, { file, reason: ' ' })).rejects.toMatchObject({
      code: 'syndromes-reason',
    });
    const done = await setSyndromes(context, { file, reason: 'avis du 12 novembre' });
    expect(done.document).toMatchObject({ version: 1, changed: true, groups: 1 });
    expect((await setSyndromes(context, { file, reason: 'encore' })).document).toMatchObject({
      changed: false,
    });

    const shown = await showSyndrome(context, { id: 'own' });
    expect(shown.lines.join('\n')).toContain('1 à 4.5 %');
    expect((await listSyndromes(context, { of: '0' })).document).toMatchObject({ version: 0 });
    await expect(listSyndromes(context, { of: '2' })).rejects.toMatchObject({
      code: 'syndromes-version-unknown',
    });
    await expect(showSyndrome(context, { id: 'flu' })).rejects.toMatchObject({ code: 'syndrome-unknown' });
    const history = await syndromeHistory(context);
    expect(history.document).toMatchObject({ versions: [{ version: 1, reason: 'avis du 12 novembre' }] });

    const store = openSqliteStore(stateFolder(config.state).database);
    const lines = await store.read((tx) => tx.audit.walk(0, 10));
    await store.close();
    expect(lines.map(({ action }) => action)).toContain('syndromes.set');
  });
});
