import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { feedNamed } from '../shared/feeds/registry.ts';
import { signTombstone } from '../shared/protocol/tombstone.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { permanent } from '../shared/runtime/errors.ts';
import { makeFolder } from '../shared/runtime/folder-owner.ts';
import { startAll, type Service } from '../shared/runtime/lifecycle.ts';
import type { Logger } from '../shared/runtime/logger.ts';
import type { Random } from '../shared/runtime/random.ts';
import { isMappingFile, type AgentConfig } from './config.ts';
import type { Identity } from './enrolment/identity.ts';
import { createRenewal } from './enrolment/renewal.ts';
import { createTrust } from './enrolment/trust.ts';
import { createAskedDays } from './health/asked-days.ts';
import { createCatchUp } from './health/catch-up.ts';
import { createDiskGuard } from './health/disk-guard.ts';
import { createHeartbeat } from './health/heartbeat.ts';
import { createScorecardFiles } from './health/scorecard-files.ts';
import { createSilenceWatch } from './health/silence.ts';
import { createAdtParts } from './intake/assembled-sources.ts';
import { createIntake, type Intake } from './intake/intake.ts';
import { openJoins } from './intake/joins.ts';
import { createFileReader } from './intake/read-file.ts';
import { createIntakeService } from './intake/intake-service.ts';
import { createSourceRuntime, type SourceRuntime } from './intake/source-runtime.ts';
import { createStaging } from './intake/staging.ts';
import { builtInMappings } from './mapping/built-in.ts';
import { compileMapping } from './mapping/compile.ts';
import type { CompiledMapping } from './mapping/compiled-mapping.ts';
import { adoptLedgers } from './outbox/adopt-ledgers.ts';
import { createAskedBook } from './outbox/asked-book.ts';
import { createBacklog } from './outbox/backlog.ts';
import { createCatchUpBook } from './outbox/catch-up-book.ts';
import { openAgentDatabase } from './outbox/database.ts';
import { createExportBook, type ExportBook } from './outbox/export-book.ts';
import { createFileBook, type FileBook } from './outbox/file-book.ts';
import { createNotes, type Notes } from './outbox/notes.ts';
import { createOperationBook } from './outbox/operation-book.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createRetention } from './outbox/retention.ts';
import { createContact } from './push/contact.ts';
import { proxyFor } from './push/proxy.ts';
import { createPusher } from './push/pusher.ts';
import { createReceiptLoop } from './push/receipts.ts';
import { loadDecryption, type Decrypt } from './source/decrypt.ts';

export interface Agent {
  /** Receipts, pusher, heartbeat, retention; with `intake`, the sources as well. */
  start(options: { readonly intake: boolean }): Promise<void>;
  stop(): Promise<void>;
  readonly intake: Intake;
  readonly sources: readonly SourceRuntime[];
  readonly exports: ExportBook;
  readonly files: FileBook;
  readonly notes: Notes;
  /** Resolves at the next commit, settled envelope or applied receipt, or after `ms`. */
  changed(ms: number): Promise<void>;
  /** Why nothing travels; null = all is well. */
  problem(): string | null;
}

export interface AgentDeps {
  readonly config: AgentConfig;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** When this process began to try, epoch ms; default: now. */
  readonly startedAt?: number;
  /** After every question to the region: why it was not answered well, undefined = it was. */
  readonly onHeard?: (problem: string | undefined) => void;
  /** The database is damaged: nothing will work any more, the process is to stop with this fault. */
  readonly onDamaged?: (fault: Error) => void;
}

/** How many exports, and how many sealed bytes, one commit takes. */
const commitExports = 64;
const commitBytes = 4 * 1024 * 1024;

export const databaseOf = (state: string): string => join(state, 'agent.db');

/** The route, from a source's folder to the receipts that come back. */
export async function createAgent({
  config,
  identity,
  clock,
  random,
  logger,
  startedAt = clock.now(),
  onHeard = () => undefined,
  onDamaged = () => undefined,
}: AgentDeps): Promise<Agent> {
  makeFolder(config.state, 0o700);
  const changes = createChanges();
  // What a configuration may get wrong comes before anything is opened.
  const mappings = await loadMappings(config);
  const decryptions = await loadDecryptions(config);
  const proxy = await proxyFor(identity.ingestUrl, config.proxy);

  // outbox
  const database = openAgentDatabase(databaseOf(config.state), { onDamaged });
  const outbox = createOutbox({ database, clock });
  const exports = createExportBook(database);
  const files = createFileBook(database);
  const backlog = createBacklog(database);
  const notes = createNotes(database);
  const asked = createAskedBook(database);
  // Of the process before: this one finds out for itself.
  if (notes.read('intake-paused') !== undefined) notes.drop('intake-paused');
  const recovered = outbox.recover();
  if (recovered.dropped + recovered.released > 0) logger.info(recovered, 'outbox-recovered');
  const adopted = adoptLedgers({ database, outbox }, identity);
  if (adopted.length > 0) logger.warn({ exports: adopted.length }, 'agent-replaced');

  // source → reader → outbox
  const connections = config.limits.inFlight + 2;
  const trust = createTrust({
    ...{ identity, clock, random, connections, proxy },
    onUnproven: () => heartbeat.nudge(),
  });
  const contact = createContact({ notes, clock, onHeard });
  const client = contact.watch(trust.client);
  const disk = createDiskGuard({ folder: config.state, floorBytes: config.limits.freeDiskBytes });
  const sources = config.sources.map((source) =>
    createSourceRuntime({
      ...{ config: source, mappings: pick(mappings, source.mappings), files, clock },
      decrypt: decryptions.get(source.name),
    }),
  );
  const staging = createStaging({
    outbox,
    sealer: trust.sealer,
    agent: identity.agent,
    clock,
    random,
    maxExports: commitExports,
    maxBytes: commitBytes,
  });
  const { fileBytes, records, filesPerScan } = config.limits;
  const joins = await openJoins({
    mappings: sources.flatMap((source) => source.mappings),
    ...{ database, state: config.state, clock, random },
  });
  const reading = {
    halves: joins,
    ...{ staging, sealer: trust.sealer, exports, facilityKey: identity.facilityKey, clock, random },
    limits: { fileBytes, records },
  };
  const adt = await createAdtParts({
    ...{ sources, database, state: config.state, reading, disk, logger },
    nudge: () => intakeService.nudge(),
  });
  const readFile = createFileReader({ ...reading, messages: adt });
  const intake = createIntake({
    sources,
    staging,
    readFile,
    assembled: adt?.assembled,
    exports,
    files,
    disk,
    clock,
    logger,
    filesPerScan,
    onPaused: (paused) => {
      if (paused === null) notes.drop('intake-paused');
      else notes.put('intake-paused', paused);
    },
    onCommitted: (committed) => {
      pusher.nudge();
      if (committed.some(({ row }) => row.outcome === 'rejected')) heartbeat.nudge();
      changes.notify();
    },
  });
  const intakeService = createIntakeService({ intake, sources, logger });

  // outbox → push → receipts
  const pusher = createPusher({
    outbox,
    client,
    verifyReceipt: trust.verifyReceipt,
    signTombstone: ({ feed, epoch, seq, id, digest, prev, code }) =>
      signTombstone(
        { agent: identity.agent, feed, epoch, seq, envelope: id, digest, prev, code: code ?? 'unexpected' },
        identity.seal.privateKey,
      ),
    clock,
    random,
    logger,
    inFlight: config.limits.inFlight,
    order: config.order,
    onSettled: changes.notify,
    onReread: () => {
      staging.forgetTails();
      intakeService.nudge();
      changes.notify();
    },
  });
  const receipts = createReceiptLoop({
    client,
    exports,
    verifyReceipt: trust.verifyReceipt,
    random,
    logger,
    waitSeconds: 20,
    onApplied: changes.notify,
    onKeyDestroyed: () => heartbeat.nudge(),
    // Away for a while, it may have come back from a copy: its heads tell.
    onReached: () => heartbeat.nudge(),
  });
  const heartbeat = createHeartbeat({
    client,
    identity,
    backlog,
    files,
    asked,
    disk,
    notes,
    clock,
    logger,
    paused: intake.paused,
    onAsked: createAskedDays({
      ...{ database, files, asked, clock, logger },
      book: createCatchUpBook(database),
      operations: createOperationBook(database),
      sources: new Set(config.sources.map(({ name }) => name)),
      onAsked: () => intakeService.nudge(),
    }),
    onLacking: createCatchUp({
      ...{ files, clock, logger },
      book: createCatchUpBook(database),
      sources: new Set(config.sources.map(({ name }) => name)),
      onAsked: () => intakeService.nudge(),
    }),
    ...(config.scorecards === undefined
      ? {}
      : {
          onScorecards: createScorecardFiles({
            ...{ client, logger, covers: trust.covers, folder: config.scorecards.folder },
          }),
        }),
    onBundleChanged: () => {
      trust.renew();
      // What was sealed for a key that is no more is read again.
      intakeService.nudge();
    },
    onReceiverBehind: (feed, head) => {
      const again = outbox.receiverBehind(feed, head);
      if (again.pending + again.tombstones + again.rereads === 0) return;
      logger.warn({ feed, epoch: head.epoch, seq: head.seq, ...again }, 'receiver-behind');
      pusher.sendTombstones();
      intakeService.nudge();
    },
  });
  const renewal = createRenewal({
    ...{ identity, client, clock, random, logger },
    onRenewed: trust.renew,
  });
  const silence = createSilenceWatch({
    ...{ notify: config.notify, notes, startedAt, clock, random, logger },
    lastContactAt: contact.lastAt,
    names: { agent: identity.name, region: identity.bundle().region },
    sendMail: async (settings, mail) => (await import('./health/mail.ts')).sendMail(settings, mail),
  });
  const retention = createRetention({
    ...{ database, clock, logger, days: config.retention.days },
    purgeOther: () => joins?.purge() ?? false,
  });

  let running: Service | undefined;
  return {
    start: async ({ intake: withIntake }) => {
      const services = [receipts, pusher, heartbeat, renewal, retention, silence];
      const taking = adt === undefined ? [intakeService] : [intakeService, adt.service];
      running = await startAll(withIntake ? [...services, ...taking] : services, logger);
    },
    stop: async () => {
      await running?.stop();
      running = undefined;
      await trust.close();
      database.close();
    },
    intake,
    sources,
    exports,
    files,
    notes,
    changed: changes.wait,
    problem: pusher.problem,
  };
}

function createChanges(): { readonly notify: () => void; readonly wait: (ms: number) => Promise<void> } {
  let waiting: (() => void)[] = [];
  let generation = 0;
  let seen = 0;
  return {
    notify: () => {
      generation += 1;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          seen = generation;
          resolve();
        };
        const timer = setTimeout(done, ms);
        if (generation > seen) done();
        else waiting.push(done);
      }),
  };
}

/** Whatever a configuration names beside folders can be had: mappings, keys, the proxy's password. Throws what cannot. */
export async function checkParts(
  config: AgentConfig,
  { ingestUrl }: Pick<Identity, 'ingestUrl'>,
): Promise<void> {
  await loadMappings(config);
  await loadDecryptions(config);
  await proxyFor(ingestUrl, config.proxy);
}

/** Built-in mappings and those of every file the sources name. Faults: `mapping-unreadable`, `mapping-unknown`. */
export async function loadMappings(config: AgentConfig): Promise<ReadonlyMap<string, CompiledMapping>> {
  const known = new Map(builtInMappings(feedNamed).map((mapping) => [mapping.name, mapping]));
  for (const name of new Set(config.sources.flatMap((source) => source.mappings))) {
    if (known.has(name)) continue;
    if (!isMappingFile(name)) throw permanent('mapping-unknown', { facts: { mapping: name } });
    const text = await readFile(name, 'utf8').catch((cause: unknown) => {
      throw permanent('mapping-unreadable', { facts: { file: name }, cause });
    });
    known.set(name, compileMapping(text, { origin: name, feeds: feedNamed }));
  }
  return known;
}

/** By source. Faults: those of the keys. */
async function loadDecryptions(config: AgentConfig): Promise<ReadonlyMap<string, Decrypt>> {
  const found = new Map<string, Decrypt>();
  for (const { name, decrypt } of config.sources)
    if (decrypt !== undefined)
      found.set(name, await loadDecryption({ ...decrypt, plaintextBytes: config.limits.fileBytes }));
  return found;
}

export function pick(
  known: ReadonlyMap<string, CompiledMapping>,
  names: readonly string[],
): readonly CompiledMapping[] {
  return names.flatMap((name) => known.get(name) ?? []);
}
