import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { createWatcher } from '../../../receiver/monitor/watcher.ts';
import type { StoreTx } from '../../../receiver/store/store.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { dayAt, deliver, feed, hourMs, type Hospital } from '../../evaluation/region.ts';
import { createPortalLab, type PortalLab, type PortalLabOptions } from '../../support/portal/portal-lab.ts';
import { finess } from '../../support/rpu-text.ts';

/**
 * A small region on a morning: hospitals of a hundred visits a day, twelve weeks of counts, five weeks of nights, and what
 * a test plants in some of them. Looked at by the watching, as in service.
 */
export type Night =
  'received' | 'silent' | 'dead' | 'cut' | 'paused' | 'rejected' | 'low' | 'partial' | 'late' | 'held';

export interface MorningOptions extends PortalLabOptions {
  /** Names, in the order of their FINESS. */
  readonly names: readonly string[];
  /** Nights other than received: hospital index → days before the last one → what happened. */
  readonly nights?: Readonly<Record<number, Readonly<Record<number, Night>>>>;
  /** The last visit day, yyyy-mm-dd. */
  readonly last?: string;
  readonly history?: number;
  /** Has the watching look before pages are asked for. */
  readonly watched?: boolean;
}

export interface MorningLab extends PortalLab {
  readonly hospitals: readonly Hospital[];
  readonly last: Day;
  look(): Promise<void>;
}

const historyDays = 84;
const usualHours = Array.from({ length: 24 }, (_none, hour) => (hour < 8 ? 2 : hour < 20 ? 6 : 3));
export const usualVisits = usualHours.reduce((sum, each) => sum + each, 0);
const running = new AbortController().signal;
const logger = createLogger({ name: 'test', level: 'silent' });

export async function createMorningLab(options: MorningOptions): Promise<MorningLab> {
  const { names, nights = {}, history = 35 } = options;
  const last = dayAt(options.last ?? '2026-06-18');
  const morning = instantOf((last + 1) as Day, 0).at;
  const hospitals = names.map((_name, index): Hospital => {
    const agent = `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    return { finess: finess(index + 1), agent, size: usualVisits, weekly: [], season: 0, wobble: 0 };
  });
  const lab = await createPortalLab({ startAt: morning + 7 * hourMs, ...options });
  const { store, clock, config } = lab;
  await store.transaction(async (tx) => {
    for (const [index, hospital] of hospitals.entries()) {
      const { finess: facility, agent } = hospital;
      const name = names[index] ?? '';
      await tx.facilities.put({ finess: facility, name, key: Buffer.alloc(32, 1), addedAt: 1 });
      await tx.agents.put({ id: agent, name, status: 'active', facilities: [facility], createdAt: 1 });
      if (history === 0) continue;
      await tx.records.putPart({ facility, feed, part: '0', agent, source: 'main' });
      const days = Array.from({ length: historyDays }, (_none, back) => (last - history - back) as Day);
      await tx.watch.putImported(
        facility,
        feed,
        days.map((day) => ({ day, count: usualVisits, counts: usualHours, extract: 0 })),
      );
      for (let day = (last - history + 1) as Day; day <= last; day = (day + 1) as Day)
        await night(tx, hospital, day, nights[index]?.[last - day] ?? 'received');
      await beat(tx, hospital, nights[index]?.[0], clock.now());
    }
  });
  const rules = createWatchRules(config.watching);
  const watcher = createWatcher({ store, clock, logger, rules, destinations: config.destinations });
  const look = async (): Promise<void> => {
    while (await watcher.step(running));
  };
  if (options.watched !== false) await look();
  return { ...lab, hospitals, last, look };
}

async function night(tx: StoreTx, hospital: Hospital, day: Day, kind: Night): Promise<void> {
  const start = instantOf((day + 1) as Day, 0).at;
  const times = { receivedAt: start + 2.5 * hourMs, extract: start + 2 * hourMs };
  switch (kind) {
    case 'silent':
    case 'dead':
    case 'cut':
    case 'paused':
      return;
    case 'rejected':
      await tx.agents.putRejectedExport(hospital.agent, {
        ...{ export: `reject-${day}`, source: 'main', digest: 'd', code: 'xml-cut' },
        ...{ line: 3, record: null, at: times.receivedAt },
      });
      return;
    case 'late':
      await deliver(tx, hospital, day, usualHours, { ...times, receivedAt: start + 6.85 * hourMs });
      return;
    case 'low':
      await deliver(
        tx,
        hospital,
        day,
        usualHours.map((count) => Math.floor(count / 2)),
        times,
      );
      return;
    case 'partial':
      await deliver(
        tx,
        hospital,
        day,
        usualHours.map((count, hour) => (hour < 14 ? count : 0)),
        times,
      );
      return;
    case 'held': {
      const id = await deliver(tx, hospital, day, usualHours, times);
      const scope = { facility: hospital.finess, feed, part: '0' };
      const rows = (await tx.records.ofDay(scope, day)).slice(0, 40);
      await tx.exports.update(id, { state: 'held' });
      await tx.removals.suspend(
        scope,
        rows.map((row) => ({ ...row, export: id })),
      );
      return;
    }
    case 'received':
      await deliver(tx, hospital, day, usualHours, times);
  }
}

async function beat(tx: StoreTx, hospital: Hospital, kind: Night | undefined, now: number): Promise<void> {
  const gone = kind === 'dead' || kind === 'cut';
  const at = gone ? now - 9 * hourMs : now;
  const pending = kind === 'cut' ? 3 : 0;
  const body = {
    paused: kind === 'paused' ? 'disk-full' : null,
    feeds: [{ feed, epoch: 1, seq: 1, pending, oldestPendingAt: pending === 0 ? null : at }],
  };
  await tx.agents.putHeartbeat(hospital.agent, at, JSON.stringify(body));
}
