import type { Day } from '../../shared/runtime/paris-time.ts';
import type { AlertCause, AlertFacts, AlertKind, AlertRow, AlertState } from '../store/alert-tables.ts';
import type { WatchState } from '../store/watch-tables.ts';

/** A trouble that is there at this moment. Alerts are made to agree with these. */
export interface Condition {
  readonly key: string;
  readonly kind: AlertKind;
  readonly facility: string | null;
  readonly feed: string | null;
  readonly destination: string | null;
  readonly members: readonly string[];
  readonly state: AlertState;
  readonly cause: AlertCause;
  readonly days: readonly Day[];
  readonly missing: number;
  readonly facts: AlertFacts;
  readonly since: number;
  /** When the cause itself began, as far as it is known: what falls silent together fell so at one moment. */
  readonly onset: number;
}

/** Causes of one family are one trouble that shows itself in several ways: one alert, whose cause may change. */
export type Family = 'absence' | 'content' | 'held' | 'other';

export function familyOf(cause: AlertCause): Family {
  switch (cause) {
    case 'agent-dead':
    case 'network-cut':
    case 'agent-paused':
    case 'source-silent':
    case 'exports-rejected':
      return 'absence';
    case 'export-short':
      return 'content';
    case 'held-by-guard':
      return 'held';
    case 'forward-blocked':
    case 'destination-down':
    case 'destination-paused':
    case 'export-incomplete':
    case 'facility-unknown':
    case 'ledger-gap':
    case 'watch-stale':
      return 'other';
  }
}

/** The agent's own troubles: the same over all its feeds. */
export function isOfAgent(cause: AlertCause): boolean {
  return cause === 'agent-dead' || cause === 'network-cut' || cause === 'agent-paused';
}

/** Of a day's state, what an alert says of it; undefined: nobody need act. What was late is here by now. */
export function alertStateOf(state: WatchState): AlertState | undefined {
  return state === 'silent' || state === 'partial' || state === 'low' || state === 'held' ? state : undefined;
}

/** Told at night where somebody wants that. */
export function isCritical({ state }: Pick<AlertRow, 'state'>): boolean {
  return state === 'silent' || state === 'blocked' || state === 'fault';
}
