import type { FastifyInstance } from 'fastify';
import type { ScorecardAnswer } from '../../shared/protocol/push.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import type { Identify } from '../auth/agent-identity.ts';
import type { Store, StoreTx } from '../store/store.ts';

export interface ScorecardRoutesDeps {
  readonly store: Store;
  readonly identify: Identify;
}

/** Each facility's last week, for the agents that may send for it and for nobody else. */
export function scorecardRoutes(app: FastifyInstance, { store, identify }: ScorecardRoutesDeps): void {
  app.get<{ Params: { finess: string } }>('/v1/scorecards/:finess', async (request) => {
    const { facilities } = identify.of(request);
    const { finess } = request.params;
    const found = facilities.includes(finess) ? await store.read((tx) => tx.quality.file(finess)) : undefined;
    if (found === undefined) throw permanent('route-unknown');
    const { text, proof } = found;
    return { text, proof } satisfies ScorecardAnswer;
  });
}

export async function scorecardsOf(tx: StoreTx, facilities: readonly string[]) {
  const found = [];
  for (const facility of facilities.slice(0, 1000)) {
    const week = await tx.quality.fileWeek(facility);
    if (week !== undefined) found.push({ facility, week: dayToIso(week) });
  }
  return found;
}
