import { readFile } from 'node:fs/promises';
import type { Clock } from '../shared/runtime/clock.ts';
import { permanent, systemCode } from '../shared/runtime/errors.ts';
import type { Service } from '../shared/runtime/lifecycle.ts';
import type { Logger } from '../shared/runtime/logger.ts';
import type { Random } from '../shared/runtime/random.ts';
import { createListener, type Listener } from './app-listener.ts';
import { createApiRoutes } from './api/routes.ts';
import { createPortalApp } from './app-portal.ts';
import type { ServerTls } from './app-server.ts';
import { createAccountDoors } from './auth/account-doors.ts';
import type { ListenerAddress, ReceiverConfig } from './config.ts';
import { isLoopback } from './config-parts.ts';
import { openExtractions } from './extraction/open-extractions.ts';
import { dispatchTargets } from './forward/targets.ts';
import { createPortalPages } from './pages/portal-pages.ts';
import { createOpenAlerts } from './pages/reads/alert-reads.ts';
import { createRegionView } from './pages/reads/region-view.ts';
import { createCounting } from './quality/counting.ts';
import { createWeeklyFiles } from './quality/weekly-files.ts';
import { createWeeklyMails } from './quality/weekly-mail.ts';
import { createMailCarry } from './alerts/mail-client.ts';
import { openLiveRegion } from './pki/live-region.ts';
import { stateFolder } from './state-folder.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { receiverVersion } from './version.ts';

/** A receiver whose settings ask for pages. */
export type PortalConfig = ReceiverConfig & { readonly portal: NonNullable<ReceiverConfig['portal']> };

export interface PortalDeps {
  readonly config: PortalConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Something was changed that the receiver's loops wait for. */
  readonly onChange: () => void;
}

export interface Portal extends Service {
  address(): ListenerAddress;
}

/** From one address: a region's people, or a hospital's, often share one. Signing in has a limit of its own. */
const requestsPerMinute = 3000;

/**
 * The region's pages, put together in a thread of their own: with their own connections to the database, so that a page
 * that takes long holds up no envelope, and an export that takes long holds up no page.
 */
export async function startPortal({ config, clock, random, logger, onChange }: PortalDeps): Promise<Portal> {
  const state = stateFolder(config.state);
  const keys = await openLiveRegion({ folder: state.folder, clock, logger });
  const { sign } = keys;
  const tls = await tlsOf(config);
  const targets = await dispatchTargets(config.destinations);
  const store = openSqliteStore(state.database, { whileBusy: 'yield' });
  try {
    // The pages know their address once they listen.
    const place: { listener?: Listener } = {};
    const view = createRegionView({ store, config, clock, logger });
    const extractions = openExtractions({ config, store, clock, random, logger });
    const changed = (): void => {
      view.forget();
      extractions.loop.nudge();
      onChange();
    };
    const url = (): string => config.portal.url?.replace(/\/+$/, '') ?? urlOf(config, place.listener);
    const doors = createAccountDoors({
      ...{ store, clock, random, logger, url, region: config.region, settings: config.portal },
      destinations: config.destinations.map(({ name }) => name),
    });
    const app = await createPortalApp(
      {
        ...{ tls, logger, random, requestsPerMinute, trustedProxies: config.portal.trustedProxies },
        ...{ requestSeconds: config.limits.requestSeconds, connections: 1024 },
      },
      {
        ...{ store, clock, random, logger, region: config.region, version: receiverVersion },
        ...{ legalNotice: config.portal.legalNotice, origins: doors.origins },
        ...{ sessions: doors.sessions, more: doors.routes },
        pages: createPortalPages({
          ...{ config, store, clock, random, logger, targets, onChange: changed, url },
          sign,
        }),
        view,
        openAlerts: createOpenAlerts(store),
        api: createApiRoutes({ config, desk: extractions.desk }),
      },
    );
    const listener = createListener('portal', app, config.listeners.portal);
    place.listener = listener;
    await listener.start();
    await keys.loop.start();
    const counting = createCounting({ store, logger });
    const mails = createWeeklyMails({
      ...{ settings: config.quality, store, clock, random, logger, url },
      carry: createMailCarry({ settings: config.alerts.smtp, clock }),
    });
    await counting.loop.start();
    await mails.loop.start();
    const files = createWeeklyFiles({
      ...{ settings: config.quality, store, clock, logger, url },
      sign,
    });
    await files.loop.start();
    await extractions.loop.start();
    return {
      name: 'portal',
      address: () => listener.address(),
      start: async () => undefined,
      stop: async () => {
        await listener.stop();
        await extractions.loop.stop();
        await files.loop.stop();
        await mails.loop.stop();
        await counting.loop.stop();
        await view.stop();
        await keys.loop.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function urlOf({ listeners, portal }: PortalConfig, listener: Listener | undefined): string {
  const { host, port } = listener?.address() ?? listeners.portal;
  return `${portal.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function tlsOf({ portal, listeners }: PortalConfig): Promise<ServerTls | undefined> {
  const { host } = listeners.portal;
  if (portal.tls === undefined) {
    if (!isLoopback(host)) throw permanent('portal-needs-tls', { facts: { host } });
    return undefined;
  }
  const [certificate, key] = await Promise.all([pem(portal.tls.certificateFile), pem(portal.tls.keyFile)]);
  return { certificate, key };
}

async function pem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    const facts = { file, reason: systemCode(error) ?? '' };
    throw permanent('portal-certificate-unreadable', { facts, cause: error });
  });
}
