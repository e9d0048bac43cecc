import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Sent } from '../apply/rig.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export const day = (n: number): Day => (20_090 + n) as Day;

/** One a minute, in French local time. */
export function visitsOf(count: number, ofDay: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const minute = `00:${String(index % 60).padStart(2, '0')}`;
    const date = dayToIso(day(ofDay)).split('-').reverse().join('/');
    return JSON.stringify({
      arrivedAt: { text: `${date} ${minute}`, at: day(ofDay) * dayMs + index * 60_000 - hourMs },
      facility: '990000010',
    });
  });
}

/** The whole truth for days `from` to `to`, as taken out at this hour. */
export function windowOf(from: number, to: number, bodies: readonly string[], hour: number): Sent {
  const extract = { text: 'x', at: day(8) * dayMs + hour * hourMs };
  return {
    bodies,
    manifest: { window: { from: dayToIso(day(from)), to: dayToIso(day(to)) }, extract },
  };
}
