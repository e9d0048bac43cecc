import { Cron } from 'croner';

/** When a calendar is due: instants in epoch milliseconds. */
export interface Calendar {
  /** The first due time after this instant. */
  next(after: number): number | undefined;
  /** The latest due time in (after, now]. */
  latest(after: number, now: number): number | undefined;
}

export interface CalendarSettings {
  /** Five fields: minute, hour, day, month, day of week. */
  readonly cron: string;
  readonly zone: string;
}

/** For settings without faults. */
export function createCalendar(settings: CalendarSettings): Calendar {
  const cron = open(settings);
  const next = (after: number): number | undefined => cron.nextRun(new Date(after))?.getTime();
  return {
    next,
    latest: (after, now) => {
      // Looked for nearby first: years of missed due times cost no more than one.
      for (const spanMs of [hourMs, dayMs, 8 * dayMs, 32 * dayMs, 367 * dayMs, Infinity]) {
        const from = Math.max(after, now - spanMs);
        let found: number | undefined;
        for (let due = next(from); due !== undefined && due <= now; due = next(due)) found = due;
        if (found !== undefined || from === after) return found;
      }
      return undefined;
    },
  };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export type CalendarFault = 'unreadable' | 'zone-unknown' | 'never' | 'too-often' | 'clock-change';

/**
 * What a region must put right before a calendar can be trusted:
 *
 *   zone-unknown   no time zone of this name
 *   unreadable     not five fields of a cron
 *   never          30 February
 *   too-often      two due times less than five minutes apart
 *   clock-change   a due time inside the hour that does not exist in March or comes twice in October
 *
 * At a clock change, the library moves a fixed time of the missing hour to 03:00 and takes the first of the two: but the
 * same pattern as a list is skipped, or due twice. Rather than explain that to an agency, such hours are refused. Every
 * hour of the day is no such hour: it is due as the real hours pass.
 */
export function calendarFault({ cron, zone }: CalendarSettings): CalendarFault | undefined {
  const changes = changesOf(zone);
  if (changes === undefined) return 'zone-unknown';
  const times = timesOfDay(cron);
  if (times === undefined) return 'unreadable';
  if (open({ cron, zone: 'UTC' }).nextRun(new Date(0)) === null) return 'never';
  const gaps = times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + minutesOfDay) - time);
  if (gaps.some((gap) => gap < fewestMinutes)) return 'too-often';
  const everyHour = new Set(times.map((time) => Math.floor(time / 60))).size === 24;
  const meets = changes.some(({ from, to }) => times.some((time) => time >= from && time < to));
  return meets && !everyHour ? 'clock-change' : undefined;
}

const minutesOfDay = 1440;
const fewestMinutes = 5;

function open({ cron, zone }: CalendarSettings): Cron {
  return new Cron(cron, { timezone: zone, mode: '5-part', paused: true });
}

/** The minutes of a day at which the pattern is due, on the days it is; undefined when it is no pattern. */
function timesOfDay(cron: string): readonly number[] | undefined {
  const fields = cron.trim().split(/\s+/);
  const [minute, hour] = fields;
  // Nicknames (@daily) and seconds are not for people who compare two settings.
  if (fields.length !== 5 || minute === undefined || hour === undefined) return undefined;
  try {
    open({ cron, zone: 'UTC' });
    const anyDay = open({ cron: `${minute} ${hour} * * *`, zone: 'UTC' });
    const found: number[] = [];
    for (let at = anyDay.nextRun(new Date(-1000)); at !== null; at = anyDay.nextRun(at)) {
      if (at.getTime() >= dayMs) break;
      found.push(at.getTime() / 60_000);
    }
    return found;
  } catch {
    return undefined;
  }
}

/** Minutes of the day, `to` excluded, that a clock change of the zone skips or repeats; undefined for no zone. */
function changesOf(zone: string): readonly { readonly from: number; readonly to: number }[] | undefined {
  const offsetAt = offsetsOf(zone);
  if (offsetAt === undefined) return undefined;
  const changes: { from: number; to: number }[] = [];
  for (let day = lookedAt.from; day < lookedAt.to; day += dayMs) {
    const [before, after] = [offsetAt(day), offsetAt(day + dayMs)];
    if (before === after) continue;
    let [low, high] = [day, day + dayMs];
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    const local = (offset: number): number => ((((high + offset * 60_000) % dayMs) + dayMs) % dayMs) / 60_000;
    const from = local(Math.min(before, after));
    changes.push({ from, to: from + Math.abs(after - before) });
  }
  return changes;
}

/** Zones keep their hour of change from year to year. */
const lookedAt = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2028, 0, 1) };

/** Minutes east of UTC. */
function offsetsOf(zone: string): ((at: number) => number) | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    return (at) => {
      const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
      const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
      return sign === '-' ? -size : size;
    };
  } catch {
    return undefined;
  }
}
