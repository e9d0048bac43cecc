import { z } from 'zod';
import type { AlertRow } from '../store/alert-tables.ts';
import { cursorParameter, dayText, iso, limitParameter, pageOf } from './asked.ts';
import { profilesOf } from './rights.ts';
import { documentRoute, type ApiRoute } from './route.ts';
import { about, alert, listOf, nowhere } from './schemas.ts';

const closedForMs = 30 * 86_400_000;

/** Alerts, without who was told: people's addresses stay on the pages. */
export const alertRoutes: readonly ApiRoute[] = [
  documentRoute(
    {
      ...{ scope: 'alerts', profiles: profilesOf('alerts'), method: 'GET', params: nowhere },
      ...{ id: 'listAlerts', path: '/alerts', answer: listOf('AlertList', alert) },
      summary: 'Alerts that are open, or were closed within the last thirty days; the latest first',
      query: z.strictObject({
        state: about(z.enum(['open', 'closed']).default('open'), 'Which'),
        ...{ cursor: cursorParameter(), limit: limitParameter(50, 200) },
      }),
    },
    async ({ query }, { read, now }) => {
      const rows = await read(({ alerts }) =>
        query.state === 'open' ? alerts.open() : alerts.closedSince(now - closedForMs),
      );
      const { shown, next } = pageOf(rows, { ...query, keyOf: ({ id }) => id, keys: z.int(), order: 'down' });
      return { items: shown.map(alertShown), next };
    },
  ),
];

function alertShown(row: AlertRow): z.input<typeof alert> {
  const { id, kind, facility, feed, destination, members, state, cause, days, missing, ending } = row;
  return {
    ...{ id, kind, feed, destination, facilities: [...members], state, cause, missing, ending },
    // Of a trouble that many share, the first one is not this caller's to know.
    facility: facility !== null && members.includes(facility) ? facility : null,
    ...{ days: days.map(dayText), since: iso(row.since), openedAt: iso(row.openedAt) },
    ...{ toldAt: iso(row.toldAt), takenAt: iso(row.takenAt), recoveringAt: iso(row.recoveringAt) },
    closedAt: iso(row.closedAt),
  };
}
