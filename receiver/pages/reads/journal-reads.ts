import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface JournalReads {
  readonly kind: 'journal';
}

export function createJournalReads(_tx: StoreTx, _reach: ViewReach): JournalReads {
  return { kind: 'journal' };
}
