import type { WatchState } from '../store/watch-tables.ts';
import { html, trusted, type Html } from './html.ts';

/** Tints of states. */
export type Tone = 'ok' | 'late' | 'part' | 'low' | 'silent' | 'held' | '';

/** The marks of portal.md, drawn once a page and used by name: state is never told by colour alone. */
const shapes = {
  s: '<path d="M2.5 2.5l7 7M9.5 2.5l-7 7"/>',
  q: '<path d="M4 2.5v7M8 2.5v7"/>',
  l: '<path d="M6 2v7M3 6.5L6 9.5l3-3"/>',
  p: '<path d="M10.5 6A4.5 4.5 0 1 1 6 1.5M6 6h4.5M6 6V1.5"/>',
  t: '<path d="M6 2.5V6l2.5 1.5M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z"/>',
  k: '<path d="M2 6.5l2.8 3L10 3"/>',
  d: '<path d="M2 6h8"/>',
  w: '<path d="M2 10l1-3 6-6 2 2-6 6z"/>',
  file: '<path d="M3 1.5h4l2.5 2.5v6.5H3zM7 1.5V4h2.5"/>',
  lock: '<path d="M3 5.5h6v5H3zM4.3 5.5V4a1.7 1.7 0 0 1 3.4 0v1.5"/>',
  inbox: '<path d="M1.5 6.5L3 2.5h6l1.5 4v3h-9zM1.5 6.5h2.8l.7 1.2h2l.7-1.2h2.8"/>',
  store: '<path d="M2.5 3c0-1.6 7-1.6 7 0v6c0 1.6-7 1.6-7 0zM2.5 3c0 1.6 7 1.6 7 0"/>',
  send: '<path d="M1.5 6L10.5 1.5 7.5 10.5 5.5 7z"/>',
  wave: '<path d="M1.5 4.5c1.5-1.4 3-1.4 4.5 0s3 1.4 4.5 0M1.5 8c1.5-1.4 3-1.4 4.5 0s3 1.4 4.5 0"/>',
} as const;
export type Glyph = keyof typeof shapes;

export const sprite: Html = trusted(
  `<svg class="sprite" aria-hidden="true">${Object.entries(shapes)
    .map(([name, path]) => `<symbol id="${name}" viewBox="0 0 12 12">${path}</symbol>`)
    .join('')}</svg>`,
);

export function glyph(name: Glyph): Html {
  return html`<svg class="g" viewBox="0 0 12 12" aria-hidden="true"><use href="#${name}" /></svg>`;
}

/** Of a day's state: the class of its badge and of its cell in the grid, and its mark. */
export const stateMarks: Readonly<
  Record<WatchState, { readonly badge: Tone; readonly cell: string; readonly glyph: Glyph }>
> = {
  received: { badge: 'ok', cell: '', glyph: 'k' },
  late: { badge: 'late', cell: 't', glyph: 't' },
  partial: { badge: 'part', cell: 'p', glyph: 'p' },
  low: { badge: 'low', cell: 'l', glyph: 'l' },
  silent: { badge: 'silent', cell: 's', glyph: 's' },
  held: { badge: 'held', cell: 'q', glyph: 'q' },
  degraded: { badge: 'late', cell: 'm', glyph: 'd' },
  closed: { badge: '', cell: 'x', glyph: 'd' },
  'not-connected': { badge: '', cell: 'n', glyph: 'd' },
};
