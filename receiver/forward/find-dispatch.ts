import { deliveryWords, wordFor } from '../../shared/i18n/terminal-receiver-words.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { DeliveryState, DispatchRow } from '../store/dispatch-table.ts';
import type { StoreTx } from '../store/store.ts';
import { composedName } from './parcel.ts';

/** By the name it was composed under, or the one it travelled under. */
export async function findDispatch(
  tx: StoreTx,
  destination: string,
  file: string,
): Promise<DispatchRow | undefined> {
  return (
    (await tx.dispatches.named(destination, file)) ??
    (await tx.dispatches.named(destination, composedName(file)))
  );
}

/** The same, for a file that must be there. Throws `dispatch-unknown`. */
export async function dispatchNamed(tx: StoreTx, destination: string, file: string): Promise<DispatchRow> {
  const row = await findDispatch(tx, destination, file);
  if (row === undefined) throw permanent('dispatch-unknown', { facts: { destination, file } });
  return row;
}

/** A state as the facts of a fault: its message is read in either language. */
export function stateFacts(state: DeliveryState): { readonly stateFr: string; readonly stateEn: string } {
  return { stateFr: wordFor(deliveryWords, state, 'fr'), stateEn: wordFor(deliveryWords, state, 'en') };
}
