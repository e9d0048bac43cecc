import type { FastifyInstance } from 'fastify';
import { enrolmentRequest } from '../../shared/protocol/enrolment.ts';
import { enrol, type EnrolmentDeps } from '../auth/enrolment.ts';
import { parseBody } from './answers.ts';

/** The only door without a client certificate: public trust data, and the one-time code's MAC. */
export function enrolmentRoutes(app: FastifyInstance, deps: EnrolmentDeps): void {
  app.get('/v1/trust', (_request, reply) => reply.type('application/jose').send(deps.bundle.jws));

  app.post('/v1/enrolments', (request) => enrol(parseBody(enrolmentRequest, request.body), deps));
}
