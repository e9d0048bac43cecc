import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tombstoneRequest, type ErrorAnswer } from '../../shared/protocol/push.ts';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { Identify } from '../auth/agent-identity.ts';
import type { Admission } from '../inbox/admission.ts';
import type { Intake, IntakeResult } from '../inbox/intake.ts';
import { parseBody } from './answers.ts';

export interface EnvelopeRoutesDeps {
  readonly identify: Identify;
  readonly admission: Admission;
  readonly intake: Intake;
  /** Bodies held in memory at once; one more is told to come back. */
  readonly concurrentEnvelopes: number;
}

export function envelopeRoutes(app: FastifyInstance, deps: EnvelopeRoutesDeps): void {
  let inFlight = 0;
  const takeSlot = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (inFlight >= deps.concurrentEnvelopes) throw transient('receiver-busy');
    inFlight += 1;
    // 'close' comes once, whether the answer was sent or the sender went away.
    reply.raw.once('close', () => {
      inFlight -= 1;
    });
  };

  app.post('/v1/envelopes', { onRequest: takeSlot }, async (request, reply) => {
    if (!Buffer.isBuffer(request.body)) throw permanent('message-malformed');
    const { agent } = deps.identify.of(request);
    const arrival = await deps.admission.envelope(agent, request.body);
    return answer(reply, await deps.intake.put(arrival));
  });

  app.post('/v1/tombstones', async (request, reply) => {
    const { agent } = deps.identify.of(request);
    const arrival = await deps.admission.tombstone(agent, parseBody(tombstoneRequest, request.body));
    return answer(reply, await deps.intake.put(arrival));
  });
}

async function answer(reply: FastifyReply, result: IntakeResult): Promise<FastifyReply> {
  if (result.kind === 'receipt') return reply.send(result.answer);
  const body: ErrorAnswer = { code: result.code, class: 'permanent', head: result.head };
  return reply.code(409).send(body);
}
