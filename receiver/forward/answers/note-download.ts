import type { Clock } from '../../../shared/runtime/clock.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import type { Store } from '../../store/store.ts';

/** Who took a file that holds visits, before it is given. */
export async function noteDownload(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  actor: Actor,
  { name, destination, facility, records }: DispatchRow,
  digest: string,
): Promise<void> {
  await store.transaction((tx) =>
    appendAudit(tx, clock, actor, {
      ...{ action: 'delivery.download', subject: name, destination, facility },
      facts: { records, digest },
    }),
  );
}
