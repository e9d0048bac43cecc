import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyExport } from '../../../receiver/apply/apply-export.ts';
import { contentOf, readRecord } from '../../../receiver/apply/content.ts';
import { issueReceipts } from '../../../receiver/apply/receipts.ts';
import { init } from '../../../receiver/commands/init.ts';
import { loadConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import type { DispatchTarget } from '../../../receiver/forward/compose.ts';
import { dispatchTargets } from '../../../receiver/forward/targets.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { createWatcher } from '../../../receiver/monitor/watcher.ts';
import { loadRegion } from '../../../receiver/pki/region-keys.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { ExportRow } from '../../../receiver/store/export-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { createReceiptSigner } from '../../../shared/protocol/receipt-proof.ts';
import type { Manifest } from '../../../shared/protocol/slice.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import {
  dayOfInstant,
  dayToFrench,
  dayToIso,
  instantOf,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { finess } from '../rpu-text.ts';
import { recordsOf, type DemoHospital, type DemoRecord } from './demo-visits.ts';

/**
 * A region as an operator meets it in the morning: weeks of nights gone through by the receiver's own apply and watching,
 * most of them quiet, some troubles where the pictures have them, and yesterday's five to be dealt with.
 */
export interface DemoRegion {
  readonly folder: string;
  readonly configFile: string;
  readonly config: ReceiverConfig;
  readonly hospitals: readonly DemoHospital[];
  /** The day of visits that was due this morning. */
  readonly last: Day;
  readonly heldExport: string | undefined;
}

export interface DemoOptions {
  readonly folder: string;
  /** Epoch ms of the morning. */
  readonly now: number;
  readonly hospitals?: number;
  readonly days?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What hospitals write in their records, changed. */
  readonly rewrite?: (body: string) => string;
}

const names = [
  ...['CHU de Sainte-Aure, Hôpital Nord', 'CHU de Sainte-Aure, Mère-Enfant', 'CH de Montrevel'],
  ...['CH du Pays d’Orlac', 'Clinique des Sept-Tilleuls', 'CH de Rochefeuille', 'CH de Brumeval'],
  ...['CH de Castelbrun', 'CH des Trois-Rivières, Lorme', 'CH des Trois-Rivières, Aubray'],
  ...['Hôpital privé Saint-Éloi d’Ancy', 'CH de la Haute-Vesle', 'CH de Port-Gallec', 'CH d’Escharente'],
  ...['CH de Ferrandière', 'Polyclinique du Parc d’Ancy', 'CH de Villeroque', 'CH de Noirmont-sur-Aive'],
  ...['CH du Marais-Blanc', 'CH de Lantenay-le-Pont', 'CH de Coulmiers-le-Bas', 'CH de Sarrelle'],
  ...['CH des Étangs-Neufs', 'Clinique de l’Aubépine-Bleue'],
];
const sizes = [
  198, 124, 98, 55, 42, 64, 84, 58, 92, 47, 72, 41, 106, 91, 51, 67, 79, 44, 87, 45, 40, 61, 112, 49,
];

type Trouble = 'silent' | 'dead' | 'held' | 'low' | 'partial' | 'late' | 'unconnected';

/** By hospital: the trouble of so many days before yesterday. */
type Nights = Readonly<Record<number, Trouble>>;
const untilConnected: Nights = Object.fromEntries(
  Array.from({ length: 40 }, (_none, night) => [night + 18, 'unconnected'] as const),
);
const troubles: ReadonlyMap<number, Nights> = new Map<number, Nights>([
  [1, { 5: 'partial' }],
  [2, { 21: 'silent', 10: 'low', 7: 'late' }],
  [3, { 8: 'late', 0: 'late' }],
  [4, { 0: 'partial' }],
  [6, { 1: 'silent', 0: 'silent' }],
  [10, { 17: 'partial', 0: 'held' }],
  [12, { 0: 'dead' }],
  [13, { 1: 'low', 0: 'low' }],
  [14, { 10: 'silent', 9: 'late' }],
  [16, { 25: 'late', 24: 'late', 9: 'late' }],
  [17, { 25: 'low', 11: 'late' }],
  [20, untilConnected],
]);

const historyDays = 84;
const minuteMs = 60_000;
const logger = createLogger({ name: 'demo', level: 'silent' });

export async function createDemoRegion(options: DemoOptions): Promise<DemoRegion> {
  const { folder, now, days = 35, rewrite = same } = options;
  await mkdir(join(folder, 'out'), { recursive: true });
  const configFile = join(folder, 'receiver.yaml');
  await writeFile(configFile, JSON.stringify(settingsOf(options)), { mode: 0o600 });
  await writeFile(join(folder, 'tokens'), `${'a'.repeat(43)}\n`, { mode: 0o600 });
  const config = await loadConfig(configFile);
  const last = (dayOfInstant(now) - 1) as Day;
  let at = instantOf((last - days) as Day, 0).at;
  const clock = { now: () => at, monotonic: () => at };
  await init({ config, language: 'fr', clock, random: systemRandom, logger });
  const hospitals = Array.from({ length: options.hospitals ?? 24 }, (_none, index) => ({
    finess: finess(index + 1),
    name: names[index] ?? `CH n° ${index + 1}`,
    visitsPerDay: sizes[index % sizes.length] ?? 60,
    shape: (['A', 'B', 'C', 'D'] as const)[index % 4] ?? 'A',
  }));

  const region = await loadRegion(stateFolder(config.state).keys);
  const signer = createReceiptSigner({ ...region.receipts, clock });
  const store = openSqliteStore(stateFolder(config.state).database);
  const targets = await dispatchTargets(config.destinations);
  const sign = (texts: readonly string[]): Promise<string> => signer.sign(texts);
  const rules = createWatchRules(config.watching);
  const watcher = createWatcher({ store, clock, logger, rules, destinations: config.destinations });
  const look = async (hour: number, minute: number, day: Day): Promise<void> => {
    at = instantOf(day, (hour * 60 + minute) * minuteMs).at;
    while (await watcher.step(new AbortController().signal)) await beat();
    await beat();
  };
  const beat = async (): Promise<void> => heartbeats(store, hospitals, at, last);
  let heldExport: string | undefined;
  try {
    await enter(store, hospitals, (last - days) as Day, at);
    for (let day = (last - days + 1) as Day; day <= last; day = (day + 1) as Day) {
      const morning = (day + 1) as Day;
      for (const [index, hospital] of hospitals.entries()) {
        const trouble = troubles.get(index)?.[last - day];
        const minute = trouble === 'late' ? 6 * 60 + 51 : 2 * 60 + (index % 50);
        const sent = contentFor(hospital, day, trouble);
        if (sent === undefined) continue;
        at = instantOf(morning, minute * minuteMs).at;
        const id = await give(store, { sign, targets, rewrite }, hospital, sent, at, day);
        if (trouble === 'held') heldExport = id;
      }
      at = instantOf(morning, 7 * 60 * minuteMs).at;
      await deliver(store, at, day === last);
      await look(5, 5, morning);
      await look(7, 5, morning);
    }
    at = now;
    await beat();
  } finally {
    await store.close();
  }
  return { folder, configFile, config, hospitals, last, heldExport };
}

/** What a hospital's software had kept back comes: its last two days, whole. */
export async function bringLast({ config, hospitals, last }: DemoRegion, index: number): Promise<void> {
  const at = Date.now();
  const hospital = hospitals[index];
  const sent = hospital === undefined ? undefined : contentFor(hospital, last, undefined);
  if (hospital === undefined || sent === undefined) throw new Error(`no hospital ${index}`);
  const region = await loadRegion(stateFolder(config.state).keys);
  const signer = createReceiptSigner({ ...region.receipts, clock: { now: () => at, monotonic: () => at } });
  const store = openSqliteStore(stateFolder(config.state).database);
  try {
    const targets = await dispatchTargets(config.destinations);
    const deps: GiveDeps = { sign: (texts) => signer.sign(texts), targets, rewrite: same };
    await give(store, deps, hospital, sent, at, last);
  } finally {
    await store.close();
  }
}

function settingsOf({ folder, settings }: DemoOptions): unknown {
  const address = { host: '127.0.0.1', port: 0 };
  return {
    state: join(folder, 'state'),
    region: 'Observatoire régional des urgences — Val-de-Brume',
    hosts: ['localhost'],
    listeners: { ingest: address, enrolment: address, health: address, agencies: address, portal: address },
    destinations: [
      {
        ...{ name: 'spf', feed: 'ed-visits', format: 'oscour-xml' },
        transport: { kind: 'directory', folder: join(folder, 'out', 'spf') },
      },
      {
        ...{ name: 'ars', feed: 'ed-visits', format: 'oscour-xml' },
        transport: { kind: 'pull', tokenFile: join(folder, 'tokens') },
      },
    ],
    portal: {},
    ...settings,
  };
}

/** Facilities, their agents, and twelve weeks of counts from before: something is expected from the first day. */
async function enter(
  store: Store,
  hospitals: readonly DemoHospital[],
  until: Day,
  at: number,
): Promise<void> {
  await store.transaction(async (tx) => {
    for (const [index, hospital] of hospitals.entries()) {
      const { finess: facility, name } = hospital;
      await tx.facilities.put({ finess: facility, name, key: systemRandom.bytes(32), addedAt: at });
      const agent = {
        id: agentOf(index),
        name,
        status: 'active',
        facilities: [facility],
        createdAt: at,
      } as const;
      await tx.agents.put(agent);
      const days = Array.from({ length: historyDays }, (_none, back) => (until - back) as Day).map((day) => {
        const counts = hoursOf(recordsOf(hospital, day));
        return { day, count: counts.reduce((sum, one) => sum + one, 0), counts, extract: at };
      });
      await tx.watch.putImported(facility, 'ed-visits', days);
    }
  });
}

function hoursOf(records: readonly DemoRecord[]): readonly number[] {
  const counts = Array.from({ length: 24 }, () => 0);
  for (const { hour } of records) counts[hour] = (counts[hour] ?? 0) + 1;
  return counts;
}

function agentOf(index: number): string {
  return `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

interface Sent {
  readonly from: Day;
  readonly records: readonly DemoRecord[];
}

/** What the hospital's software exports that night; nothing when it is silent. */
function contentFor(hospital: DemoHospital, day: Day, trouble: Trouble | undefined): Sent | undefined {
  if (trouble === 'silent' || trouble === 'dead' || trouble === 'unconnected') return undefined;
  const from = (day - (trouble === 'held' ? 6 : 1)) as Day;
  const records: DemoRecord[] = [];
  for (let each = from; each <= day; each = (each + 1) as Day) {
    const whole = recordsOf(hospital, each);
    if (trouble === 'low' && each === day) records.push(...whole.filter((_one, index) => index % 5 < 2));
    else if (trouble === 'partial' && each === day) records.push(...whole.filter(({ hour }) => hour < 14));
    // An export filter left on: most of three days is missing.
    else if (trouble === 'held' && each >= day - 5 && each <= day - 3)
      records.push(...whole.filter((_one, index) => index % 12 === 0));
    else records.push(...whole);
  }
  return { from, records };
}

interface GiveDeps {
  readonly sign: (texts: readonly string[]) => Promise<string>;
  readonly targets: readonly DispatchTarget[];
  readonly rewrite: (body: string) => string;
}

const same = (body: string): string => body;

async function give(
  store: Store,
  { sign, targets, rewrite }: GiveDeps,
  hospital: DemoHospital,
  { from, records }: Sent,
  at: number,
  day: Day,
): Promise<string> {
  const id = systemRandom.uuid(at);
  const incoming = records.map(({ body }, index) =>
    readRecord(edVisits, { record: index + 1, line: 12 + index * 22, body: rewrite(body) }),
  );
  const extractAt = at - 4 * minuteMs;
  const manifest: Manifest = {
    ...{ slices: 1, records: incoming.length, rejected: 0, header: true, resend: false },
    window: { from: dayToIso(from), to: dayToIso(day) },
    extract: { text: `${dayToFrench((day + 1) as Day)} 02:00:00`, at: extractAt },
    digest: hash('sha256', id, 'hex'),
  };
  await store.transaction(async (tx) => {
    const row: ExportRow = {
      ...{ id, agent: agentOf(Number(hospital.finess.slice(2, 8)) - 1), facility: hospital.finess },
      ...{ feed: 'ed-visits', part: '0', source: 'urgences', receivedAt: at, slicesSeen: 1 },
      ...{ reception: await tx.exports.nextReception(), manifest: JSON.stringify(manifest) },
      ...{ digest: manifest.digest, state: 'receiving', extract: null, outcome: null },
    };
    await tx.exports.put(row);
    const content = contentOf(incoming);
    const deps = { random: systemRandom, targets };
    const done = await applyExport(tx, { row, manifest, feed: edVisits, content, now: at }, deps);
    await issueReceipts(tx, done.receipts, sign);
  });
  return id;
}

/** What waits reaches its agency, which answers; this morning one of them has not answered yet. */
async function deliver(store: Store, at: number, isLast: boolean): Promise<void> {
  await store.transaction(async (tx) => {
    for (const destination of ['spf', 'ars'])
      for (const { id } of await tx.dispatches.due(destination, 10_000)) {
        if (destination === 'ars' && isLast) continue;
        const change = { attempts: 1, nextAttemptAt: at, changedAt: at, code: null, sentAt: at };
        await tx.dispatches.setDelivery(id, ['waiting'], { ...change, state: 'sent' });
        await tx.dispatches.setDelivery(id, ['sent'], { ...change, state: 'acknowledged' });
      }
  });
}

async function heartbeats(
  store: Store,
  hospitals: readonly DemoHospital[],
  at: number,
  last: Day,
): Promise<void> {
  await store.transaction(async (tx) => {
    for (const [index] of hospitals.entries()) {
      const dead = troubles.get(index)?.[0] === 'dead' && at > instantOf(last, 22 * 3_600_000).at;
      if (dead) continue;
      const body = {
        ...{ version: '0.1.0', at, clockOffsetMs: 12, certificateUntil: at + 61 * 86_400_000 },
        feeds: [{ feed: 'ed-visits', epoch: 1, seq: 40, pending: 0, oldestPendingAt: null }],
        ...{ freeDiskBytes: 61_000_000_000, paused: null, pausedSince: null, bundleVersion: 1 },
      };
      await tx.agents.putHeartbeat(agentOf(index), at, JSON.stringify(body));
    }
  });
}
