import { portalDashes } from '../../../shared/i18n/portal-charts.ts';
import { fill, type Language } from '../../../shared/i18n/texts.ts';
import type { WatchState } from '../../store/watch-tables.ts';
import { html, type Html } from '../html.ts';

const classes: Readonly<Record<WatchState, string>> = {
  received: '',
  late: 'late',
  partial: 'part',
  low: 'low',
  silent: 'silent',
  held: 'held',
  degraded: 'part',
  closed: 'none',
  'not-connected': 'none',
};

/** One dash a day, the latest at the right; its name counts the states. null: not due yet. */
export function dayDashes(states: readonly (WatchState | null)[], language: Language): Html {
  const label = dashesLabel(states, language);
  return html`<span class="dash" role="img" aria-label="${label}">${states.map((state) => {
    const name = state === null ? 'none' : classes[state];
    return name === '' ? html`<i></i>` : html`<i class="${name}"></i>`;
  })}</span>`;
}

/** "13 reçus, 1 tardif". */
export function dashesLabel(states: readonly (WatchState | null)[], language: Language): string {
  const counts = new Map<keyof typeof portalDashes, number>();
  for (const state of states) {
    const name = state ?? 'pending';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([name, n]) => fill(portalDashes[name][n === 1 ? 'one' : 'many'][language], { n }))
    .join(', ');
}
