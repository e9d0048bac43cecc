import type { WatchState } from '../../store/watch-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import { short } from './scale.ts';
import type { VolumePoint } from './volume-point.ts';

export interface Plot {
  readonly slot: number;
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly floor: number;
  readonly ceiling: number;
}

/** Bars of one state are one path: a year of them weighs a few kilobytes. */
const bodies: Readonly<Record<WatchState | 'pending', string>> = {
  received: 'bk',
  late: 'bt',
  partial: 'bp',
  low: 'bl',
  silent: 'bs',
  held: 'bq',
  degraded: 'bp',
  closed: 'bx',
  'not-connected': 'bx',
  pending: 'bn',
};
/** Above the bar, so that no state is told by colour alone; in the middle of an empty one. Relative moves only. */
const marks: Partial<Readonly<Record<WatchState | 'pending', readonly [string, string]>>> = {
  late: ['gt', 'm4 0a4 4 0 1 1-8 0a4 4 0 1 1 8 0m-4-2.2v2.2l1.8 1'],
  partial: ['gp', 'm4 0a4 4 0 1 1-8 0a4 4 0 1 1 8 0'],
  low: ['gw', 'm0-5.5v11m-4-4l4 4 4-4'],
  silent: ['gs', 'm-4-4l8 8m0-8l-8 8'],
  held: ['gq', 'm-2-4v8m4-8v8'],
  degraded: ['gp', 'm-4 0h8'],
  closed: ['gx', 'm-4 0h8'],
  'not-connected': ['gx', 'm-.5 0h1'],
};
const markHeight = 9;

export function barsOf(points: readonly VolumePoint[], plot: Plot): Html {
  const paths = new Map<string, string>();
  const add = (name: string, path: string): void => {
    paths.set(name, (paths.get(name) ?? '') + path);
  };
  const width = Math.min(16, plot.slot * 0.62);
  for (const [index, point] of points.entries()) {
    const state = point.state ?? 'pending';
    const isEmpty = state === 'silent' || point.count === 0;
    // A silent day's bar shows what should have been there.
    const tall = plot.y(
      state === 'silent' ? Math.max(point.expected?.median ?? 0, point.count) : point.count,
    );
    const y = state === 'silent' ? Math.min(tall, plot.floor - 24) : tall;
    const x = plot.x(index);
    if (state === 'silent' || !isEmpty) add(bodies[state], bar(x - width / 2, y, width, plot.floor));
    const mark = marks[state];
    if (mark === undefined) continue;
    const [name, path] = mark;
    const at =
      state === 'silent'
        ? (y + plot.floor) / 2
        : Math.max(plot.ceiling + markHeight / 2, (isEmpty ? plot.floor : y) - markHeight);
    add(name, `M${short(x)} ${short(at)}${path}`);
  }
  // Marks last: they lie over the bars.
  const drawn = [...paths].sort(([one], [other]) => one.localeCompare(other));
  return drawn.length === 0
    ? nothing
    : html`${drawn.map(([name, path]) => html`<path class="${name}" d="${path}"/>`)}`;
}

function bar(x: number, y: number, width: number, floor: number): string {
  return `M${short(x)} ${short(floor)}V${short(y)}h${short(width)}V${short(floor)}z`;
}
