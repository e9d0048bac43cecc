import { stateMarks } from '../../shared/i18n/terminal-watching.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { Looked } from '../monitor/look.ts';
import { coverageOf, summarise, type RegionSummary } from '../monitor/summary.ts';
import { createWatchRules } from '../monitor/settings.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { countOption, dayOption, isoOf, shownAt, shownDay } from './destination-words.ts';
import { printGrid } from './watch-grid.ts';
import { dayDocument, lookAt } from './watch-look.ts';
import { showFacility } from './watch-show.ts';
import { sentence } from './watch-sentence.ts';
import { causeWords, dayWords, tellWatch } from './watch-words.ts';

export interface WatchOptions {
  readonly what?: string | undefined;
  readonly finess?: string | undefined;
  readonly day?: string;
  readonly days?: string;
}

const staleMs = 5 * 60_000;

/** Whom to call, what to do in which order, and the grid; `watch show FINESS`: one facility. 1 when somebody is to be called. */
export async function watch(context: CommandContext, options: WatchOptions): Promise<CommandAnswer> {
  const { config, clock } = context;
  const now = clock.now();
  const yesterday = (dayOfInstant(now) - 1) as Day;
  const day = options.day === undefined ? yesterday : dayOption(options.day, '--day');
  const days = countOption(options.days ?? '14', '--days', 60);
  const from = (day - days + 1) as Day;
  // Feeds that come all day long are judged today, too.
  const to = (day === yesterday ? day + 1 : day) as Day;
  if (options.what !== undefined) {
    if (options.what !== 'show' || options.finess === undefined)
      throw permanent('command-invalid', { facts: { detail: 'watch [show FINESS]' } });
    return showFacility(context, options.finess, { from, to });
  }
  const found = await withStore(config, async (store) => {
    const looked = await lookAt(store, config, { from, to, now });
    const lastRun = await store.read((tx) => tx.watch.lastRun());
    return { looked, lastRun, coverage: await coverageOf(store, looked.region, yesterday) };
  });
  const summary = summarise(found.looked, found.coverage);
  const { language } = context;
  return {
    document: documentOf(found.looked, summary, { day, lastRun: found.lastRun }),
    lines: [
      sentence(found.looked, summary, day, language),
      ...freshness(found.lastRun, now, language),
      ...todo(summary, language),
      '',
      ...printGrid(found.looked, { from, to, rules: createWatchRules(config.watching) }, language),
    ],
    exitCode: summary.calls.length > 0 || summary.blocked.length > 0 ? 1 : 0,
  };
}

function freshness(lastRun: number | undefined, now: number, language: Language): readonly string[] {
  if (lastRun === undefined) return [tellWatch(language, 'neverLooked')];
  if (now - lastRun <= staleMs) return [];
  return [tellWatch(language, 'lookedLongAgo', { at: shownAt(lastRun, language) })];
}

function todo({ calls, blocked, neverSent, thin }: RegionSummary, language: Language): readonly string[] {
  const lines = [
    ...calls.flatMap((call) => {
      const { glyph, ...word } = stateMarks[call.state];
      const [latest] = call.days;
      const { why, action } = causeWords(call.cause, language);
      return [
        tellWatch(language, 'call', {
          ...{ glyph, state: word[language], cause: why, missing: call.missing },
          ...{ name: call.name, facility: call.facility, feed: call.feed },
          days: call.days.map(({ day }) => shownDay(day, language)).join(', '),
        }),
        ...(latest === undefined ? [] : dayWords(latest, language)).map((detail) =>
          tellWatch(language, 'callDetail', { detail }),
        ),
        tellWatch(language, 'action', { action }),
      ];
    }),
    ...blocked.map(({ name, pausedBy, since, files, facilities }) => {
      const why =
        pausedBy === null
          ? tellWatch(language, 'down')
          : tellWatch(language, 'pausedBy', { person: pausedBy });
      return tellWatch(language, 'blocked', {
        name,
        why,
        since: shownAt(since, language),
        files,
        facilities,
      });
    }),
    ...neverSent.map(({ facility, name, missing }) => {
      const { glyph } = stateMarks['not-connected'];
      return tellWatch(language, 'neverSent', { glyph, name, facility, missing });
    }),
    ...thin.map(({ facility, name, percent }) =>
      tellWatch(language, 'coverage', { facility, name, percent }),
    ),
  ];
  return lines.length === 0 ? [] : [tellWatch(language, 'actions'), ...lines];
}

function documentOf(
  { pairs }: Looked,
  { calls, blocked, neverSent, thin }: RegionSummary,
  { day, lastRun }: { readonly day: Day; readonly lastRun: number | undefined },
) {
  return {
    day: dayToIso(day),
    lastEvaluatedAt: isoOf(lastRun ?? null),
    calls: calls.map((call) => ({ ...call, days: call.days.map((each) => dayToIso(each.day)) })),
    blocked: blocked.map((each) => ({ ...each, since: isoOf(each.since) })),
    neverSent,
    thin,
    days: pairs.flatMap(({ days }) => days.map(dayDocument)),
  };
}
