import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAlerting } from '../../../receiver/alerts/alerting.ts';
import { createHealthApp } from '../../../receiver/app.ts';
import { makeBackup } from '../../../receiver/backup/make-backup.ts';
import { openLiveRegion } from '../../../receiver/pki/live-region.ts';
import { createHostFacts, type HostFacts } from '../../../receiver/routes/host-facts.ts';
import { leastFreeBytes } from '../../../receiver/routes/health.ts';
import { printed } from '../../../receiver/routes/exposition.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createApiLab, type ApiLab } from '../../support/api-lab.ts';

const now = Date.UTC(2026, 0, 21, 7, 40);
const logger = createLogger({ name: 'test', level: 'silent' });
let lab: ApiLab;
let host: HostFacts;
beforeAll(async () => {
  lab = await createApiLab({ now, hospitals: 8, days: 4 });
  const { store, clock } = lab;
  const { config } = lab.region;
  const alerting = openAlerting({ config, store, clock, random: systemRandom, logger });
  for (let round = 0; round < 40; round += 1) {
    await alerting.step(new AbortController().signal);
    clock.advance(60_000);
  }
  const state = stateFolder(config.state);
  const backups = join(lab.region.folder, 'backups');
  await mkdir(backups);
  const keys = await openLiveRegion({ folder: state.folder, clock, logger });
  const { retention } = config;
  host = createHostFacts({
    ...{ store, clock, state, region: keys.region },
    config: { ...config, retention: { ...retention, backupFolder: backups } },
  });
}, 120_000);
afterAll(() => lab.close());

function app(change: { store?: Store; host?: HostFacts; isReady?: () => boolean } = {}) {
  const { store, clock, region } = lab;
  return createHealthApp(
    { logger, random: systemRandom, requestSeconds: 30, connections: 10 },
    { store, clock, config: region.config, version: '1.2.3', host, isReady: () => true, ...change },
  );
}

describe('the numbers', () => {
  it('are in the form that Prometheus reads, each family once, with help and type', async () => {
    const { payload, headers } = await app().inject('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parse(payload);
    const valueOf = (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
      families.get(name)?.find((sample) => same(sample.labels, labels))?.value;
    expect(valueOf('vaguemestre_build_info', { version: '1.2.3' })).toBe(1);
    expect(valueOf('vaguemestre_records')).toBe(await lab.store.read((tx) => tx.records.total()));
    expect(valueOf('vaguemestre_inbox_oldest_seconds')).toBe(0);
    const states = (families.get('vaguemestre_facility_feeds') ?? []).map(({ value }) => value);
    expect(states.reduce((sum, one) => sum + one, 0)).toBe(8);
    expect(valueOf('vaguemestre_facility_feeds', { state: 'silent' })).toBeGreaterThan(0);
    const alerts = await lab.store.read((tx) => tx.alerts.open(100));
    expect(alerts.length).toBeGreaterThan(0);
    const told = (families.get('vaguemestre_alerts_open') ?? []).map(({ value }) => value);
    expect(told.reduce((sum, one) => sum + one, 0)).toBe(alerts.length);
    const waiting = await lab.store.read((tx) => tx.dispatches.due('ars', 1));
    expect(valueOf('vaguemestre_destination_oldest_seconds', { destination: 'ars' })).toBeCloseTo(
      (lab.clock.now() - (waiting[0]?.composedAt ?? 0)) / 1000,
    );
    const of = { destination: 'ars', state: 'waiting' };
    expect(valueOf('vaguemestre_destination_dispatches', of)).toBeGreaterThan(0);
    expect(valueOf('vaguemestre_destination_breaker', { destination: 'spf' })).toBe(0);
    expect(valueOf('vaguemestre_destination_paused', { destination: 'spf' })).toBe(0);
    expect(valueOf('vaguemestre_extractions', { state: 'waiting' })).toBe(0);
    expect(valueOf('vaguemestre_days_left', { kind: 'root' })).toBeGreaterThan(300);
    expect(valueOf('vaguemestre_database_bytes')).toBeGreaterThan(100_000);
    expect(valueOf('vaguemestre_state_free_bytes')).toBeGreaterThan(0);
    expect(valueOf('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(valueOf('nodejs_eventloop_lag_seconds', { quantile: 'p99' })).toBeGreaterThanOrEqual(0);
    expect(valueOf('vaguemestre_last_backup_timestamp_seconds')).toBe(0);
  });

  it('move with what happens: an extraction, a backup', async () => {
    await lab.store.transaction(async (tx) => {
      await tx.extractions.add({
        ...{ id: 'x', requesterKind: 'system', requesterId: 'x', requesterName: 'x', profile: 'auditor' },
        ...{ administrator: false, facilities: null, askedAt: now, request: {} as never },
      });
    });
    const { config } = lab.region;
    const to = join(lab.region.folder, 'backups');
    await makeBackup(
      {
        ...{ state: stateFolder(config.state), migrations, clock: lab.clock, random: systemRandom },
        ...{ settingsFile: lab.region.configFile, settings: {}, product: 'test' },
      },
      { to, keep: undefined },
    );
    await writeFile(join(to, 'vaguemestre-z-20991231T000000Z.vgm-backup'), 'not a backup');
    lab.clock.advance(61_000);
    const families = parse((await app().inject('/metrics')).payload);
    const extractions = families.get('vaguemestre_extractions');
    expect(extractions?.find(({ labels }) => labels['state'] === 'waiting')?.value).toBe(1);
    const [backup] = families.get('vaguemestre_last_backup_timestamp_seconds') ?? [];
    expect(backup?.value).toBeCloseTo((lab.clock.now() - 61_000) / 1000, 0);
  });

  it('are written so that no name breaks them', () => {
    const name = 'a"b\\c\nd';
    const samples = [{ labels: { destination: name }, value: 1 }];
    const families = parse(printed([{ name: 'x', help: 'two\nlines \\', samples }]));
    expect(families.get('x')?.[0]?.labels).toEqual({ destination: name });
  });
});

describe('readiness', () => {
  it('is there when all runs, the disk has room and the database can be written', async () => {
    const get = async (change: Parameters<typeof app>[0]): Promise<unknown> => {
      const { statusCode, payload } = await app(change).inject('/health/ready');
      return [statusCode, JSON.parse(payload)];
    };
    expect(await get({})).toEqual([200, { ready: true }]);
    expect(await get({ isReady: () => false })).toEqual([503, { ready: false, why: 'stopped' }]);
    const full = { ...host, freeBytes: async () => leastFreeBytes - 1 };
    expect(await get({ host: full })).toEqual([503, { ready: false, why: 'disk' }]);
    const fault = async (): Promise<never> => {
      throw Object.assign(new Error('readonly'), { code: 'SQLITE_READONLY' });
    };
    expect(await get({ store: { ...lab.store, transaction: fault } })).toEqual([
      ...[503, { ready: false, why: 'database' }],
    ]);
    expect(await get({ store: { ...lab.store, read: fault } })).toEqual([
      ...[503, { ready: false, why: 'database' }],
    ]);
    const long = { ...lab.store, transaction: () => new Promise<never>(() => undefined) };
    expect(await get({ store: long })).toEqual([200, { ready: true }]);
  });
});

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text format, strictly: throws where a reader would stumble. */
function parse(text: string): ReadonlyMap<string, readonly Sample[]> {
  if (!text.endsWith('\n')) throw new Error('no end of line');
  const families = new Map<string, Sample[]>();
  const typed = new Set<string>();
  let helped = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_][a-z0-9_]*) (?:[^\\\n]|\\\\|\\n)+$/.exec(line);
    const type = /^# TYPE ([a-z_][a-z0-9_]*) gauge$/.exec(line);
    const sample = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line);
    if (help !== null) helped = help[1] ?? '';
    else if (type !== null) {
      const name = type[1] ?? '';
      if (name !== helped || typed.has(name)) throw new Error(`type: ${line}`);
      typed.add(name);
      families.set(name, []);
    } else if (sample !== null) {
      const [, name = '', labels = '', value = ''] = sample;
      if (name !== helped || !typed.has(name)) throw new Error(`outside its family: ${line}`);
      const one = { labels: labelsOf(labels), value: Number(value) };
      if (families.get(name)?.some((each) => same(each.labels, one.labels)) === true)
        throw new Error(`twice: ${line}`);
      families.get(name)?.push(one);
    } else throw new Error(`line: ${line}`);
  }
  return families;
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const one = /([a-z_]+)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y;
  const found: Record<string, string> = {};
  while (one.lastIndex < text.length) {
    const match = one.exec(text);
    if (match === null) throw new Error(`labels: ${text}`);
    const [, name = '', value = ''] = match;
    found[name] = value.replaceAll(/\\(.)/g, (_whole, sign: string) => (sign === 'n' ? '\n' : sign));
  }
  return found;
}

function same(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}
