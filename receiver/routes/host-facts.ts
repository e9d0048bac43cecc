import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../../shared/runtime/clock.ts';
import { peekHeader } from '../backup/backup-file.ts';
import { isBackupName } from '../backup/old-backups.ts';
import type { ReceiverConfig } from '../config.ts';
import { allEndings } from '../pki/expiry.ts';
import type { Region } from '../pki/region-keys.ts';
import type { StateFolder } from '../state-folder.ts';
import type { Store } from '../store/store.ts';
import { byLabel, single, type Metric } from './exposition.ts';

/** What is read of this machine and its files: rarely, and the same to whoever asks within a minute. */
export interface HostFacts {
  metrics(now: number): Promise<readonly Metric[]>;
  /** Bytes free where the region's state lies; undefined where the system does not say. */
  freeBytes(): Promise<number | undefined>;
}

export interface HostFactsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly config: Pick<ReceiverConfig, 'destinations' | 'retention'>;
  readonly state: Pick<StateFolder, 'folder' | 'database'>;
  readonly region: () => Region;
}

const keptMs = 60_000;
/** Lateness is measured this often, and told without it. */
const sampledEveryMs = 20;
const dayMs = 86_400_000;
/** Backups looked at: other regions may share the folder. */
const backupsLooked = 20;

export function createHostFacts(deps: HostFactsDeps): HostFacts {
  const { state, clock } = deps;
  const delay = monitorEventLoopDelay({ resolution: sampledEveryMs });
  delay.enable();
  let kept: { readonly at: number; readonly metrics: Promise<readonly Metric[]> } | undefined;
  const freeBytes = async (): Promise<number | undefined> => {
    const found = await statfs(state.folder).catch(() => undefined);
    return found === undefined ? undefined : found.bavail * found.bsize;
  };
  return {
    freeBytes,
    metrics: async (now) => {
      const passed = clock.monotonic();
      if (kept === undefined || passed - kept.at > keptMs) kept = { at: passed, metrics: ofFiles(deps, now) };
      const lag = { p50: delay.percentile(50), p99: delay.percentile(99), max: delay.max };
      delay.reset();
      const { rss, heapUsed } = process.memoryUsage();
      return [
        ...(await kept.metrics),
        single('vaguemestre_state_free_bytes', 'Free where the region’s state lies', await freeBytes()),
        single('process_resident_memory_bytes', 'Resident memory', rss),
        single('nodejs_heap_size_used_bytes', 'Heap in use', heapUsed),
        single('process_start_time_seconds', 'When it started', now / 1000 - process.uptime()),
        byLabel(
          'nodejs_eventloop_lag_seconds',
          'How late the event loop is, since it was last asked',
          'quantile',
          inSeconds(lag),
        ),
      ];
    },
  };
}

function inSeconds(nanoseconds: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(nanoseconds).map(([name, value]) => {
      const late = value / 1e9 - sampledEveryMs / 1000;
      return [name, Number.isFinite(late) ? Math.max(0, late) : 0];
    }),
  );
}

async function ofFiles(deps: HostFactsDeps, now: number): Promise<readonly Metric[]> {
  const { state, config } = deps;
  const sizes = await Promise.all(
    [state.database, `${state.database}-wal`].map(
      async (file) => (await stat(file).catch(() => undefined))?.size ?? 0,
    ),
  );
  const { backupFolder } = config.retention;
  const backup = backupFolder === undefined ? undefined : await latestBackup(backupFolder, deps.region());
  return [
    single(
      'vaguemestre_database_bytes',
      'The database and its log of changes',
      sizes.reduce((sum, one) => sum + one, 0),
    ),
    single(
      'vaguemestre_last_backup_timestamp_seconds',
      'When the latest backup in the backup folder was made; 0: there is none',
      backupFolder === undefined ? undefined : (backup ?? 0) / 1000,
    ),
    await endingMetric(deps, now),
  ];
}

/** The first end of each kind: an agent that ends soonest stands for all of them. */
async function endingMetric({ store, region, config, clock }: HostFactsDeps, now: number): Promise<Metric> {
  const all = await store.read((tx) => allEndings(tx, region(), config, clock));
  const first = new Map<string, number>();
  for (const { kind, endsAt } of all) {
    const days = (endsAt - now) / dayMs;
    first.set(kind, Math.min(first.get(kind) ?? Infinity, Math.round(days * 100) / 100));
  }
  return byLabel(
    'vaguemestre_days_left',
    'Days until the first end of a key or certificate of this kind',
    'kind',
    first,
  );
}

async function latestBackup(folder: string, { rootDigest }: Region): Promise<number | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter(isBackupName).sort().reverse();
  for (const name of names.slice(0, backupsLooked)) {
    const header = await peekHeader(join(folder, name)).catch(() => undefined);
    if (header?.root === rootDigest) return header.createdAt;
  }
  return undefined;
}
