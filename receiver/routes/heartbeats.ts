import type { FastifyInstance } from 'fastify';
import {
  epochRequest,
  heartbeatRequest,
  type HeartbeatAnswer,
  type HeartbeatRequest,
} from '../../shared/protocol/push.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { createGroupCommit } from '../../shared/runtime/group-commit.ts';
import type { AgentIdentity, Identify } from '../auth/agent-identity.ts';
import { facilitiesOf } from '../auth/grants.ts';
import { noteAnswers, tellAsked } from '../care/asked.ts';
import type { TrustBundleFile } from '../auth/trust-bundle-file.ts';
import { openEpoch } from '../inbox/epochs.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { parseBody } from './answers.ts';
import { lackingOf } from './lacking.ts';
import { scorecardsOf } from './scorecards.ts';

export interface HeartbeatRoutesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly identify: Identify;
  readonly bundle: TrustBundleFile;
}

interface Beat {
  readonly identity: AgentIdentity;
  readonly heartbeat: HeartbeatRequest;
}

export function heartbeatRoutes(app: FastifyInstance, deps: HeartbeatRoutesDeps): void {
  const { store, clock, identify, bundle } = deps;
  // Alone, a heartbeat costs a sync of the disk; together they share one.
  const beats = createGroupCommit<Beat, HeartbeatAnswer>({
    maxItems: 500,
    commit: (group) =>
      store.transaction(async (tx) => {
        const answers: HeartbeatAnswer[] = [];
        for (const beat of group) answers.push(await answerBeat(tx, beat, clock.now(), bundle));
        return answers;
      }),
  });

  app.post('/v1/heartbeat', (request) => {
    const identity = identify.of(request);
    return beats.put({ identity, heartbeat: parseBody(heartbeatRequest, request.body) });
  });

  app.post('/v1/epochs', (request) => {
    const { agent } = identify.of(request);
    const asked = parseBody(epochRequest, request.body);
    return store.transaction((tx) => openEpoch(tx, agent, asked));
  });
}

async function answerBeat(
  tx: StoreTx,
  { identity, heartbeat }: Beat,
  at: number,
  bundle: TrustBundleFile,
): Promise<HeartbeatAnswer> {
  const { agent } = identity;
  const { rejectedExports, ...body } = heartbeat;
  await tx.agents.putHeartbeat(agent, at, JSON.stringify(body));
  for (const reject of rejectedExports) await tx.agents.putRejectedExport(agent, reject);
  const heads = await tx.inbox.heads(agent);
  await noteAnswers(tx, agent, heartbeat.asked ?? [], at);
  return {
    at,
    bundle: bundle.version > heartbeat.bundleVersion ? bundle.jws : null,
    facilities: (await facilitiesOf(tx, identity.facilities)).map(({ finess, key }) => ({ finess, key })),
    heads: heads.map(({ feed, epoch, seq, digest }) => ({ feed, epoch, seq, digest })),
    lacking: await lackingOf(tx, agent, at),
    scorecards: await scorecardsOf(tx, identity.facilities),
    // An agent from before it could be asked says nothing of it: it is told nothing.
    ...(heartbeat.asked === undefined ? {} : { asked: await tellAsked(tx, agent, at) }),
  };
}
