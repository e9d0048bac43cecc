import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface QualityReads {
  readonly kind: 'quality';
}

export function createQualityReads(_tx: StoreTx, _reach: ViewReach): QualityReads {
  return { kind: 'quality' };
}
