import { bedAvailability } from '../../shared/feeds/bed-availability.ts';
import type { BedRow } from '../../shared/feeds/bed-availability-record.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { AdtConfig } from '../config.ts';

/** Occupied beds of every zone, in the order of their ids; wards that share a zone are added up. */
export interface ZoneCount {
  readonly zoneId: string;
  readonly unitLabel: string | undefined;
  readonly careClass: string | undefined;
  readonly count: number;
}

export function countZones(
  zones: AdtConfig['zones'],
  occupied: ReadonlyMap<string, number>,
): readonly ZoneCount[] {
  const counts = new Map<string, ZoneCount>();
  for (const [ward, zone] of Object.entries(zones)) {
    const known = counts.get(zone.zoneId);
    counts.set(zone.zoneId, {
      zoneId: zone.zoneId,
      unitLabel: known?.unitLabel ?? zone.unitLabel,
      careClass: known?.careClass ?? zone.careClass,
      count: (known?.count ?? 0) + (occupied.get(ward) ?? 0),
    });
  }
  return [...counts.values()].sort((a, b) => (a.zoneId < b.zoneId ? -1 : 1));
}

/**
 * A zone's row, in the codes of the national capacity model: source 03 (admissions software), nature 01 (beds), status 03
 * (occupied), horizon 01 (now), assignment 01 (none).
 */
export function bedRow(
  facility: string,
  { zoneId, unitLabel, careClass, count }: ZoneCount,
  at: number,
): BedRow {
  const built = bedAvailability.build({
    values: {
      ...{ facility, zoneId, unitLabel, careClass },
      ...{ observedAt: instantToFrench(at), source: '03', nature: '01', status: '03', horizon: '01' },
      ...{ count: String(count), assignment: '01' },
    },
  });
  if (built.kind === 'rejected') throw permanent('unexpected');
  return built.record;
}

/** When beds are counted, and when a count goes out: changed, or an hour after the last one. Milliseconds are monotonic. */
export interface BedRhythm {
  isDue(now: number): boolean;
  /** Whether these counts are to be sent. */
  counted(counts: readonly ZoneCount[], now: number): boolean;
  /** They are on their way. */
  sent(counts: readonly ZoneCount[], now: number): void;
}

const hourMs = 3_600_000;

export function createBedRhythm(everyMinutes: number): BedRhythm {
  let countedAt: number | undefined;
  let last: { readonly text: string; readonly at: number } | undefined;
  return {
    isDue: (now) => countedAt === undefined || now - countedAt >= everyMinutes * 60_000,
    counted: (counts, now) => {
      countedAt = now;
      return last === undefined || last.text !== JSON.stringify(counts) || now - last.at >= hourMs;
    },
    sent: (counts, now) => {
      last = { text: JSON.stringify(counts), at: now };
    },
  };
}
