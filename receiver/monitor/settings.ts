import { dayFromIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { WatchingConfig } from '../config-watching.ts';
import { createDayKinds, type DayKinds } from './day-kinds.ts';

/** The rules that hold for one facility. */
export interface FacilityRules {
  readonly graceMs: number;
  readonly before: string | undefined;
  readonly kinds: DayKinds;
}

export interface WatchRules {
  of(facility: string): FacilityRules;
}

export function createWatchRules(config: WatchingConfig): WatchRules {
  const schoolHolidays = config.schoolHolidays.map(({ zones, from, to }) => ({
    zones,
    // Checked by the settings' schema.
    from: dayFromIso(from) ?? (0 as Day),
    to: dayFromIso(to) ?? (0 as Day),
  }));
  const kinds = new Map<string, DayKinds>();
  const kindsOf = (alsaceMoselle: boolean, zone: string | undefined): DayKinds => {
    const name = `${alsaceMoselle} ${zone ?? ''}`;
    const known = kinds.get(name) ?? createDayKinds({ alsaceMoselle, zone, schoolHolidays });
    kinds.set(name, known);
    return known;
  };
  return {
    of: (facility) => {
      const own = config.facilities[facility];
      return {
        graceMs: (own?.graceMinutes ?? config.graceMinutes) * 60_000,
        before: own?.before,
        kinds: kindsOf(own?.alsaceMoselle ?? config.alsaceMoselle, own?.zone ?? config.zone),
      };
    },
  };
}
