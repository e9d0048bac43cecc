import { reaches, type Viewer } from '../../accounts/profile.ts';
import type { AlertEvent, AlertMessage, AlertRow } from '../../store/alert-tables.ts';
import type { Store, StoreTx } from '../../store/store.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import { familyOf } from '../../alerts/condition.ts';
import { reachOf, type ViewReach } from './reach.ts';

/** Alerts within the viewer's reach: of a trouble that many share, only that it is shared. */
export interface AlertReads {
  /** Critical ones and the oldest first. */
  open(): Promise<readonly AlertRow[]>;
  /** The latest first. */
  closedSince(since: number): Promise<readonly AlertRow[]>;
  get(id: number): Promise<AlertRow | undefined>;
  /** What is open of a facility's feed, alone or together with others. */
  openOf(pair: FeedOfFacility): Promise<AlertRow | undefined>;
  /** The latest first; undefined beyond the reach. */
  events(id: number): Promise<readonly AlertEvent[]>;
  /** The latest first. Whose reach is some facilities reads the words, not who else got them. */
  messages(id: number): Promise<readonly AlertMessage[]>;
  /** Names of facilities. */
  names(): Promise<ReadonlyMap<string, string>>;
  /** Messages given up since; for the region only. */
  undelivered(since: number): Promise<readonly AlertMessage[]>;
  /** For the region only. */
  tests(): Promise<readonly AlertMessage[]>;
}

const most = 1000;
const mostLines = 200;

export function createAlertReads(tx: StoreTx, reach: ViewReach): AlertReads {
  const isRegional = reach.facilities === 'all' && reach.destinations === 'all';
  const seen = (row: AlertRow): readonly AlertRow[] => {
    const { facilities } = reach;
    if (!isWithin(reach, row)) return [];
    return [{ ...row, members: row.members.filter((each) => reaches(facilities, each)) }];
  };
  const get = async (id: number): Promise<AlertRow | undefined> => {
    const row = await tx.alerts.get(id);
    return row === undefined ? undefined : seen(row)[0];
  };
  const open = async (): Promise<readonly AlertRow[]> =>
    [...(await tx.alerts.open(most)).flatMap(seen)].sort(
      (a, b) => ranks[a.state] - ranks[b.state] || a.since - b.since || a.id - b.id,
    );
  return {
    ...{ open, get },
    closedSince: async (since) => (await tx.alerts.closedSince(since, most)).flatMap(seen),
    openOf: async ({ facility, feed }) =>
      (await open()).find(
        (row) =>
          row.members.includes(facility) &&
          (row.feed === null || row.feed === feed) &&
          familyOf(row.cause) !== 'other',
      ),
    events: async (id) => {
      if ((await get(id)) === undefined) return [];
      const rows = await tx.alerts.events(id, mostLines);
      return isRegional ? rows : rows.filter(({ kind }) => kind !== 'undelivered');
    },
    messages: async (id) => {
      if ((await get(id)) === undefined) return [];
      const rows = await tx.alerts.messages(id, mostLines);
      return isRegional ? rows : rows.map((row) => ({ ...row, recipient: '', address: '', code: null }));
    },
    names: async () => {
      const rows = await tx.facilities.list();
      return new Map(
        rows
          .filter(({ finess }) => reaches(reach.facilities, finess))
          .map(({ finess, name }) => [finess, name]),
      );
    },
    undelivered: async (since) => (isRegional ? tx.alerts.dead(since, mostLines) : []),
    tests: async () => (isRegional ? tx.alerts.tests(50) : []),
  };
}

const ranks: Readonly<Record<AlertRow['state'], number>> = {
  ...{ blocked: 0, fault: 1, silent: 1, held: 2, partial: 3, low: 3 },
};

/** Whether an alert concerns somebody: one of their facilities, one of their destinations; the receiver's own, the region. */
export function isWithin(reach: ViewReach, { kind, members, destination }: AlertRow): boolean {
  const { facilities, destinations } = reach;
  switch (kind) {
    case 'facility':
    case 'region':
      return members.some((each) => reaches(facilities, each));
    case 'destination':
      return facilities === 'all' && reaches(destinations, destination ?? '');
    case 'receiver':
      return facilities === 'all' && destinations === 'all';
  }
}

/** For the navigation of every page. */
export function createOpenAlerts(store: Store): (viewer: Viewer) => Promise<number> {
  return (viewer) => store.read(async (tx) => (await createAlertReads(tx, reachOf(viewer)).open()).length);
}
