import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCode } from '../../shared/i18n/errors.ts';
import { shadowTexts as texts, verdictTexts, oddityTexts } from '../../shared/i18n/terminal-agent-shadow.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { loadMappings, pick } from '../agent.ts';
import type { SourceConfig } from '../config.ts';
import { canSwitch, compare, type DayReport } from '../shadow/compare.ts';
import { filesUnder, type SideFile } from '../shadow/find-files.ts';
import { readSide, type Side } from '../shadow/read-side.ts';
import { replay } from '../shadow/replay.ts';
import { loadDecryption } from '../source/decrypt.ts';
import { textOption, type CommandContext, type Options } from './command.ts';
import { tableLines } from './terminal.ts';

/**
 * Compares what the old script sent with what the agent would send, day by day. Reads both, sends nothing, prints no
 * value. Exit code 0: one can switch; 1: not yet.
 */
export async function shadowCommand(
  context: CommandContext,
  folder: string,
  options: Options,
): Promise<number> {
  const { config, json, print, terminal, language } = context;
  const source = chosen(config.sources, textOption(options, 'source'));
  const [from, to] = [dayOption(options, 'from'), dayOption(options, 'to')];
  const enough = Number(textOption(options, 'enough') ?? '7');
  if (!Number.isInteger(enough) || enough < 1) throw permanent('shadow-enough');

  const mappings = pick(await loadMappings({ ...config, sources: [source] }), source.mappings);
  if (mappings.some(({ format, join }) => format === 'hl7v2' || join !== undefined))
    throw permanent('shadow-source-kind', { facts: { source: source.name } });
  const showing = (text: string) => (files: readonly SideFile[]) => (done: number) =>
    terminal.progress(fill(text, { done, files: files.length }));
  const oldFiles = await filesUnder(folder, { depth: 6 });
  const national = pick(await loadMappings({ ...config, sources: [] }), ['rpu-2006', 'rpu-csv']);
  const old = await readSide(oldFiles, { mappings: national }, showing(texts.readingOld[language])(oldFiles));
  if (old.exports.length === 0)
    throw permanent('shadow-nothing-old', {
      facts: { folder, files: oldFiles.length, code: old.unreadable[0]?.code ?? '' },
    });
  const oldHeld = replay(old.exports, 'header');
  const firstDay = from ?? (Math.min(...oldHeld.days) as Day);
  const ourFiles = await filesOf(source, firstDay);
  const { facility, part, encoding, freeText, decrypt } = source;
  const ours = await readSide(
    ourFiles,
    {
      ...{ mappings, facility, part, encoding, freeText },
      ...(decrypt === undefined
        ? {}
        : { decrypt: await loadDecryption({ ...decrypt, plaintextBytes: config.limits.fileBytes }) }),
    },
    showing(texts.readingOurs[language])(ourFiles),
  );
  terminal.progress('');

  const days = compare(oldHeld, replay(ours.exports, 'checked'), { from, to });
  const document = {
    source: source.name,
    enough,
    ...canSwitch(days, enough),
    old: sideDocument(old),
    ours: sideDocument(ours),
    days: days.map((each) => ({ ...each, day: dayToIso(each.day) })),
  };
  if (json) print(JSON.stringify(document));
  else for (const line of lines(context, document, days)) print(line);
  return document.ready ? 0 : 1;
}

function chosen(sources: readonly SourceConfig[], name: string | undefined): SourceConfig {
  const [only] = sources;
  const found = name === undefined ? only : sources.find((source) => source.name === name);
  const listed = { sources: sources.map((source) => source.name).join(', ') };
  if (found === undefined || (name === undefined && sources.length > 1))
    throw permanent('shadow-source', { facts: listed });
  if (found.adt !== undefined || sources.some(({ joins }) => joins === found.name))
    throw permanent('shadow-source-kind', { facts: { source: found.name } });
  return found;
}

function dayOption(options: Options, name: string): Day | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const day = dayFromIso(text);
  if (day === undefined) throw permanent('shadow-day', { facts: { option: `--${name}` } });
  return day;
}

/** What lies in the source and what was archived from it since the first day: the agent's archive is by day of archiving. */
async function filesOf(source: SourceConfig, first: Day): Promise<readonly SideFile[]> {
  const archive = source.archiveFolder ?? join(source.folder, 'archive');
  const isOld = (path: string): boolean => {
    const day = /(\d{4})[\\/](\d{2})[\\/](\d{2})$/.exec(path);
    const at = day === null ? undefined : dayFromIso(`${day[1]}-${day[2]}-${day[3]}`);
    return at !== undefined && at < first;
  };
  const waiting = await filesUnder(source.folder, { depth: 0 });
  const hasArchive = await access(archive).then(
    () => true,
    () => false,
  );
  return hasArchive ? [...waiting, ...(await filesUnder(archive, { depth: 3, skip: isOld }))] : waiting;
}

function sideDocument({ exports, unreadable }: Side) {
  const odd = exports.flatMap(({ file, oddities }) => oddities.map((oddity) => ({ file, oddity })));
  return {
    files: exports.length,
    visits: exports.reduce((sum, { visits }) => sum + visits.length, 0),
    unreadable,
    oddities: odd,
  };
}

interface Shown {
  readonly source: string;
  readonly enough: number;
  readonly good: number;
  readonly ready: boolean;
  readonly old: ReturnType<typeof sideDocument>;
  readonly ours: ReturnType<typeof sideDocument>;
}

function lines(
  { language, terminal }: CommandContext,
  document: Shown,
  days: readonly DayReport[],
): readonly string[] {
  const say = (key: keyof typeof texts, facts: Record<string, string | number> = {}): string =>
    fill(texts[key][language], facts);
  const heads = [
    texts.day,
    texts.old,
    texts.ours,
    texts.onlyOld,
    texts.onlyOurs,
    texts.differing,
    texts.verdict,
  ];
  const rows = days.map((day) => [
    dayToIso(day.day),
    ...[day.old, day.ours, day.onlyOld, day.onlyOurs, day.differing].map(String),
    `${day.open ? texts.open[language] : verdictTexts[day.verdict][language]}${tagsOf(day)}`,
  ]);
  const sides = (['old', 'ours'] as const).flatMap((name) => {
    const { files, visits, unreadable, oddities } = document[name];
    const side = texts[name][language];
    return [
      say('side', { side, files, visits }),
      ...unreadable
        .slice(0, 20)
        .map(({ file, code }) => `  ! ${file}: ${describeCode(code, language, { file }).message}`),
      ...oddities.slice(0, 20).map(({ file, oddity }) => `  ? ${file}: ${oddityTexts[oddity][language]}`),
    ];
  });
  const places = days.flatMap((day) =>
    [
      ...day.placesOnlyOld.slice(0, 3).map((place) => ({ kind: 'lineOld' as const, place })),
      ...day.placesDiffering.slice(0, 3).map((place) => ({ kind: 'lineDiffering' as const, place })),
    ].map(({ kind, place }) => say(kind, { day: dayToIso(day.day), file: place.file, line: place.line })),
  );
  return [
    ...sides,
    '',
    ...tableLines(
      heads.map((head) => head[language]),
      rows,
      terminal,
    ),
    ...(places.length === 0 ? [] : ['', ...places.slice(0, 30)]),
    '',
    say(document.ready ? 'canSwitch' : 'cannotSwitch', { good: document.good, enough: document.enough }),
  ];
}

/** " (DP 3, SORTIE 1)" */
function tagsOf({ tags }: DayReport): string {
  const counted = Object.entries(tags).map(
    ([tag, { changed, onlyOld, onlyOurs }]) => `${tag} ${changed + onlyOld + onlyOurs}`,
  );
  return counted.length === 0 ? '' : ` (${counted.join(', ')})`;
}
