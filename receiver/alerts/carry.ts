import type { AlertMessage } from '../store/alert-tables.ts';

/** Hands one message to the next server. unset: the settings know its channel no more. Throws a Fault when it was not taken. */
export type Carry = (message: AlertMessage, signal: AbortSignal) => Promise<'taken' | 'unset'>;
