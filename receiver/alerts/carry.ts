import type { AlertMessage } from '../store/alert-tables.ts';

/** A file that goes with a mail; other channels leave it out. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export type CarriedMessage = AlertMessage & { readonly attachments?: readonly Attachment[] };

/** Hands one message to the next server. unset: the settings know its channel no more. Throws a Fault when it was not taken. */
export type Carry = (message: CarriedMessage, signal: AbortSignal) => Promise<'taken' | 'unset'>;
