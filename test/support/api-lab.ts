import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createApiRoutes } from '../../receiver/api/routes.ts';
import { createApiToken } from '../../receiver/api/tokens.ts';
import type { ApiRoute } from '../../receiver/api/route.ts';
import { createPortalApp } from '../../receiver/app-portal.ts';
import { createExtractionDesk } from '../../receiver/extraction/desk.ts';
import type { Profile } from '../../receiver/accounts/profile.ts';
import { createRegionView } from '../../receiver/pages/reads/region-view.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import { apiScopes, type ApiScope } from '../../receiver/store/token-tables.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { answerChecker } from './api-document.ts';
import { createDemoRegion, type DemoOptions, type DemoRegion } from './portal/demo-region.ts';

/** The API over a real region, asked without listening. Every answer is held against the document that it publishes. */
export interface ApiLab {
  readonly region: DemoRegion;
  readonly store: Store;
  readonly app: FastifyInstance;
  readonly routes: readonly ApiRoute[];
  readonly clock: { now(): number; monotonic(): number; advance(ms: number): void };
  /** A new token, as the command line makes one. */
  token(profile: Profile, options?: TokenOptions): Promise<string>;
  ask(path: string, token: string | undefined, options?: AskOptions): Promise<ApiGot>;
  close(): Promise<void>;
}

export interface TokenOptions {
  readonly scopes?: readonly ApiScope[];
  readonly facilities?: readonly string[];
  readonly days?: number;
}

export interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH' | 'HEAD' | 'OPTIONS';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiGot {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  /** The answer as a document; undefined when it is none. */
  readonly json: unknown;
}

export const apiActor = { kind: 'command-line', id: 'test', name: 'test' } as const;

export interface ApiLabOptions extends Omit<DemoOptions, 'folder'> {
  readonly requestsPerMinute?: number;
  readonly logger?: Logger;
}

export async function createApiLab({ requestsPerMinute, ...options }: ApiLabOptions): Promise<ApiLab> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-api-'));
  const region = await createDemoRegion({ ...options, folder });
  const { config } = region;
  const state = stateFolder(config.state);
  const logger = options.logger ?? createLogger({ name: 'test', level: 'silent' });
  let [at, passed] = [options.now, 0];
  const clock = {
    now: () => at,
    monotonic: () => passed,
    advance: (ms: number) => {
      at += ms;
      passed += ms;
    },
  };
  const store = openSqliteStore(state.database, { whileBusy: 'yield' });
  const view = createRegionView({ store, config, clock, logger });
  const desk = createExtractionDesk({
    ...{ store, clock, random: systemRandom, onChange: () => undefined },
    folder: config.retention.extractionFolder,
  });
  const routes = createApiRoutes({ config, desk });
  const app = await createPortalApp(
    {
      ...{ tls: undefined, logger, random: systemRandom, requestsPerMinute: 100_000, trustedProxies: [] },
      ...{ requestSeconds: 30, connections: 100 },
    },
    {
      ...{ store, clock, random: systemRandom, logger, region: config.region, version: '0', view },
      ...{ legalNotice: undefined, origins: () => [], openAlerts: async () => 0, pages: [] },
      sessions: { signInPath: '/connexion', viewerOf: async () => undefined },
      ...{ api: routes, apiLimit: requestsPerMinute ?? 1_000_000 },
    },
  );
  const check = answerChecker(await app.inject({ url: '/api/v1/openapi.json' }));
  const ask = async (path: string, token: string | undefined, asked: AskOptions = {}): Promise<ApiGot> => {
    const { method = 'GET', body, headers = {} } = asked;
    const url = `/api/v1${path}`;
    const answer = await app.inject({
      ...{ method, url },
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const json = check({ method, url, status: answer.statusCode, answer });
    return { status: answer.statusCode, text: answer.payload, headers: answer.headers, json };
  };
  return {
    ...{ region, store, app, routes, clock, ask },
    token: async (profile, { scopes = apiScopes, facilities = [], days = 30 } = {}) => {
      const asked = { name: `essai ${profile}`, profile, scopes: [...scopes], facilities, days };
      const made = await createApiToken(asked, { store, clock, random: systemRandom, actor: apiActor });
      return made.said;
    },
    close: async () => {
      await app.close();
      await view.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
