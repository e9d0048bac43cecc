import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Profile, Viewer } from '../../../receiver/accounts/profile.ts';
import { createPortalApp } from '../../../receiver/app-portal.ts';
import { parseConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import { dispatchTargets } from '../../../receiver/forward/targets.ts';
import type { Page } from '../../../receiver/pages/page.ts';
import { createPortalPages } from '../../../receiver/pages/portal-pages.ts';
import { createOpenAlerts } from '../../../receiver/pages/reads/alert-reads.ts';
import { createRegionView } from '../../../receiver/pages/reads/region-view.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger, type Logger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

/** The region's pages over a real database, without listening: asked as one person or another. */
export interface PortalLab {
  readonly folder: string;
  readonly store: Store;
  readonly config: ReceiverConfig;
  readonly clock: { now(): number; monotonic(): number; advance(ms: number): void };
  readonly app: FastifyInstance;
  /** How often something was changed that the receiver's loops wait for. */
  readonly changes: () => number;
  /** GET as this viewer; nobody when undefined. */
  get(path: string, viewer?: Viewer): Promise<Got>;
  /** POST of a form as this viewer, with its token. */
  post(path: string, viewer: Viewer | undefined, form?: Form): Promise<Got>;
  /** The same with another token than the viewer's. */
  postForged(path: string, viewer: Viewer, token: string): Promise<Got>;
  close(): Promise<void>;
}

/** A field that comes several times has several values. */
export type Form = Readonly<Record<string, string | readonly string[]>>;

export interface Got {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

const origin = 'http://portal.test';

export interface PortalLabOptions {
  /** Epoch ms; now when it does not matter. */
  readonly startAt?: number;
  /** Over the smallest settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A region that is there already. */
  readonly region?: { readonly folder: string; readonly config: ReceiverConfig };
  /** Where lines go; nowhere when it does not matter. */
  readonly logger?: Logger;
  readonly prepare?: (store: Store) => Promise<void>;
  /** Other pages in the place of the region's. */
  readonly replace?: (pages: readonly Page[]) => readonly Page[];
}

export async function createPortalLab(options: PortalLabOptions = {}): Promise<PortalLab> {
  const folder = options.region?.folder ?? (await mkdtemp(join(tmpdir(), 'vaguemestre-portal-')));
  const config =
    options.region?.config ??
    parseConfig(
      JSON.stringify({ state: folder, region: 'Région d’essai', portal: {}, ...options.settings }),
      join(folder, 'receiver.yaml'),
    );
  let at = options.startAt ?? Date.now();
  const clock = {
    now: () => at,
    monotonic: () => performance.now(),
    advance: (ms: number) => {
      at += ms;
    },
  };
  const logger = options.logger ?? createLogger({ name: 'test', level: 'silent' });
  const store = openSqliteStore(join(config.state, 'receiver.db'), { whileBusy: 'yield' });
  await options.prepare?.(store);
  const view = createRegionView({ store, config, clock, logger });
  const targets = await dispatchTargets(config.destinations);
  let changes = 0;
  let viewer: Viewer | undefined;
  const app = await createPortalApp(
    {
      ...{ tls: undefined, logger, random: systemRandom, requestsPerMinute: 100_000, trustedProxies: [] },
      ...{ requestSeconds: 30, connections: 100 },
    },
    {
      ...{ store, clock, random: systemRandom, logger, region: config.region, version: '0' },
      ...{ legalNotice: undefined, origins: () => [origin], openAlerts: createOpenAlerts(store) },
      view,
      sessions: { signInPath: '/connexion', viewerOf: async () => viewer },
      pages: (options.replace ?? same)(
        createPortalPages({
          ...{ config, store, clock, logger, random: systemRandom, targets, url: () => origin },
          sign: async (texts) => `proof of ${texts.length}`,
          onChange: () => {
            changes += 1;
            view.forget();
          },
        }),
      ),
    },
  );
  const got = (answer: Awaited<ReturnType<FastifyInstance['inject']>>): Got => ({
    status: answer.statusCode,
    text: answer.payload,
    location: answer.headers.location,
    headers: answer.headers,
  });
  const post = async (path: string, who: Viewer | undefined, form: Form): Promise<Got> => {
    viewer = who;
    const fields = Object.entries(form).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    );
    const payload = new URLSearchParams(fields).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin };
    return got(await app.inject({ method: 'POST', url: path, payload, headers }));
  };
  return {
    ...{ folder, store, config, clock, app },
    changes: () => changes,
    get: async (path, who) => {
      viewer = who;
      return got(await app.inject({ method: 'GET', url: path }));
    },
    post: (path, who, form = {}) => post(path, who, { ...form, _csrf: who?.csrf ?? '' }),
    postForged: (path, who, token) => post(path, who, { _csrf: token }),
    close: async () => {
      await app.close();
      await view.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

const same = (pages: readonly Page[]): readonly Page[] => pages;

/** Somebody of this profile; hospitals and agencies reach what is named. */
export function viewerAs(profile: Profile, change: Partial<Viewer> = {}): Viewer {
  const regional = profile !== 'hospital-admin' && profile !== 'agency';
  return {
    ...{ account: `a-${profile}`, name: 'Camille Essai', profile, administrator: false, language: 'fr' },
    facilities: profile === 'agency' || regional ? 'all' : new Set(),
    destinations: profile === 'agency' ? new Set() : regional ? 'all' : new Set(),
    csrf: 'token-of-the-test',
    ...change,
  };
}
