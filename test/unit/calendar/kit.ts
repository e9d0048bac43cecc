import type { DispatchTarget } from '../../../receiver/forward/compose.ts';
import { createCalendar } from '../../../receiver/forward/calendar/cron.ts';
import { createScheduler, type Scheduler } from '../../../receiver/forward/calendar/scheduler.ts';
import type { CalendarWindow } from '../../../receiver/forward/calendar/window.ts';
import type { DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import type { Store } from '../../../receiver/store/store.ts';
import {
  dayFromIso,
  dayToFrench,
  dayToIso,
  parseFrenchDateTime,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import { readableFormat, targetOf, type Rig, type Sent } from '../apply/rig.ts';
import { quiet } from '../receiver/lab.ts';

export const running = new AbortController().signal;

export function dayAt(iso: string): Day {
  const day = dayFromIso(iso);
  if (day === undefined) throw new Error(`no day ${iso}`);
  return day;
}

export function visit(facility: string, on: Day, n = 1, change: Record<string, unknown> = {}): string {
  const text = `${dayToFrench(on)} 10:${String(n % 60).padStart(2, '0')}`;
  const at = parseFrenchDateTime(text)?.at;
  return JSON.stringify({ facility, ...change, sex: 'F', arrivedAt: { text, at } });
}

/** A trusted export of whole days; `counts`: visits of each day from `from` on. */
export function whole(facility: string, from: Day, counts: readonly number[]): Sent {
  const bodies = counts.flatMap((count, index) =>
    Array.from({ length: count }, (_, n) => visit(facility, (from + index) as Day, n)),
  );
  const to = (from + counts.length - 1) as Day;
  const extract = { text: 'x', at: (to + 1) * 86_400_000 };
  return { bodies, manifest: { window: { from: dayToIso(from), to: dayToIso(to) }, extract } };
}

export function calendarTarget(name: string, maxRecords = 5000): DispatchTarget {
  return { ...targetOf(name, readableFormat('ed-visits', maxRecords)), atOnce: false };
}

export interface Clocked {
  readonly store: Store;
  readonly clock: Rig['clock'];
}

export function schedulerOn(
  { store, clock }: Clocked,
  target: DispatchTarget,
  settings: { cron: string; zone?: string; window?: CalendarWindow },
): Scheduler {
  const { cron, zone = 'Europe/Paris', window = { days: 7 } } = settings;
  return createScheduler({
    ...{ store, clock, target, window, logger: quiet },
    calendar: createCalendar({ cron, zone }),
    onComposed: () => undefined,
  });
}

/** Steps until there is nothing left to do now. */
export async function rest({ step }: Scheduler): Promise<void> {
  for (let steps = 0; await step(running); steps += 1)
    if (steps > 10_000) throw new Error('the calendar never rests');
}

/** Oldest first. */
export async function dispatchesTo(store: Store, destination: string): Promise<readonly DispatchRow[]> {
  const rows = await store.read((tx) => tx.dispatches.recent(100_000));
  return rows.filter((row) => row.destination === destination).reverse();
}
