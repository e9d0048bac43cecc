import type { Day } from '../../shared/runtime/paris-time.ts';
import type {
  DestinationRow,
  DestinationRun,
  DestinationTable,
  FacilityNotice,
  FacilityNoticeTable,
  KeyApproval,
  ManifestRow,
  ManifestTable,
} from './destination-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const destinationColumns = `
  name, breaker, failures, next_attempt_at as nextAttemptAt, code, since, paused_by as pausedBy, paused_at as pausedAt,
  paused_until as pausedUntil, pause_reason as pauseReason`;
const manifestColumns = 'destination, serial, day, issued_at as issuedAt, digest, jws';

export const destinationSql = {
  get: sql<DestinationRow>(`select ${destinationColumns} from destination where name = ?`),
  list: sql<DestinationRow>(`select ${destinationColumns} from destination order by name`),
  put: sql(`
    insert into destination (name, breaker, failures, next_attempt_at, code, since, paused_by, paused_at,
                             paused_until, pause_reason)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict do update
       set breaker = excluded.breaker, failures = excluded.failures, next_attempt_at = excluded.next_attempt_at,
           code = excluded.code, since = excluded.since, paused_by = excluded.paused_by,
           paused_at = excluded.paused_at, paused_until = excluded.paused_until, pause_reason = excluded.pause_reason`),
  approve: sql(`insert into destination_key (destination, fingerprint, person, at) values (?, ?, ?, ?)
                    on conflict do nothing`),
  approvals: sql<KeyApproval>(
    'select fingerprint, person, at from destination_key where destination = ? order by at, person',
  ),
  putRun: sql(
    `insert into destination_run (destination, due_at, ran_at, facilities, files) values (?, ?, ?, ?, ?)`,
  ),
  lastRun: sql<DestinationRun>(`
    select destination, due_at as dueAt, ran_at as ranAt, facilities, files
      from destination_run
     where destination = ? and due_at <= ?
     order by due_at desc
     limit 1`),
  addNotice: sql<{ id: number }>(`
    insert into facility_notice (facility, kind, from_day, to_day, reason, person, at)
    values (?, ?, ?, ?, ?, ?, ?)
 returning id`),
  endNotice: sql('delete from facility_notice where id = ?'),
  notices: sql<FacilityNotice>(`
    select id, facility, kind, from_day as "from", to_day as "to", reason, person, at
      from facility_notice
     where to_day >= ? and from_day <= ?
     order by facility, id`),
  putManifest: sql<{ serial: number }>(`
    insert into manifest (destination, serial, day, issued_at, digest, jws)
    values (?, (select coalesce(max(serial), 0) + 1 from manifest where destination = ?), ?, ?, ?, ?)
 returning serial`),
  latestManifest: sql<ManifestRow>(`
    select ${manifestColumns} from manifest indexed by manifest_day
     where destination = ? and day = ?
     order by serial desc limit 1`),
  purgeReplaced: sql(`
    delete from manifest
     where destination = ? and issued_at < ?
       and serial < (select max(serial)
                       from manifest as later
                      where later.destination = manifest.destination and later.day = manifest.day)`),
  // One step in the index each: the manifests between are passed over.
  manifestDestinations: sql<{ destination: string }>(`
    with recursive each(destination) as (
      select min(destination) from manifest
       union all
      select (select min(destination) from manifest where destination > each.destination)
        from each where each.destination is not null
    )
    select destination from each where destination is not null limit 1000`),
  lastSerial: sql<{ serial: number | null }>(
    'select max(serial) as serial from manifest where destination = ?',
  ),
  delivered: sql<{ serial: number }>('select serial from manifest_delivery where destination = ?'),
  setDelivered: sql(`
    insert into manifest_delivery (destination, serial, delivered_at)
    values (?, ?, ?)
        on conflict do update set serial = excluded.serial, delivered_at = excluded.delivered_at`),
  manifests: sql<ManifestRow>(`
    select ${manifestColumns} from manifest where destination = ? and serial > ? order by serial limit ?`),
} as const;

export function createDestinationTable({ all, get, run }: Statements): DestinationTable {
  return {
    get: async (name) => get(destinationSql.get, name),
    list: async () => all(destinationSql.list),
    put: async ({ name, breaker, failures, nextAttemptAt, code, since, pausedBy, pausedAt, ...pause }) => {
      const ends = pausedBy === null ? [null, null] : [pause.pausedUntil ?? null, pause.pauseReason ?? null];
      run(
        ...([destinationSql.put, name, breaker, failures, nextAttemptAt, code, since] as const),
        ...[pausedBy, pausedAt, ...ends],
      );
    },
    approveKey: async (destination, { fingerprint, person, at }) => {
      run(destinationSql.approve, destination, fingerprint, person, at);
    },
    approvals: async (destination) => all(destinationSql.approvals, destination),
    putRun: async ({ destination, dueAt, ranAt, facilities, files }) => {
      run(destinationSql.putRun, destination, dueAt, ranAt, facilities, files);
    },
    lastRun: async (destination, upTo = Number.MAX_SAFE_INTEGER) =>
      get(destinationSql.lastRun, destination, upTo),
  };
}

export function createFacilityNoticeTable({ all, get, run }: Statements): FacilityNoticeTable {
  return {
    add: async ({ facility, kind, from, to, reason, person, at }) =>
      get(destinationSql.addNotice, facility, kind, from, to, reason, person, at)?.id ?? 0,
    end: async (id) => run(destinationSql.endNotice, id) === 1,
    during: async (from, to) => all(destinationSql.notices, from, to),
  };
}

export function createManifestTable({ all, get, run }: Statements): ManifestTable {
  return {
    put: async ({ destination, day, issuedAt, digest, jws }) =>
      get(destinationSql.putManifest, destination, destination, day, issuedAt, digest, jws)?.serial ?? 0,
    latest: async (destination, day: Day) => get(destinationSql.latestManifest, destination, day),
    list: async (destination, after, limit) => all(destinationSql.manifests, destination, after, limit),
    destinations: async () => all(destinationSql.manifestDestinations).map(({ destination }) => destination),
    purgeReplaced: async (destination, before) => run(destinationSql.purgeReplaced, destination, before),
    lastSerial: async (destination) => get(destinationSql.lastSerial, destination)?.serial ?? 0,
    delivered: async (destination) => get(destinationSql.delivered, destination)?.serial ?? 0,
    setDelivered: async (destination, serial, at) => {
      run(destinationSql.setDelivered, destination, serial, at);
    },
  };
}
