import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault, permanent, systemCode, type Fault } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { openApiDocument } from '../api/openapi.ts';
import { languageAsked, problemOf, problemStatus } from '../api/problem.ts';
import type { ApiCaller, ApiContext, ApiFile, ApiRoute } from '../api/route.ts';
import { createTokenDoor } from '../auth/token-door.ts';
import { storageFault } from '../inbox/storage-fault.ts';
import { createReads } from '../pages/reads/reads.ts';
import type { RegionView } from '../pages/reads/region-view.ts';
import type { Store } from '../store/store.ts';

export interface ApiRoutesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly routes: readonly ApiRoute[];
  readonly view: RegionView;
  readonly region: string;
  readonly version: string;
  /** Requests a minute with one token. */
  readonly requestsPerMinute?: number;
}

const bodyBytes = 64 * 1024;

/** `/api/v1`: for programs, by token. No cookie is looked at, and no form comes here. */
export function apiRoutes(app: FastifyInstance, deps: ApiRoutesDeps): void {
  void app.register(async (scope) => apiScope(scope, deps), { prefix: '/api' });
}

function apiScope(app: FastifyInstance, deps: ApiRoutesDeps): void {
  const { routes, region, version, logger, random } = deps;
  const door = createTokenDoor({ ...deps, requestsPerMinute: deps.requestsPerMinute ?? 600 });
  const callers = new WeakMap<FastifyRequest, ApiCaller>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', vary: 'Authorization, Accept-Language' });
  });

  const refuse = (request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply => {
    const fault = toFault(error);
    const status = statusOf(fault, error);
    const language = languageAsked(request.headers['accept-language']);
    const reference = random.bytes(4).toString('hex');
    logger[status === 500 || status === 503 ? 'error' : 'warn'](
      { err: fault, reference, route: request.routeOptions.url },
      'api-refused',
    );
    return reply
      .code(status)
      .headers({ ...headersOf(fault, status), 'content-language': language })
      .type('application/problem+json')
      .send(problemOf(fault, { status, language, reference }));
  };
  app.setErrorHandler(async (error, request, reply) => refuse(request, reply, error));
  app.setNotFoundHandler(async (request, reply) => {
    const allow = allowedAt(routes, request.url);
    const fault =
      allow === undefined ? permanent('api-not-found') : permanent('api-method', { facts: { allow } });
    return refuse(request, reply, fault);
  });

  const document = JSON.stringify(openApiDocument(routes, { region, version }));
  app.get('/v1/openapi.json', { config: { rights: 'api' } }, (_request, reply) =>
    reply.type('application/json').send(document),
  );
  for (const route of routes)
    app.route({
      ...{ method: route.method, url: `/v1${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}` },
      ...{ config: { rights: 'api' }, bodyLimit: bodyBytes },
      // Asking whether a file is there would be written down as fetching it.
      exposeHeadRoute: route.method === 'GET' && route.types === undefined,
      onRequest: async (request) => {
        const caller = await door.callerOf(request);
        checkRights(route, caller);
        callers.set(request, caller);
      },
      handler: async (request, reply) => {
        const caller = callers.get(request);
        if (caller === undefined) throw permanent('api-token-refused');
        return answer(route, request, reply, contextOf(deps, request, caller));
      },
    });
}

/** Of an address that cannot even be read: undefined where it is none of the API's. */
export function badApiAddress(
  url: string,
  reply: Pick<FastifyReply, 'code' | 'type' | 'send'>,
): FastifyReply | undefined {
  if (!url.startsWith('/api/')) return undefined;
  const problem = problemOf(permanent('api-not-found'), { status: 404, language: 'fr', reference: '' });
  return reply.code(404).type('application/problem+json').send(problem);
}

/** First what the token was made for, then what its profile sees at all. */
function checkRights({ scope, profiles }: ApiRoute, caller: ApiCaller): void {
  if (!caller.scopes.includes(scope)) throw permanent('api-scope', { facts: { scope } });
  if (!profiles.includes(caller.profile))
    throw permanent('api-profile', { facts: { profile: caller.profile } });
}

function contextOf(
  { store, clock, view }: ApiRoutesDeps,
  request: FastifyRequest,
  caller: ApiCaller,
): ApiContext {
  return {
    ...{ caller, now: clock.now(), language: languageAsked(request.headers['accept-language']) },
    read: (work) => store.read((tx) => work(createReads(tx, caller.reach))),
    region: () => view.seenBy(caller.reach),
  };
}

async function answer(
  route: ApiRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  context: ApiContext,
): Promise<FastifyReply> {
  const answered = await route.run(
    {
      params: request.params as Readonly<Record<string, unknown>>,
      query: new URL(request.url, 'http://api').searchParams,
      body: request.body,
    },
    context,
  );
  void reply.code(route.status);
  switch (answered.kind) {
    case 'nothing':
      return reply.send();
    case 'file':
      return sendFile(reply, answered.file);
    case 'json':
      if (answered.location !== undefined) void reply.header('location', answered.location);
      return reply.type('application/json').send(JSON.stringify(answered.body));
  }
}

function sendFile(reply: FastifyReply, { name, type, content }: ApiFile): FastifyReply {
  void reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .type(type);
  return Buffer.isBuffer(content)
    ? reply.send(content)
    : reply.header('content-length', content.bytes).send(createReadStream(content.path));
}

/** Which methods an address has; undefined: it is none. */
function allowedAt(routes: readonly ApiRoute[], url: string): string | undefined {
  const [path = ''] = url.split('?');
  const found = routes.filter(({ path: pattern }) =>
    new RegExp(`^/api/v1${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  if (path === '/api/v1/openapi.json') return 'GET, HEAD';
  const methods = found.flatMap(({ method, types }) =>
    method === 'GET' && types === undefined ? ['GET', 'HEAD'] : [method],
  );
  return methods.length === 0 ? undefined : methods.join(', ');
}

function headersOf(fault: Fault, status: number): Readonly<Record<string, string>> {
  const { allow, seconds, scope } = fault.facts;
  if (status === 401) return { 'www-authenticate': 'Bearer realm="vaguemestre", error="invalid_token"' };
  if (fault.code === 'api-scope')
    return { 'www-authenticate': `Bearer realm="vaguemestre", error="insufficient_scope", scope="${scope}"` };
  if (fault.code === 'api-method') return { allow: String(allow) };
  if (fault.code === 'api-too-many') return { 'retry-after': String(seconds) };
  return status === 503 ? { 'retry-after': '5' } : {};
}

function toFault(error: unknown): Fault {
  const fault = asFault(error);
  if (fault.code !== 'unexpected') return fault;
  const code = systemCode(error) ?? '';
  if (code.startsWith('SQLITE_')) return storageFault(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return permanent('api-body-too-large');
  const status = statusGiven(error);
  return status !== undefined && status < 500 ? permanent('api-body-unreadable') : fault;
}

function statusOf(fault: Fault, error: unknown): ReturnType<typeof problemStatus> {
  return statusGiven(error) === 415 ? 415 : problemStatus(fault);
}

function statusGiven(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
