import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface CareReads {
  readonly kind: 'care';
}

export function createCareReads(_tx: StoreTx, _reach: ViewReach): CareReads {
  return { kind: 'care' };
}
