import type { FastifyInstance } from 'fastify';
import { awaitingApproval, enrolmentRequest } from '../../shared/protocol/enrolment.ts';
import type { ErrorAnswer } from '../../shared/protocol/push.ts';
import { enrol, type EnrolmentDeps } from '../auth/enrolment.ts';
import { parseBody } from './answers.ts';

/** The only door without a client certificate: public trust data, and the one-time code's MAC. */
export function enrolmentRoutes(app: FastifyInstance, deps: EnrolmentDeps): void {
  app.get('/v1/trust', (_request, reply) => reply.type('application/jose').send(deps.bundle.jws));

  app.post('/v1/enrolments', async (request, reply) => {
    const done = await enrol(parseBody(enrolmentRequest, request.body), deps);
    if (done !== 'awaiting') return done;
    const waiting: ErrorAnswer = { code: awaitingApproval, class: 'transient' };
    return reply.code(202).send(waiting);
  });
}
