import type { FeedTally } from '../../../shared/feeds/feed.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { portalAnalysis } from '../../../shared/i18n/portal-analysis.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { countCells, type Counted } from '../../quality/analyse.ts';
import { csvText } from '../csv.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { scoredFeed } from '../quality/quality-panels.ts';
import { className, dimensionName, timeName } from './analysis-words.ts';
import type { Analysed } from './analysed.ts';
import { analysisView } from './analysis-view.ts';
import { discreetPage } from './discreet-page.ts';
import { addressOf, readQuestion } from './question.ts';

/** Counts of visits by period, place and class; to health professionals, only what tells of nobody. */
export function createAnalysisPages(): readonly Page[] {
  const tally = feedNamed(scoredFeed)?.tally;
  if (tally === undefined) return [];
  const exact = ['regional-operator', 'read-only', 'auditor', 'hospital-admin'] as const;
  return [
    {
      path: '/analyser',
      see: [...exact, 'health-professional'],
      get: async (context) =>
        context.viewer.profile === 'health-professional'
          ? discreetPage(context, tally, scoredFeed)
          : analysisView(context, tally, await analyse(context, tally)),
    },
    {
      path: '/analyser.csv',
      see: exact,
      get: async (context) =>
        context.viewer.profile === 'health-professional'
          ? missing
          : analysisFile(context, tally, await analyse(context, tally)),
    },
  ];
}

async function analyse(context: PageContext, { dimensions }: FeedTally): Promise<Analysed> {
  const asked = readQuestion(context.query, dimensions, context.now);
  const { from, to } = asked;
  const length = to - from + 1;
  return context.read(async ({ quality }) => {
    const facilities = await quality.facilities();
    const known = asked.facilities.filter((each) => facilities.some(({ finess }) => finess === each));
    // Asked for facilities that are not the viewer's: nothing, rather than all.
    const places = asked.facilities.length === 0 ? 'all' : known;
    const rows = await quality.cells(scoredFeed, places, from, to);
    const earlier = await quality.cells(scoredFeed, places, (from - length) as Day, (from - 1) as Day);
    const counted = countCells(dimensions, rows, asked);
    const before: Counted | undefined =
      earlier.length < rows.length * 0.9 ? undefined : countCells(dimensions, earlier, asked);
    const uncounted = await quality.uncounted(scoredFeed, from, to);
    return { asked: { ...asked, facilities: known }, facilities, counted, before, uncounted };
  });
}

function analysisFile({ language }: PageContext, tally: FeedTally, { asked, counted }: Analysed): Answer {
  const { along, by, from, to } = asked;
  const classes = tally.dimensions.find(({ name }) => name === along)?.classes ?? [];
  const words = portalAnalysis;
  return {
    kind: 'file',
    name: `passages-${dayToIso(from)}-${dayToIso(to)}.csv`,
    type: 'text/csv; charset=utf-8',
    content: csvText(
      [
        [words.visits[language], dayToIso(from), dayToIso(to), counted.total],
        [addressOf(asked, tally.dimensions).toString()],
        [],
        [words.when[language], words.visits[language]],
        ...[...counted.times]
          .sort(([one], [other]) => one - other)
          .map(([at, count]) => [by === 'hour' ? timeName(by, at, language) : dayToIso(at as Day), count]),
        [],
        [dimensionName(along, language), words.visits[language]],
        ...classes.map((name, index) => [
          className(along, name, language),
          counted.classes[along]?.[index] ?? 0,
        ]),
      ],
      language === 'fr' ? ',' : '.',
    ),
  };
}
