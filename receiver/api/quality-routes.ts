import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { finessSyntax } from '../../shared/feeds/facility.ts';
import { expecting } from '../../shared/runtime/settings.ts';
import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import { scoredFeed } from '../pages/quality/quality-panels.ts';
import { mondayOf } from '../quality/analyse.ts';
import type { Scorecard } from '../quality/scorecard.ts';
import { mondayFromText, weekText } from '../reports/iso-week.ts';
import { cursorParameter, dayText, limitParameter, pageOf } from './asked.ts';
import { profilesOf } from './rights.ts';
import { documentRoute, type ApiRoute } from './route.ts';
import { about, count, day, finess, listOf, named, nowhere } from './schemas.ts';

const share = z.number().nullable();

const item = named(
  'ItemScore',
  z.strictObject({
    field: z.string(),
    tag: about(z.string(), 'National name'),
    due: about(count, 'Records that should have it'),
    filled: about(share, 'Share of 1; null: nothing to say it of'),
    usable: about(share, 'Filled with a value that can be used'),
    target: z.number(),
    isBelow: z.boolean(),
    gap: about(share, 'Share less the region’s median share'),
    rank: z.strictObject({ place: z.int(), of: z.int() }).nullable(),
    before: about(share, 'The same over the week before'),
  }),
  'One item of a facility over a week',
);

const scorecard = named(
  'Scorecard',
  z.strictObject({
    facility: finess,
    name: z.string(),
    week: z.string(),
    from: day,
    to: day,
    records: count,
    daysHeld: about(count, 'Days of the week that hold something'),
    daysUncounted: about(count, 'Days that are held and not counted as they are now'),
    items: z.array(item),
    consistent: about(share, 'Share of records that break no rule between several fields'),
    repeated: count,
    delayHours: about(
      z.number().nullable(),
      'From the end of a day to the first file taken after it, the median',
    ),
    lowDays: z.array(day),
    rules: z.array(
      z.strictObject({
        rule: z.string(),
        severity: z.enum(['error', 'warning', 'info']),
        field: z.string().nullable(),
        count,
      }),
    ),
  }),
  'How well one facility fills what it sends',
);

const scorecardList = listOf('ScorecardList', scorecard);

const isoWeek = z
  .string()
  .refine((text) => mondayFromText(text) !== undefined, expecting('une semaine aaaa-Wnn', 'a week yyyy-Wnn'))
  .optional();

export function createQualityRoutes({
  config,
}: {
  readonly config: Pick<ReceiverConfig, 'quality'>;
}): readonly ApiRoute[] {
  return [
    documentRoute(
      {
        ...{ scope: 'quality', profiles: profilesOf('quality'), method: 'GET', params: nowhere },
        ...{ id: 'listScorecards', path: '/quality/scorecards', answer: scorecardList },
        summary: 'Scorecards of a week, by FINESS',
        query: z.strictObject({
          week: about(isoWeek, 'ISO 8601, such as 2026-W47; the last one that is over'),
          facility: about(z.string().regex(finessSyntax).optional(), 'Only this facility’s'),
          ...{ cursor: cursorParameter(), limit: limitParameter(10, 25) },
        }),
      },
      async ({ query }, { read, now }) => {
        const last = (mondayOf(dayOfInstant(now)) - 7) as Day;
        const from = query.week === undefined ? last : (mondayFromText(query.week) ?? last);
        const span = { from, to: (from + 6) as Day };
        const { all, region } = await read(async ({ quality }) => ({
          all: await quality.facilities(),
          region: await quality.scorecardRegion(scoredFeed, span),
        }));
        const asked = all.filter(({ finess: one }) => query.facility === undefined || one === query.facility);
        const { shown, next } = pageOf(asked, {
          ...query,
          keyOf: (each) => each.finess,
          keys: z.string(),
          order: 'up',
        });
        const items = [];
        for (const { finess: one } of shown) {
          const options = { examples: false, ...(region === undefined ? {} : { region }) };
          const card = await read(({ quality }) =>
            quality.scorecard(scoredFeed, one, span, config.quality, options),
          );
          if (card !== undefined) items.push(cardShown(card));
          // Pages and envelopes have their turn.
          await setImmediate();
        }
        return { items, next };
      },
    ),
  ];
}

function cardShown(card: Scorecard): z.input<typeof scorecard> {
  const { facility, name, from, to, records, days, uncounted, consistent, repeated, delayHours } = card;
  return {
    ...{ facility, name, week: weekText(from), from: dayText(from), to: dayText(to), records },
    ...{ daysHeld: days, daysUncounted: uncounted, consistent, repeated, delayHours },
    items: card.items.map(({ field, tag, due, filled, usable, target, isBelow, gap, rank, before }) => ({
      ...{ field, tag, due, filled, usable, target, isBelow, gap, before },
      rank: rank && { place: rank.place, of: rank.of },
    })),
    lowDays: card.lowDays.map(dayText),
    rules: card.rules.map(({ rule, severity, field, count: broken }) => ({
      ...{ rule, severity, field, count: broken },
    })),
  };
}
