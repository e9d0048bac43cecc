import { readFile } from 'node:fs/promises';
import { reportsTerminal, confidenceNames, diagnosesNames } from '../../shared/i18n/terminal-reports.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import type { SyndromicGroup } from '../../shared/feeds/syndromic-groups.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { parseGroups, readGroups, setGroups, type Groups } from '../reports/groups.ts';
import { commandActor } from './command-actor.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { isoOf, shownAt } from './destination-words.ts';
import { printable } from './manifest-lines.ts';

export interface SyndromeOptions {
  readonly of?: string | undefined;
}

/** The groups in force, or those of a version. */
export async function listSyndromes(
  { config, language }: CommandContext,
  options: SyndromeOptions,
): Promise<CommandAnswer> {
  const found = await readVersion(config, options);
  const say = speaker(reportsTerminal, language);
  return {
    document: documentOf(found, found.groups),
    lines: [
      headOf(found, language),
      ...found.groups.map((group) => say('groupLine', factsOf(group, language))),
    ],
  };
}

/** One group whole. Throws `syndrome-unknown`. */
export async function showSyndrome(
  { config, language }: CommandContext,
  { id, ...options }: SyndromeOptions & { readonly id: string },
): Promise<CommandAnswer> {
  const found = await readVersion(config, options);
  const group = found.groups.find((each) => each.id === id);
  if (group === undefined)
    throw permanent('syndrome-unknown', {
      facts: { id: printable(id), known: found.groups.map((each) => each.id).join(', ') },
    });
  const say = speaker(reportsTerminal, language);
  return {
    document: documentOf(found, [group]),
    lines: [
      headOf(found, language),
      say('groupLine', factsOf(group, language)),
      say('groupSource', {
        source: printable(group.source),
        confidence: confidenceNames[group.confidence][language],
      }),
      ...bandLines(group, language),
    ],
  };
}

/** A file of groups becomes the next version. */
export async function setSyndromes(
  { config, language, clock }: CommandContext,
  { file, reason }: { readonly file: string; readonly reason: string },
): Promise<CommandAnswer> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw permanent('syndromes-unreadable', { facts: { file, reason: systemCode(error) ?? '' } });
  });
  const groups = parseGroups(text, file);
  const done = await withStore(config, (store) =>
    setGroups({ store, clock }, commandActor(), groups, reason),
  );
  const say = speaker(reportsTerminal, language);
  const facts = { version: done.version, groups: groups.length };
  return {
    document: { version: done.version, changed: done.kind === 'set', groups: groups.length },
    lines: [done.kind === 'set' ? say('groupsSet', facts) : say('groupsSame', facts)],
  };
}

export async function syndromeHistory({ config, language }: CommandContext): Promise<CommandAnswer> {
  const versions = await withStore(config, (store) => store.read((tx) => tx.reports.syndromes.history()));
  const say = speaker(reportsTerminal, language);
  return {
    document: { versions: versions.map((each) => ({ ...each, at: isoOf(each.at) })) },
    lines: [
      ...versions.map(({ version, at, person, reason }) =>
        say('versionLine', {
          ...{ version, at: shownAt(at, language) },
          ...{ person: printable(person), reason: printable(reason) },
        }),
      ),
      say('versionOwn'),
    ],
  };
}

function readVersion(config: CommandContext['config'], { of }: SyndromeOptions): Promise<Groups> {
  if (of !== undefined && !/^\d{1,6}$/.test(of))
    throw permanent('command-invalid', { facts: { detail: `--of N (${printable(of)})` } });
  const asked = of === undefined ? undefined : Number(of);
  return withStore(config, (store) => store.read((tx) => readGroups(tx, asked)));
}

function headOf({ version, set, groups }: Groups, language: Language): string {
  const say = speaker(reportsTerminal, language);
  return set === null
    ? say('groupsOwn', { groups: groups.length })
    : say('groupsHead', {
        ...{ version, groups: groups.length, at: shownAt(set.at, language) },
        ...{ person: printable(set.person), reason: printable(set.reason) },
      });
}

function factsOf({ id, name, codes, diagnoses, age }: SyndromicGroup, language: Language) {
  const say = speaker(reportsTerminal, language);
  const bounds =
    age?.from === undefined && age?.below === undefined
      ? ''
      : say('groupAge', { from: age.from ?? 0, below: age.below ?? '…' });
  return {
    ...{ id, name: printable(name[language]), codes: codes.join(' '), age: bounds },
    diagnoses: diagnosesNames[diagnoses][language],
  };
}

function bandLines({ expected }: SyndromicGroup, language: Language): readonly string[] {
  const say = speaker(reportsTerminal, language);
  const every = expected?.every;
  return [
    ...(every === undefined ? [] : [say('bandEvery', { ...every })]),
    ...Object.entries(expected?.weeks ?? {}).map(([week, band]) => say('bandWeek', { week, ...band })),
  ];
}

function documentOf({ version, set }: Groups, groups: readonly SyndromicGroup[]) {
  return {
    version,
    set: set === null ? null : { at: isoOf(set.at), person: set.person, reason: set.reason },
    groups,
  };
}
