import { stateMarks } from '../../shared/i18n/terminal-watching.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { WatchedDay } from '../monitor/evaluate.ts';
import type { LookedPair } from '../monitor/look.ts';
import { nameOf, type RegionFacts } from '../monitor/region-facts.ts';
import { coverageOf, type Coverage } from '../monitor/summary.ts';
import type { WatchState, WatchTransition } from '../store/watch-tables.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { isoOf, shownAt, shownDay } from './destination-words.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { dayDocument, lookAt } from './watch-look.ts';
import { causeWords, dayWords, tellWatch } from './watch-words.ts';

const shownChanges = 20;

interface ShownPair extends LookedPair {
  readonly changes: ReadonlyMap<Day, readonly WatchTransition[]>;
  readonly coverage: Coverage | undefined;
}

/** One facility: is its agent alive, do its exports come, is what they hold plausible. Throws `facility-not-registered`. */
export async function showFacility(
  { config, language, clock }: CommandContext,
  text: string,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<CommandAnswer> {
  const facility = checkedFiness(text);
  const now = clock.now();
  const { region, shown } = await withStore(config, async (store) => {
    const looked = await lookAt(store, config, { from, to, now });
    const coverage = await coverageOf(store, looked.region, (dayOfInstant(now) - 1) as Day);
    const own = looked.pairs.filter(({ pair }) => pair.facility === facility);
    const pairs = await store.read((tx) =>
      Promise.all(
        own.map(async (each) => {
          const changes = new Map<Day, readonly WatchTransition[]>();
          for (const { day } of each.days)
            changes.set(day, await tx.watch.transitionsOf(facility, each.pair.feed, day, shownChanges));
          return { ...each, changes, coverage: coverage.find((one) => nameOf(one) === nameOf(each.pair)) };
        }),
      ),
    );
    return { region: looked.region, shown: pairs };
  });
  const name = region.names.get(facility);
  if (name === undefined) throw permanent('facility-not-registered', { facts: { facility } });
  return {
    document: { facility, name, feeds: shown.map((each) => pairDocument(region, each)) },
    lines: [
      tellWatch(language, 'facilityHead', { name, facility }),
      ...shown.flatMap((each) => pairLines(config, region, each, language)),
    ],
  };
}

function pairDocument(region: RegionFacts, { pair, days, changes, coverage }: ShownPair) {
  return {
    feed: pair.feed,
    agents: region.signsOf(pair).map((sign) => ({ ...sign, at: isoOf(sign.at ?? null) })),
    declared: coverage ?? null,
    days: days.map((one) => ({
      ...dayDocument(one),
      changes: (changes.get(one.day) ?? []).map((change) => ({
        ...change,
        day: dayToIso(change.day),
        at: isoOf(change.at),
      })),
    })),
  };
}

function pairLines(
  config: ReceiverConfig,
  region: RegionFacts,
  { pair, days, changes, coverage }: ShownPair,
  language: Language,
): readonly string[] {
  const signs = region.signsOf(pair);
  const agents = signs.map(({ agent, at, pending, paused }) =>
    at === undefined
      ? tellWatch(language, 'agentNever', { agent })
      : tellWatch(language, 'agentSeen', {
          ...{ agent, pending, at: shownAt(at, language) },
          paused: paused === null ? '' : tellWatch(language, 'agentPaused', { code: paused }),
        }),
  );
  const judged = days.some(({ expected }) => expected !== null);
  const daily = feedNamed(pair.feed)?.rhythm.every === 'day';
  return [
    '',
    rhythmLine(config, pair, language),
    ...(agents.length === 0 ? [tellWatch(language, 'agentNone')] : agents),
    ...(coverage === undefined
      ? []
      : [
          tellWatch(language, 'declaredLine', {
            annual: coverage.annual,
            percent: coverage.percent ?? '-',
          }),
        ]),
    ...(daily && !judged ? [tellWatch(language, 'noHistory')] : []),
    ...days.toReversed().flatMap((one) => dayLines(one, changes.get(one.day) ?? [], language)),
  ];
}

function rhythmLine(
  { watching }: ReceiverConfig,
  { facility, feed }: { readonly facility: string; readonly feed: string },
  language: Language,
): string {
  const own = watching.facilities[facility];
  const grace = own?.graceMinutes ?? watching.graceMinutes;
  const rhythm = feedNamed(feed)?.rhythm;
  return rhythm?.every === 'minutes'
    ? tellWatch(language, 'feedEvery', { feed, grace, minutes: rhythm.minutes ?? '-' })
    : tellWatch(language, 'feedHead', { feed, grace, before: own?.before ?? rhythm?.before ?? '-' });
}

function dayLines(
  one: WatchedDay,
  changes: readonly WatchTransition[],
  language: Language,
): readonly string[] {
  const { day, state, cause, count, expected, wholeAt } = one;
  const line = tellWatch(language, 'dayLine', {
    ...{ day: shownDay(day, language), count, glyph: state === null ? ' ' : stateMarks[state].glyph },
    state: state === null ? tellWatch(language, 'pendingWord') : stateMarks[state][language],
    expected: expected === null ? '' : tellWatch(language, 'expectedRange', { ...expected }),
    whole:
      wholeAt === null || wholeAt === 0
        ? ''
        : tellWatch(language, 'wholeAt', { at: shownAt(wholeAt, language) }),
    cause: cause === null ? '' : ` ; ${causeWords(cause, language).why}`,
  });
  const word = (known: WatchState | null): string => (known === null ? '-' : stateMarks[known][language]);
  return [
    line,
    ...dayWords({ ...one, expected: null }, language).map((detail) =>
      tellWatch(language, 'callDetail', { detail }),
    ),
    ...changes.map(({ at, fromState, state: now }) =>
      tellWatch(language, 'changeLine', {
        ...{ at: shownAt(at, language), from: word(fromState), to: word(now) },
      }),
    ),
  ];
}
