import type { FastifyInstance } from 'fastify';
import type { EnrolmentGrant } from '../../shared/protocol/enrolment.ts';
import { renewalRequest } from '../../shared/protocol/renewal.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Identify } from '../auth/agent-identity.ts';
import { grantAgent, type GrantDeps } from '../auth/grants.ts';
import type { Store } from '../store/store.ts';
import { parseBody } from './answers.ts';

export interface RenewalRoutesDeps extends GrantDeps {
  readonly store: Store;
  readonly identify: Identify;
}

/** New certificates beside the old ones, which stay good until they end: an answer lost on the way locks nobody out. */
export function renewalRoutes(app: FastifyInstance, deps: RenewalRoutesDeps): void {
  app.post('/v1/renewals', async (request): Promise<EnrolmentGrant> => {
    const identity = deps.identify.of(request);
    const requests = parseBody(renewalRequest, request.body);
    const grant = await deps.store.transaction(async (tx) => {
      const agent = await tx.agents.get(identity.agent);
      if (agent?.status !== 'active') throw permanent('agent-not-active');
      return grantAgent(tx, agent, requests, deps);
    });
    return { grant, mac: '' };
  });
}
