import type { Day } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import { planOf, type PlannedPart } from '../../care/ask-days.ts';
import { declaredForLacking } from '../../care/lacking-days.ts';
import type { Closure, Contact, DayRequest, DegradedPeriod } from '../../store/care-tables.ts';
import type { FacilityNote, HandCount, RequestedDay } from '../../store/care-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { CountedDay } from '../../store/watch-tables.ts';
import { catchUpOf, type FacilityCatchUp } from './catch-up-read.ts';
import { withinReach, type ViewReach } from './reach.ts';

/** What people have said and asked of facilities. Beyond the viewer's reach there is nothing. */
export interface CareReads {
  facility(finess: string): Promise<FacilitySeen | undefined>;
  /** Whom to call, in order. */
  contactsOf(facility: string): Promise<readonly Contact[]>;
  /** The latest first. */
  notesOf(facility: string, limit: number): Promise<readonly FacilityNote[]>;
  /** With withdrawn ones, the latest first. */
  closuresOf(facility: string, limit: number): Promise<readonly Closure[]>;
  degradedOf(facility: string, limit: number): Promise<readonly DegradedPeriod[]>;
  /** Counted by hand while degraded: to be shown beside visits, never added to them. */
  handCountsOf(facility: string, from: Day, to: Day): Promise<readonly HandCount[]>;
  /** Visits held, over all parts. */
  heldOf(facility: string, feed: string, from: Day, to: Day): Promise<readonly CountedDay[]>;
  requestsOf(facility: string, limit: number): Promise<readonly RequestSeen[]>;
  /** What asking for these days would mean. */
  planOf(facility: string, span: { readonly from: Day; readonly to: Day }): Promise<readonly PlannedPart[]>;
  /** What is lacking, and what was asked, of every facility within reach that has either. */
  catchUp(now: number): Promise<readonly FacilityCatchUp[]>;
}

export interface FacilitySeen {
  readonly finess: string;
  readonly name: string;
  /** What it sends from this day on belongs to another number. */
  readonly became: { readonly finess: string; readonly name: string; readonly from: Day } | null;
  readonly took: readonly { readonly finess: string; readonly name: string; readonly from: Day }[];
}

export interface RequestSeen extends DayRequest {
  readonly days: readonly RequestedDay[];
}

export function createCareReads(tx: StoreTx, reach: ViewReach): CareReads {
  const { care } = tx;
  const within = async <Row>(
    facility: string,
    read: () => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> => (reaches(reach.facilities, facility) ? read() : []);
  return {
    facility: async (finess) => (reaches(reach.facilities, finess) ? facilityOf(tx, finess) : undefined),
    contactsOf: (facility) => within(facility, () => care.contacts.of(facility)),
    notesOf: (facility, limit) => within(facility, () => care.notes.of(facility, limit)),
    closuresOf: (facility, limit) => within(facility, () => care.closures.of(facility, limit)),
    degradedOf: (facility, limit) => within(facility, () => care.degraded.of(facility, limit)),
    handCountsOf: (facility, from, to) => within(facility, () => care.handCounts.of(facility, from, to)),
    heldOf: (facility, feed, from, to) => within(facility, () => tx.watch.counts(facility, feed, from, to)),
    requestsOf: (facility, limit) => within(facility, () => requestsOf(tx, facility, limit)),
    planOf: (facility, span) => within(facility, () => planOf(tx, facility, span)),
    catchUp: async (now) => {
      const facilities = withinReach(
        reach,
        (await tx.facilities.list()).map(({ finess, name }) => ({ facility: finess, name })),
      );
      const declared = await declaredForLacking(tx, now);
      const found: FacilityCatchUp[] = [];
      for (const { facility, name } of facilities) {
        const one = await catchUpOf(tx, { finess: facility, name }, declared, now);
        if (one !== undefined) found.push(one);
      }
      return found;
    },
  };
}

async function facilityOf(tx: StoreTx, finess: string): Promise<FacilitySeen | undefined> {
  const row = await tx.facilities.get(finess);
  if (row === undefined) return undefined;
  const aliases = await tx.facilities.aliases();
  const named = async (number: string, from: Day) => ({
    ...{ finess: number, from },
    name: (await tx.facilities.get(number))?.name ?? number,
  });
  const became = aliases.find(({ old }) => old === finess);
  const took = [];
  for (const { old, to, from } of aliases) if (to === finess) took.push(await named(old, from));
  return {
    ...{ finess, name: row.name, took },
    became: became === undefined ? null : await named(became.to, became.from),
  };
}

async function requestsOf({ care }: StoreTx, facility: string, limit: number): Promise<RequestSeen[]> {
  const seen: RequestSeen[] = [];
  for (const request of await care.requests.of(facility, limit))
    seen.push({ ...request, days: await care.requests.daysOf(request.id) });
  return seen;
}
