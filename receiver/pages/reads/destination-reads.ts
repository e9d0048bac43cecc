import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface DestinationReads {
  readonly kind: 'destination';
}

export function createDestinationReads(_tx: StoreTx, _reach: ViewReach): DestinationReads {
  return { kind: 'destination' };
}
