import type { Clock } from '../../shared/runtime/clock.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Store } from '../store/store.ts';
import type { FeedOfFacility } from '../store/watch-tables.ts';

/** A call that no open alert asks for is written down all the same. */
export async function callFacility(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { facility, feed }: FeedOfFacility,
  actor: Actor,
): Promise<void> {
  await store.transaction((tx) =>
    appendAudit(tx, clock, actor, { action: 'alert.call', subject: facility, facility, facts: { feed } }),
  );
}
