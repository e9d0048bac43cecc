import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { Closure, Contact, DayRequest, DegradedPeriod } from '../../store/care-tables.ts';
import type { FacilityNote, HandCount, RequestedDay } from '../../store/care-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import { reaches } from '../../accounts/profile.ts';
import type { ViewReach } from './reach.ts';

/** What people have said and asked of facilities. Beyond the viewer's reach there is nothing. */
export interface CareReads {
  /** Whom to call, in order. */
  contactsOf(facility: string): Promise<readonly Contact[]>;
  /** The latest first. */
  notesOf(facility: string, limit: number): Promise<readonly FacilityNote[]>;
  /** With withdrawn ones, the latest first. */
  closuresOf(facility: string, limit: number): Promise<readonly Closure[]>;
  degradedOf(facility: string, limit: number): Promise<readonly DegradedPeriod[]>;
  /** Counted by hand while degraded: to be shown beside visits, never added to them. */
  handCountsOf(facility: string, from: Day, to: Day): Promise<readonly HandCount[]>;
  requestsOf(facility: string, limit: number): Promise<readonly RequestSeen[]>;
}

export interface RequestSeen extends DayRequest {
  readonly days: readonly RequestedDay[];
}

export function createCareReads(tx: StoreTx, { facilities }: ViewReach): CareReads {
  const { care } = tx;
  const within = async <Row>(
    facility: string,
    read: () => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> => (reaches(facilities, facility) ? read() : []);
  return {
    contactsOf: (facility) => within(facility, () => care.contacts.of(facility)),
    notesOf: (facility, limit) => within(facility, () => care.notes.of(facility, limit)),
    closuresOf: (facility, limit) => within(facility, () => care.closures.of(facility, limit)),
    degradedOf: (facility, limit) => within(facility, () => care.degraded.of(facility, limit)),
    handCountsOf: (facility, from, to) => within(facility, () => care.handCounts.of(facility, from, to)),
    requestsOf: (facility, limit) => within(facility, () => requestsOf(tx, facility, limit)),
  };
}

async function requestsOf({ care }: StoreTx, facility: string, limit: number): Promise<RequestSeen[]> {
  const seen: RequestSeen[] = [];
  for (const request of await care.requests.of(facility, limit))
    seen.push({ ...request, days: await care.requests.daysOf(request.id) });
  return seen;
}
