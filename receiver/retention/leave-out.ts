import type { Incoming } from '../apply/content.ts';
import { isSameVisit, type VisitName } from '../store/erasure-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { overwriting } from './overwriting.ts';
import { joinedFacilities, nameOfIncoming, type NamingFacility } from './visit-names.ts';

/** What came in one envelope. */
export interface Arrived {
  readonly envelope: string;
  readonly export: string;
  readonly facility: string;
  readonly feed: string;
  readonly records: readonly Incoming[];
  readonly now: number;
}

/**
 * The records without those of visits erased on request: they are never staged nor held, the export's findings name their
 * lines, and the envelope that brought them loses its content, like those that had it before.
 */
export async function leaveOut(tx: StoreTx, arrived: Arrived): Promise<readonly Incoming[]> {
  const { envelope, facility, feed, records, now } = arrived;
  const erased: { readonly by: NamingFacility; readonly visits: readonly VisitName[] }[] = [];
  for (const by of await joinedFacilities(tx, facility)) {
    const visits = await tx.erasure.erasedVisits({ facility: by.facility, feed });
    if (visits.length > 0) erased.push({ by, visits });
  }
  if (erased.length === 0) return records;
  const isErased = (record: Incoming): boolean =>
    erased.some(({ by, visits }) => {
      const name = nameOfIncoming(by.keys, record);
      return visits.some((visit) => isSameVisit(visit, name));
    });
  const left = records.filter(isErased);
  if (left.length === 0) return records;
  await tx.erasure.putLeftOut(arrived.export, left);
  await overwriting(tx, () => tx.erasure.destroyContent(envelope, now));
  const gone = new Set(left);
  return records.filter((record) => !gone.has(record));
}
