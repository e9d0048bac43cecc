import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodType } from 'zod';
import { asFault, permanent, systemCode, transient, type Fault } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { ErrorAnswer } from '../../shared/protocol/push.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { storageFault } from '../inbox/storage-fault.ts';

/**
 * Error answers. A permanent fault tells the sender to stop repeating this input, so only faults in what was sent may
 * be permanent here: whatever goes wrong on our side is transient.
 */
const statusByCode: Readonly<Record<string, number>> = {
  'certificate-unknown': 403,
  'certificate-revoked': 403,
  'certificate-expired': 403,
  'agent-not-active': 403,
  'envelope-other-agent': 403,
  'envelope-signer-unknown': 403,
  'enrolment-refused': 403,
  'message-malformed': 400,
  'agency-credentials-refused': 401,
  'agency-certificate-expired': 401,
  'route-unknown': 404,
  'agency-destination-unknown': 404,
  'dispatch-unknown': 404,
  'agency-content-gone': 410,
  'dispatch-not-sent': 409,
  'agency-range-unsatisfiable': 416,
  'message-too-large': 413,
  'envelope-too-large': 413,
  'receiver-storage-full': 507,
};

export function statusOf(fault: Fault): number {
  const known = statusByCode[fault.code];
  if (known !== undefined) return known;
  if (fault.class !== 'permanent') return 503;
  return fault.code.startsWith('ledger-') ? 409 : 422;
}

export function installAnswers(
  app: FastifyInstance,
  { logger, random }: { readonly logger: Logger; readonly random: Random },
): void {
  const answer = (reply: FastifyReply, fault: Fault): FastifyReply => {
    const body: ErrorAnswer = { code: fault.code, class: fault.class };
    // Spread, so that a thousand agents do not come back in the same second.
    if (fault.class !== 'permanent')
      reply.header('retry-after', String(1 + Math.floor(random.fraction() * 5)));
    return reply.code(statusOf(fault)).send(body);
  };
  app.setErrorHandler((error, _request, reply) => {
    const fault = toFault(error);
    const level = fault.class === 'permanent' ? 'warn' : 'error';
    logger[level]({ err: fault }, 'request-refused');
    return answer(reply, fault);
  });
  app.setNotFoundHandler((_request, reply) => answer(reply, permanent('route-unknown')));
}

/** Checks a body against its schema; throws `message-malformed`, never quoting it. */
export function parseBody<T>(schema: ZodType<T>, body: unknown): T {
  const checked = schema.safeParse(body);
  if (!checked.success) throw permanent('message-malformed');
  return checked.data;
}

function toFault(error: unknown): Fault {
  const fault = asFault(error);
  if (fault.code !== 'unexpected') return fault;
  const code = systemCode(error) ?? '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return permanent('message-too-large');
  if (code.startsWith('FST_ERR_CTP_') || isClientError(error)) return permanent('message-malformed');
  if (code.startsWith('SQLITE_')) return storageFault(error);
  return transient('unexpected', { cause: error });
}

function isClientError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
}
