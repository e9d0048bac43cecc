import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

export interface AccountReads {
  readonly kind: 'account';
}

export function createAccountReads(_tx: StoreTx, _reach: ViewReach): AccountReads {
  return { kind: 'account' };
}
