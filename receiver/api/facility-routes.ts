import { z } from 'zod';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { WatchedDay } from '../monitor/evaluate.ts';
import { createWatchRules } from '../monitor/settings.ts';
import type { SeenAgent } from '../pages/reads/facility-agents.ts';
import { createJudging } from '../pages/reads/facility-judgement.ts';
import type { RegionSeen, SeenPair } from '../pages/reads/region-seen.ts';
import { cursorParameter, dayAsked, dayParameter, dayText, iso, limitParameter, pageOf } from './asked.ts';
import { profilesOf } from './rights.ts';
import { documentRoute, type ApiRoute } from './route.ts';
import {
  about,
  facility,
  facilityDay,
  facilityDays,
  facilityDetail,
  feedState,
  finessParameter,
  listOf,
  nowhere,
  type agent,
} from './schemas.ts';

const common = { scope: 'facilities', profiles: profilesOf('facilities') } as const;
const facilityList = listOf('FacilityList', facility);
const usualDays = 30;
const mostDays = 366;

/** Facilities, and what came of them: as the watching judges it. */
export function createFacilityRoutes({
  config,
}: {
  readonly config: Pick<ReceiverConfig, 'watching' | 'destinations'>;
}): readonly ApiRoute[] {
  const judging = createJudging(createWatchRules(config.watching), config.destinations);
  return [
    documentRoute(
      {
        ...{ ...common, id: 'listFacilities', method: 'GET', path: '/facilities', params: nowhere },
        summary: 'Facilities, by FINESS, with the latest day of each feed',
        query: z.strictObject({ cursor: cursorParameter(), limit: limitParameter(100, 500) }),
        answer: facilityList,
      },
      async ({ query }, { read, region }) => {
        const seen = await region();
        const rows = await read(({ quality }) => quality.facilities());
        const { shown, next } = pageOf(rows, {
          ...query,
          keyOf: ({ finess }) => finess,
          keys: z.string(),
          order: 'up',
        });
        const items = shown.map(({ finess, name }) => ({ finess, name, feeds: feedsOf(seen, finess) }));
        return { items, next };
      },
    ),
    documentRoute(
      {
        ...{ ...common, id: 'getFacility', method: 'GET', path: '/facilities/{finess}', query: nowhere },
        ...{ params: finessParameter, answer: facilityDetail },
        summary: 'One facility, its feeds and its agents',
      },
      async ({ params }, { read, region, now }) => {
        const seen = await region();
        return read(async ({ facilities }) => {
          const found = await facilities.named(params.finess);
          if (found === undefined) return undefined;
          const agents = await facilities.agents(params.finess, now);
          return { ...found, feeds: feedsOf(seen, params.finess), agents: agents.map(agentShown) };
        });
      },
    ),
    documentRoute(
      {
        ...{ ...common, id: 'listFacilityDays', method: 'GET', path: '/facilities/{finess}/days' },
        ...{ params: finessParameter, answer: facilityDays, faults: ['api-span-too-long'] },
        summary: 'What was received and expected of each day; the last thirty days unless asked otherwise',
        query: z.strictObject({
          from: about(dayParameter().optional(), 'First day'),
          to: about(dayParameter().optional(), `Last day; at most ${mostDays} days in all`),
          feed: about(z.string().max(60).optional(), 'The first daily one of the facility'),
        }),
      },
      async ({ params: { finess }, query }, { read, now }) => {
        const to = dayAsked(query.to) ?? dayOfInstant(now);
        const from = dayAsked(query.from) ?? ((to - usualDays + 1) as Day);
        if (to - from >= mostDays) throw permanent('api-span-too-long', { facts: { most: mostDays } });
        return read(async ({ facilities }) => {
          if ((await facilities.named(finess)) === undefined) return undefined;
          const span = { from, to: Math.max(from, to) as Day, now };
          const judged = from > to ? [] : await facilities.judged(finess, judging, span);
          const found = judged.find(({ feed }) => query.feed === undefined || feed === query.feed);
          return {
            ...{ facility: finess, feed: found?.feed ?? query.feed ?? null },
            ...{ from: dayText(from), to: dayText(to), days: (found?.days ?? []).map(dayShown) },
          };
        });
      },
    ),
  ];
}

function feedsOf({ pairs }: RegionSeen, finess: string): z.input<typeof feedState>[] {
  return pairs.filter((pair) => pair.facility === finess).map(feedShown);
}

function feedShown({ feed, days, lastReceptionAt, held }: SeenPair): z.input<typeof feedState> {
  const due = days.filter(({ state }) => state !== null).at(-1);
  return {
    ...{ feed, connected: days.length > 0 && days.at(-1)?.state !== 'not-connected' },
    lastReceivedAt: iso(lastReceptionAt),
    latest: due === undefined ? null : dayShown(due),
    heldFiles: held?.exports.length ?? 0,
  };
}

function dayShown(seen: WatchedDay): z.input<typeof facilityDay> {
  const { day, state, cause, count, expected, missing, missingParts, deadline, wholeAt } = seen;
  return {
    ...{ day: dayText(day), state, cause, received: count, missing, missingParts: [...missingParts] },
    expected: expected && {
      ...{ median: expected.median, p10: expected.p10, p90: expected.p90, floor: expected.floor },
    },
    ...{ deadline: iso(deadline), wholeAt: iso(wholeAt) },
  };
}

function agentShown(seen: SeenAgent): z.input<typeof agent> {
  const { id, name, status, alive, lastSeenAt, version, pending, certificateUntil } = seen;
  return {
    ...{ id, name, status, alive, lastSeenAt: iso(lastSeenAt), version: version ?? null, pending },
    certificateUntil: iso(certificateUntil),
  };
}
