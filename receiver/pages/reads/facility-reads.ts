import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface FacilityReads {
  readonly kind: 'facility';
}

export function createFacilityReads(_tx: StoreTx, _reach: ViewReach): FacilityReads {
  return { kind: 'facility' };
}
