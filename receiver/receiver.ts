import type { Clock } from '../shared/runtime/clock.ts';
import { writeDurably } from '../shared/runtime/durable-file.ts';
import { startAll, type Loop, type Service } from '../shared/runtime/lifecycle.ts';
import type { Logger, LogLevel } from '../shared/runtime/logger.ts';
import type { Random } from '../shared/runtime/random.ts';
import { openAlerting } from './alerts/alerting.ts';
import { createMailCarry } from './alerts/mail-client.ts';
import { createAgencyDoor } from './app-agencies.ts';
import { createListener, type Listener } from './app-listener.ts';
import { presentAnew } from './app-server.ts';
import { createEnrolmentApp, createHealthApp, createIngestApp } from './app.ts';
import { createIdentify, peerFingerprint } from './auth/agent-identity.ts';
import { createAuditLoop } from './audit/audit-loop.ts';
import { createCertifier } from './auth/certifier.ts';
import { readTrustBundle } from './auth/trust-bundle-file.ts';
import { settleRestore } from './backup/after-restore.ts';
import { createWithdrawalsLoop } from './backup/publish-withdrawals.ts';
import { readMark } from './backup/restored-mark.ts';
import type { ReceiverConfig } from './config.ts';
import { receiverVersion } from './version.ts';
import { createAnswerLoop } from './forward/answers/answer-loop.ts';
import { answerSourceOf } from './forward/answers/open-answers.ts';
import { calendarLoops } from './forward/calendar/calendar-loops.ts';
import { openExtractions } from './extraction/open-extractions.ts';
import { createForwarder } from './forward/delivery/forwarder.ts';
import { manifestLoops } from './forward/manifests/manifest-loops.ts';
import { openDestination, openParcels } from './forward/open-destination.ts';
import { removedNotice } from './forward/removed-destinations.ts';
import { dispatchTargets } from './forward/targets.ts';
import { createAdmission } from './inbox/admission.ts';
import { createIntake } from './inbox/intake.ts';
import { createSliceOpener } from './inbox/open-envelope.ts';
import { createProcessor } from './inbox/processor.ts';
import { createHostFacts } from './routes/host-facts.ts';
import { createReceiptBoard } from './inbox/receipt-board.ts';
import { openWatching } from './monitor/watching.ts';
import { createExpiryMails } from './pki/expiry-mail.ts';
import { settleKeys } from './pki/key-files.ts';
import { openLiveRegion } from './pki/live-region.ts';
import { createPortalThread } from './portal-thread.ts';
import { createNightlyPurge } from './retention/nightly.ts';
import { reportLoops } from './reports/reporting.ts';
import { takeServeLock } from './serve-lock.ts';
import { checkStateAccess } from './state-access.ts';
import { stateFolder } from './state-folder.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

export interface ReceiverDeps {
  readonly config: ReceiverConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** A region that was restored: before anything else looks at it. */
async function settleRestored({ config, clock, random, logger }: ReceiverDeps): Promise<void> {
  const { folder, database } = stateFolder(config.state);
  if ((await readMark(folder)) === undefined) return;
  const keys = await openLiveRegion({ folder, clock, logger });
  const targets = await dispatchTargets(config.destinations);
  const store = openSqliteStore(database);
  try {
    const { sign } = keys;
    await settleRestore({
      ...{ folder, store, clock, random, logger, sign, targets },
      open: createSliceOpener(keys),
    });
  } finally {
    await store.close();
  }
}

/**
 * The receiver, put together in the order data takes: listeners → inbox → processor → store → composed dispatches →
 * forwarders. Started from the far end back to the door, so that nothing comes in before it can go on.
 */
export async function startReceiver({ config, clock, random, logger }: ReceiverDeps): Promise<Service> {
  const state = stateFolder(config.state);
  await checkStateAccess(state);
  await readTrustBundle(state.folder);
  await settleKeys(state.folder);
  const unlock = takeServeLock(state.lock);
  await settleRestored({ config, clock, random, logger }).catch((error: unknown) => {
    unlock();
    throw error;
  });
  const keys = await openLiveRegion({
    ...{ folder: state.folder, clock, logger },
    onChange: () => presentAll(),
  });
  const { bundle, region, sign } = keys;
  const store = openSqliteStore(state.database);
  const board = createReceiptBoard();
  const stopping = new AbortController();
  let ready = false;

  // Out: one queue per destination.
  const targets = await dispatchTargets(config.destinations);
  const forwarders: readonly Loop[] = config.destinations.flatMap((settings) => {
    const destination = openDestination(settings);
    if (destination === undefined) return [];
    const { firstSeconds, maxSeconds, attempts } = settings.retry;
    const { loop } = createForwarder({
      ...{ destination, store, clock, random, logger, sign },
      openParcels: () => openParcels(settings),
      retry: { firstMs: firstSeconds * 1000, maxMs: maxSeconds * 1000, attempts },
      onReceipts: (agents) => board.announce(agents),
    });
    return [loop];
  });

  // Back: what agencies answer, where they do not answer the upload itself.
  const answers: readonly Loop[] = config.destinations.flatMap((settings) => {
    const { name: destination } = settings;
    const source = answerSourceOf(settings, (fault, dispatch) =>
      logger.warn({ err: fault, destination, dispatch }, 'answer-unclear'),
    );
    if (source === undefined) return [];
    const { loop } = createAnswerLoop({
      ...{ destination, source, store, clock, random, logger, sign },
      onReceipts: (agents) => board.announce(agents),
    });
    return [loop];
  });

  // On their calendar: destinations that are not sent every change.
  const calendars = calendarLoops(config.destinations, targets, {
    ...{ store, clock, logger },
    onComposed: () => {
      for (const forwarder of forwarders) forwarder.nudge();
    },
  });

  // What each destination should have, signed.
  const manifests = manifestLoops(config.destinations, targets, {
    ...{ store, clock, random, logger, region: keys.region, openDestination },
  });

  // Through: stored envelopes are opened, applied and composed.
  const processor = createProcessor({
    ...{ store, clock, random, logger, sign },
    open: createSliceOpener(keys),
    targets,
    onProcessed: ({ agents, dispatches }) => {
      board.announce(agents);
      if (dispatches > 0) for (const forwarder of forwarders) forwarder.nudge();
    },
  });

  // In: verified arrivals, committed together, then answered.
  const intake = createIntake({
    ...{ store, clock, random, logger, sign },
    onStored: (agents) => {
      processor.nudge();
      board.announce(agents);
    },
  });

  // Who is told of what is seen.
  const alerting = openAlerting({ config, store, clock, random, logger });

  // And of what ends.
  const endings = createExpiryMails({
    ...{ config, region, store, clock, random, logger },
    carry: createMailCarry({ settings: config.alerts.smtp, clock }),
  });

  // Beside: who is late, low or silent, and why.
  const watching = await openWatching({
    ...{ settings: config.watching, destinations: config.destinations },
    ...{ store, clock, logger, onLooked: () => alerting.looked() },
  });

  // For the day when the region must be brought back: what it has withdrawn, beside its backups.
  const withdrawn = createWithdrawalsLoop({
    ...{ folder: state.folder, backupFolder: config.retention.backupFolder },
    ...{ store, clock, sign, logger },
  });

  const listening = { ...config.limits, logger, random };
  const presented = () => ({ key: region().serverKeyPem, certificate: region().serverChain });
  const serverTls = presented();
  const granting = {
    certifier: createCertifier({
      get issuing() {
        return region().issuing;
      },
      ...{ clock, random },
    }),
    bundle,
    ingestUrl: () => config.ingestUrl ?? urlOf(config, ingest),
  };
  const ingestApp = createIngestApp(
    { ...listening, tls: { ...serverTls, clientAuthorities: region().authorities } },
    {
      ...{ store, clock, board, intake, ...granting },
      identify: createIdentify({ store, clock, fingerprintOf: peerFingerprint }),
      admission: createAdmission({ store }),
      concurrentEnvelopes: config.limits.concurrentEnvelopes,
      stopping: stopping.signal,
    },
  );
  const ingest = createListener('ingest', ingestApp, config.listeners.ingest);
  const enrolmentApp = createEnrolmentApp({ ...listening, tls: serverTls }, { store, clock, ...granting });
  const enrolment = createListener('enrolment', enrolmentApp, config.listeners.enrolment);
  const health = createListener(
    'health',
    createHealthApp(listening, {
      ...{ store, clock, config, version: receiverVersion },
      host: createHostFacts({ store, clock, config, state, region }),
      isReady: () => ready && watching.isFresh(),
    }),
    config.listeners.health,
  );

  const agencies = createAgencyDoor({
    ...{ store, clock, random, logger, sign, openParcels },
    ...{ destinations: config.destinations, address: config.listeners.agencies },
    ...{ listening, tls: serverTls, stopping: stopping.signal },
    onReceipts: (agents) => board.announce(agents),
  });

  // For people: the region's pages, in a thread of their own.
  const { portal: pages } = config;
  const portal =
    pages === undefined
      ? undefined
      : createPortalThread({
          ...{ config: { ...config, portal: pages }, logger, level: logger.level as LogLevel },
          onChange: () => {
            processor.nudge();
            alerting.nudge();
            withdrawn.nudge();
            for (const forwarder of forwarders) forwarder.nudge();
          },
        });

  const services: readonly Service[] = [
    keys.loop,
    raiseCursors(),
    recoverDeliveries(),
    removedNotice({ store, logger, destinations: config.destinations }),
    ...forwarders,
    ...answers,
    ...calendars,
    ...manifests,
    processor,
    ...watching.loops,
    ...alerting.services,
    ...reportLoops({ config, store, clock, random, logger }),
    endings.loop,
    // What the command line asks for; else where the pages are made, so that no envelope waits.
    ...(portal === undefined ? [openExtractions({ config, store, clock, random, logger }).loop] : []),
    createAuditLoop({ store, clock, logger, sign }),
    createNightlyPurge({
      ...{ store, clock, random, logger, sign, settings: config.retention },
      root: region().rootDigest,
    }),
    withdrawn,
    { name: 'inbox', start: async () => undefined, stop: () => intake.drained() },
    ingest,
    enrolment,
    health,
    ...(agencies?.services ?? []),
    ...(portal === undefined ? [] : [portal]),
  ];
  try {
    const running = await startAll(services, logger);
    await announceListeners();
    ready = true;
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      ready = false;
      stopping.abort();
      await running.stop();
      await store.close();
      unlock();
      logger.info('receiver-stopped');
    };
    return {
      name: 'receiver',
      start: async () => undefined,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await store.close();
    unlock();
    throw error;
  }

  /** The keys turned over: who connects from now on is shown, and held against, what is in force. */
  function presentAll(): void {
    const tls = presented();
    presentAnew(ingestApp, { ...tls, clientAuthorities: region().authorities });
    presentAnew(enrolmentApp, tls);
    agencies?.present(tls);
  }

  /**
   * Agents ask for receipts after the last cursor they have seen. Restored from a copy, this store would give the same ones
   * again to others: so cursors start from the clock, in microseconds, which outruns any number of receipts.
   */
  function raiseCursors(): Service {
    return {
      name: 'cursors',
      start: () => store.transaction((tx) => tx.receipts.startAfter(clock.now() * 1000)),
      stop: async () => undefined,
    };
  }

  /** What a dead process was sending is sent again: destinations take repeats for what they are. */
  function recoverDeliveries(): Service {
    return {
      name: 'deliveries',
      start: async () => {
        const recovered = await store.transaction((tx) => tx.dispatches.recover(clock.now()));
        if (recovered > 0) logger.info({ dispatches: recovered }, 'deliveries-recovered');
      },
      stop: async () => undefined,
    };
  }

  async function announceListeners(): Promise<void> {
    const listeners = {
      ingest: ingest.address(),
      enrolment: enrolment.address(),
      health: health.address(),
      ...(agencies === undefined ? {} : { agencies: agencies.listener.address() }),
      ...(portal === undefined ? {} : { portal: portal.address() }),
    };
    await writeDurably(state.listeners, `${JSON.stringify(listeners, null, 2)}\n`);
    logger.info({ listeners }, 'receiver-listening');
  }
}

function urlOf(config: ReceiverConfig, ingest: Listener): string {
  return `https://${config.hosts[0] ?? 'localhost'}:${ingest.address().port}`;
}
