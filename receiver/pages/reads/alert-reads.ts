import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface AlertReads {
  readonly kind: 'alert';
}

export function createAlertReads(_tx: StoreTx, _reach: ViewReach): AlertReads {
  return { kind: 'alert' };
}
