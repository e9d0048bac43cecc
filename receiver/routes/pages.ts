import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { portalFrame } from '../../shared/i18n/portal-frame.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault, systemCode, transient, type Fault } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Viewer } from '../accounts/profile.ts';
import { storageFault } from '../inbox/storage-fault.ts';
import { readAssets } from '../pages/assets.ts';
import { html, type Html } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import { pathIn } from '../pages/path-in.ts';
import type { ActContext, Answer, Page, PageContext } from '../pages/page.ts';
import { reachOf } from '../pages/reads/reach.ts';
import { createReads } from '../pages/reads/reads.ts';
import { toldFault } from '../pages/told-fault.ts';
import type { RegionView } from '../pages/reads/region-view.ts';
import type { Store } from '../store/store.ts';
import { liveRoutes } from './live.ts';
import type { GuardDeps } from '../auth/portal-guard.ts';

export interface PageRoutesDeps extends GuardDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly pages: readonly Page[];
  readonly view: RegionView;
  readonly region: string;
  readonly version: string;
  readonly legalNotice: string | undefined;
  /** Alerts open within the viewer's reach. */
  readonly openAlerts: (viewer: Viewer) => Promise<number>;
  /** How often changes are looked for. */
  readonly liveEveryMs?: number;
  /** Routes that are no pages: signing in, the live stream. Given the renderer of bare pages. */
  readonly more?: (app: FastifyInstance, show: ShowBare) => void;
}

/** Renders a page without bars, for somebody who has not signed in. */
export type ShowBare = (
  request: FastifyRequest,
  reply: FastifyReply,
  page: { readonly title: string; readonly body: Html; readonly status?: number },
) => Promise<FastifyReply>;

const year = 'public, max-age=31536000, immutable';

export function pageRoutes(app: FastifyInstance, deps: PageRoutesDeps): void {
  const { store, clock, random, logger, pages, view } = deps;
  const assets = readAssets();
  const asset = (name: string): string => `/assets/${name}?v=${assets.get(name)?.version ?? ''}`;

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Extract<Answer, { kind: 'page' }>,
  ): Promise<FastifyReply> => {
    const { viewer } = request;
    const text = layout({
      ...{ title: answer.title, body: answer.body, language: languageOf(request), viewer, asset },
      ...{ region: deps.region, version: deps.version, legalNotice: deps.legalNotice },
      ...{ nav: answer.nav, here: withoutLanguage(request.url), theme: themeOf(request) },
      // A page that says that nothing can be read must not fail of that.
      openAlerts: viewer === undefined ? 0 : await deps.openAlerts(viewer).catch(() => 0),
      bare: answer.frame === 'bare',
      live: answer.live === true,
    });
    return reply
      .code(answer.status ?? 200)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(text);
  };
  const showBare: ShowBare = (request, reply, page) =>
    show(request, reply, { kind: 'page', frame: 'bare', ...page });

  const give = async (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Answer,
  ): Promise<FastifyReply> => {
    switch (answer.kind) {
      case 'page':
        return show(request, reply, answer);
      case 'redirect':
        return reply.redirect(answer.to, 303);
      case 'file':
        if (answer.onLeft !== undefined) reply.raw.once('finish', answer.onLeft);
        return attached(reply, answer).send(answer.content);
      case 'stream':
        return attached(reply, answer).header('content-length', answer.bytes).send(answer.content);
      case 'sheet':
        return reply
          .header('cache-control', 'no-store')
          .header('content-security-policy', sheetSecurity(answer.style))
          .type('text/html; charset=utf-8')
          .send(answer.content(asset));
      case 'missing':
        return show(request, reply, missingPage(languageOf(request)));
    }
  };

  const contextOf = (request: FastifyRequest, viewer: Viewer): PageContext => {
    const language = languageOf(request);
    return {
      ...{ viewer: { ...viewer, language }, language, here: withoutLanguage(request.url), now: clock.now() },
      params: request.params as Readonly<Record<string, string>>,
      query: new URL(request.url, 'http://page').searchParams,
      read: (work) => store.read((tx) => work(createReads(tx, reachOf(viewer)))),
      region: (days) => view.seenBy(reachOf(viewer), days),
      to: (path) => pathIn(path, language),
    };
  };

  app.setNotFoundHandler(async (request, reply) => show(request, reply, missingPage(languageOf(request))));
  app.setErrorHandler(async (error, request, reply) => {
    const fault = toFault(error);
    const reference = random.bytes(4).toString('hex');
    const expected = fault.class === 'permanent' && fault.code !== 'unexpected';
    logger[expected ? 'warn' : 'error'](
      { err: fault, reference, route: request.routeOptions.url },
      'page-refused',
    );
    const status = statusOf(fault, error);
    return show(request, reply, {
      ...faultPage(fault, reference, languageOf(request), pageOf(app, request)),
      status,
    });
  });

  for (const [name, { type, content }] of assets)
    app.get(`/assets/${name}`, { config: { rights: 'anybody' } }, (_request, reply) =>
      reply.header('cache-control', year).type(type).send(content),
    );

  liveRoutes(app, { ...deps, everyMs: deps.liveEveryMs });
  deps.more?.(app, showBare);
  const uploadSlots = createUploadSlots();
  for (const page of pages) {
    for (const path of page.path === '/' ? ['/', '/en', '/en/'] : [page.path, pathIn(page.path, 'en')]) {
      const { get, act, isFetch } = page;
      if (get !== undefined)
        app.get(
          path,
          { config: { rights: page.see }, exposeHeadRoute: isFetch !== true },
          async (request, reply) => {
            const { viewer } = request;
            return give(
              request,
              reply,
              viewer === undefined ? { kind: 'missing' } : await get(contextOf(request, viewer)),
            );
          },
        );
      if (act !== undefined)
        actRoute(app, path, act, uploadSlots, async (request, reply, fields) => {
          const { viewer } = request;
          if (viewer === undefined) return give(request, reply, { kind: 'missing' });
          return give(
            request,
            reply,
            await act.post({ ...contextOf(request, viewer), ...actingOf(viewer, fields) }),
          );
        });
    }
  }
}

function attached(
  reply: FastifyReply,
  { name, type }: { readonly name: string; readonly type: string },
): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .type(type);
}

interface Fields {
  readonly body: Readonly<Record<string, unknown>>;
  readonly upload: ActContext['upload'];
}

type Handle = (request: FastifyRequest, reply: FastifyReply, fields: Fields) => Promise<FastifyReply>;

/** A form, or one with a file: bounded before it is read, and its token checked like any other's. */
function actRoute(
  app: FastifyInstance,
  path: string,
  { may, uploadBytes }: NonNullable<Page['act']>,
  uploadSlots: UploadSlots,
  handle: Handle,
): void {
  if (uploadBytes === undefined) {
    app.post(path, { config: { rights: may } }, (request, reply) =>
      handle(request, reply, { body: recordOf(request.body), upload: undefined }),
    );
    return;
  }
  void app.register(async (scope) => {
    await scope.register(multipart, {
      attachFieldsToBody: 'keyValues',
      limits: { fileSize: uploadBytes, files: 1, fields: 20, fieldSize: 10_000 },
      onFile: async function keep(part) {
        const content = await part.toBuffer();
        (this as FastifyRequest & { kept?: ActContext['upload'] }).kept = { name: part.filename, content };
        // What stays in the body under the field's name.
        (part as unknown as { value: string }).value = part.filename;
      },
    });
    const whole = new WeakSet<FastifyRequest>();
    scope.setErrorHandler((error: unknown, request) => {
      // A form that broke off, or that no browser made.
      if (!whole.has(request) && systemCode(error) === undefined)
        throw Object.assign(new Error('form', { cause: error }), { statusCode: 400 });
      throw error;
    });
    scope.addHook('onRequest', uploadSlots);
    scope.post(path, { config: { rights: may }, bodyLimit: uploadBytes + 64 * 1024 }, (request, reply) => {
      whole.add(request);
      return handle(request, reply, {
        body: recordOf(request.body),
        upload: (request as FastifyRequest & { kept?: ActContext['upload'] }).kept,
      });
    });
  });
}

type UploadSlots = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Files that come at the same time: each is held in memory until it is whole. */
const uploadsAtOnce = 3;

function createUploadSlots(): UploadSlots {
  let taken = 0;
  return async ({ method }, reply) => {
    if (method !== 'POST' || reply.sent) return;
    if (taken >= uploadsAtOnce) throw transient('portal-upload-busy');
    taken += 1;
    // 'close' comes once, whether the answer was sent or the sender went away.
    reply.raw.once('close', () => {
      taken -= 1;
    });
  };
}

function sheetSecurity(style: string): string {
  const only = ["default-src 'none'", `style-src 'sha256-${style}'`, "script-src 'self'"];
  return [...only, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ');
}

function recordOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function actingOf(
  viewer: Viewer,
  { body, upload }: Fields,
): Pick<ActContext, 'form' | 'all' | 'upload' | 'actor'> {
  const all = (name: string): readonly string[] => {
    const value = body[name];
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    return values.filter((each): each is string => typeof each === 'string').map((each) => each.trim());
  };
  return {
    ...{ all, upload },
    form: (name) => all(name).at(-1) ?? '',
    actor: { kind: 'account', id: viewer.account, name: viewer.name },
  };
}

function languageOf(request: FastifyRequest): Language {
  return request.url === '/en' || request.url.startsWith('/en/') || request.url.startsWith('/en?')
    ? 'en'
    : 'fr';
}

function withoutLanguage(url: string): string {
  const rest = /^\/en(?=[/?]|$)/.test(url) ? url.slice(3) : url;
  // Two slashes would lead elsewhere.
  return `/${rest.replace(/^[/\\]+/, '')}`;
}

function themeOf(request: FastifyRequest): 'light' | 'dark' | undefined {
  const theme = request.cookies['theme'];
  return theme === 'light' || theme === 'dark' ? theme : undefined;
}

function missingPage(language: Language): Extract<Answer, { kind: 'page' }> {
  const say = speaker(portalFrame, language);
  const home = pathIn('/', language);
  const body = html`<div class="card empty"><h1>${say('missingTitle')}</h1><p>${say('missingText')}</p><a class="btn" href="${home}">${say('home')}</a></div>`;
  return { kind: 'page', title: say('missingTitle'), body, status: 404 };
}

/** The page a form is on: an act has an address of its own, often below it, where there is nothing to look at. */
function pageOf(app: FastifyInstance, request: FastifyRequest): string {
  const here = withoutLanguage(request.url);
  const pattern = (request.routeOptions.url ?? '').replace(/^\/en(?=\/|$)/, '').split('/');
  const path = (here.split('?')[0] ?? '').split('/');
  if (request.method === 'GET' || path.length !== pattern.length) return here;
  for (let length = pattern.length; length > 1; length -= 1)
    if (app.hasRoute({ method: 'GET', url: pattern.slice(0, length).join('/') }))
      return path.slice(0, length).join('/');
  return '/';
}

/** What could not be done, in words; what was not foreseen only by its reference, which the log has too. */
function faultPage(
  fault: Fault,
  reference: string,
  language: Language,
  here: string,
): Extract<Answer, { kind: 'page' }> {
  const say = speaker(portalFrame, language);
  const { message, hint } = toldFault(fault, language);
  const known = fault.code !== 'unexpected';
  const title = known ? say('refused') : say('brokenTitle');
  const again = pathIn(here, language);
  const body = html`<div class="card empty"><h1>${title}</h1><p>${known ? message : say('brokenText')}</p>${
    known ? html`<p>${hint}</p>` : ''
  }<p class="small">${say('reference', { reference })}</p><a class="btn" href="${again}">${say('again')}</a></div>`;
  return { kind: 'page', title, body };
}

function toFault(error: unknown): Fault {
  const fault = asFault(error);
  if (fault.code === 'unexpected' && (systemCode(error) ?? '').startsWith('SQLITE_'))
    return storageFault(error);
  return fault;
}

function statusOf(fault: Fault, error: unknown): number {
  const given =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof given === 'number' && given >= 400 && given < 500) return given;
  if (fault.code === 'portal-form-stale') return 403;
  if (fault.code === 'portal-too-many') return 429;
  if (fault.code === 'unexpected') return 500;
  return fault.class === 'permanent' ? 422 : 503;
}
