import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPortalApp } from '../../../receiver/app-portal.ts';
import { createAccountDoors } from '../../../receiver/auth/account-doors.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { createPortalPages } from '../../../receiver/pages/portal-pages.ts';
import { createRegionView } from '../../../receiver/pages/reads/region-view.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

/** The pages with their real doors, listening on loopback over plain HTTP. */
export interface SignInLab {
  readonly folder: string;
  readonly base: string;
  readonly store: Store;
  readonly clock: { now(): number; monotonic(): number; advance(ms: number): void };
  close(): Promise<void>;
}

/** `portal`: settings of that section; without `url`, people reach the pages where the lab listens. */
export async function createSignInLab(
  portal: Readonly<Record<string, unknown>> = {},
  {
    attemptsPerMinute = 10_000,
    port = 0,
    ...more
  }: {
    readonly attemptsPerMinute?: number;
    readonly port?: number;
    readonly liveEveryMs?: number;
  } = {},
): Promise<SignInLab> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-sign-in-'));
  const text = JSON.stringify({ state: folder, region: 'Région d’essai', portal });
  const config = parseConfig(text, join(folder, 'receiver.yaml'));
  const settings = config.portal;
  if (settings === undefined) throw new Error('the lab needs pages');
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now(),
    advance: (ms: number) => {
      ahead += ms;
    },
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const store = openSqliteStore(join(folder, 'receiver.db'), { whileBusy: 'yield' });
  const place = { base: '' };
  const url = (): string => settings.url ?? place.base;
  const random = systemRandom;
  const doors = createAccountDoors({
    store,
    clock,
    random,
    url,
    region: config.region,
    settings,
    attemptsPerMinute,
    logger,
    destinations: config.destinations.map(({ name }) => name),
  });
  const app = await createPortalApp(
    {
      ...{
        tls: undefined,
        logger,
        random,
        requestsPerMinute: 100_000,
        trustedProxies: settings.trustedProxies,
      },
      ...{ requestSeconds: 30, connections: 100 },
    },
    {
      ...{ store, clock, random, logger, region: config.region, version: '0', legalNotice: undefined },
      ...{ ...more, openAlerts: async () => 0, view: createRegionView({ store, config, clock, logger }) },
      ...{ sessions: doors.sessions, more: doors.routes, origins: doors.origins },
      pages: createPortalPages({
        ...{ config, store, clock, logger, random, targets: [], url, onChange: () => undefined },
        sign: async (texts) => `proof of ${texts.length}`,
      }),
    },
  );
  place.base = (await app.listen({ host: '127.0.0.1', port })).replace('localhost', '127.0.0.1');
  return {
    ...{ folder, store, clock, base: place.base },
    close: async () => {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
