import type { Clock } from '../../shared/runtime/clock.ts';
import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { StoreTx } from '../store/store.ts';

/** Registers a facility, or renames one: its key for record keys never changes. Throws `facility-finess-invalid`. */
export async function registerFacility(
  tx: StoreTx,
  facility: { readonly finess: string; readonly name: string },
  by: { readonly actor: Actor; readonly clock: Clock; readonly random: Random },
): Promise<void> {
  const { actor, clock, random } = by;
  const finess = checkedFiness(facility.finess);
  const { name } = facility;
  const known = await tx.facilities.get(finess);
  const fresh = { key: random.bytes(32), addedAt: clock.now() };
  await tx.facilities.put({ ...(known ?? fresh), finess, name });
  await appendAudit(tx, clock, actor, {
    ...{ action: known === undefined ? 'facility.add' : 'facility.rename', subject: finess },
    ...{ facility: finess, facts: { name } },
  });
}

/** As it is written in files: without blanks. Throws `facility-finess-invalid`. */
export function checkedFiness(text: string): string {
  const finess = normaliseFiness(text);
  if (!isFiness(finess)) throw permanent('facility-finess-invalid', { facts: { facility: text } });
  return finess;
}
