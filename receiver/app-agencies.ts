import { permanent } from '../shared/runtime/errors.ts';
import type { Service } from '../shared/runtime/lifecycle.ts';
import type { Logger } from '../shared/runtime/logger.ts';
import { createListener, type Listener } from './app-listener.ts';
import { createAgencyApp, type ListenerOptions } from './app.ts';
import { presentAnew, type ServerTls } from './app-server.ts';
import { createAgencyIdentify, type AgencyLock } from './auth/agency-identity.ts';
import { createTokenFile } from './auth/agency-tokens.ts';
import type { DestinationConfig } from './config-destinations.ts';
import type { ListenerAddress } from './config.ts';
import { createAgencyDesk, type AgencyDeskDeps } from './routes/agency-desk.ts';

/** The door where agencies fetch: its keys are looked at when it opens, and what was fetched is noted before it is shut. */
export interface AgencyDoor {
  /** To be started in this order. */
  readonly services: readonly Service[];
  readonly listener: Listener;
  /** From the next connection on. */
  present(tls: ServerTls): void;
}

export interface AgencyDoorDeps extends AgencyDeskDeps {
  readonly address: ListenerAddress;
  readonly listening: ListenerOptions;
  readonly tls: ServerTls;
  readonly stopping: AbortSignal;
  /** A wrong caller is answered after this long. */
  readonly refusalMs?: number;
  /** A reader that takes nothing for this long is cut off. */
  readonly stalledMs?: number;
}

/** Undefined when no agency fetches. */
export function createAgencyDoor(deps: AgencyDoorDeps): AgencyDoor | undefined {
  const destinations = deps.destinations.filter(({ transport }) => transport.kind === 'pull');
  if (destinations.length === 0) return undefined;
  const { store, clock, logger, stopping, refusalMs = 1000, stalledMs = 60_000 } = deps;
  const locks = destinations.flatMap(lockOf);
  const desk = createAgencyDesk({ ...deps, destinations });
  const app = createAgencyApp(
    { ...deps.listening, tls: { ...deps.tls, asksForCertificate: true } },
    {
      ...{ store, clock, desk, destinations, stalledMs },
      identify: createAgencyIdentify({ locks, clock, logger, refusalMs, stopping }),
    },
  );
  const listener = createListener('agencies', app, deps.address);
  return {
    listener,
    present: (tls) => presentAnew(app, { ...tls, asksForCertificate: true }),
    services: [
      { name: 'agency-keys', start: () => reportLocks(locks, logger), stop: async () => undefined },
      { name: 'agency-desk', start: async () => undefined, stop: () => desk.drained() },
      listener,
    ],
  };
}

function lockOf({ name, transport }: DestinationConfig): readonly AgencyLock[] {
  if (transport.kind !== 'pull') return [];
  const { certificates, tokenFile } = transport;
  const tokens = tokenFile === undefined ? undefined : createTokenFile(name, tokenFile);
  return [{ destination: name, certificates, tokens }];
}

/** A destination that nobody can open keeps neither the others nor the hospitals waiting: it is said, and stays shut. */
async function reportLocks(locks: readonly AgencyLock[], logger: Logger): Promise<void> {
  for (const { destination, certificates, tokens } of locks) {
    try {
      const digests = (await tokens?.digests()) ?? [];
      if (certificates.length + digests.length === 0)
        throw permanent('agency-credentials-missing', { facts: { destination } });
    } catch (error) {
      logger.error({ err: error, destination }, 'agency-door-shut');
    }
  }
}
