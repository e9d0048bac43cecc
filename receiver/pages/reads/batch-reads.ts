import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface BatchReads {
  readonly kind: 'batch';
}

export function createBatchReads(_tx: StoreTx, _reach: ViewReach): BatchReads {
  return { kind: 'batch' };
}
