/** The SQL of the outbox. Each hot query's index is named beside it in schema.ts; a test asks the planner. */

export const exportColumns = `id, source, name, path, moved_to as movedTo, digest, bytes, feed, facility, part, mapping, state, outcome, hold,
  records, accepted, rejected, window_from as windowFrom, window_to as windowTo, trusted, error_code as errorCode,
  error_facts as errorFacts, findings_total as findingsTotal, receiver_findings_total as receiverFindingsTotal,
  added, updated, removed, unchanged, stale, suspended, slices, resend, original, read_at as readAt, settled_at as settledAt`;

export const envelopeColumns = `n, id, export, slice, feed, epoch, seq, prev, digest, state, attempts, bytes, records,
  first_record as firstRecord, last_record as lastRecord, created_at as createdAt, accepted_at as acceptedAt, code`;

export const envelopeSql = {
  insert: `insert into envelopes (id, export, slice, feed, epoch, seq, prev, digest, state, bytes, records, first_record, last_record, created_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  insertContent: `insert into envelope_blobs (n, content) values (?, ?)`,
  publish: `update envelopes set state = 'pending' where export = ? and state = 'staged'`,
  dropStaged: `delete from envelopes where export = ? and state = 'staged'`,
  claimOldest: `select ${envelopeColumns} from envelopes where state = 'pending' and next_attempt_at <= ?
                order by next_attempt_at, n limit ?`,
  claimNewest: `select ${envelopeColumns} from envelopes where state = 'pending' and next_attempt_at <= ?
                order by next_attempt_at desc, n desc limit ?`,
  nextDue: `select next_attempt_at as at from envelopes where state = 'pending' order by next_attempt_at, n limit 1`,
  send: `update envelopes set state = 'sending', attempts = attempts + 1 where n = ? and state = 'pending'`,
  content: `select content from envelope_blobs where n = ?`,
  accept: `update envelopes set state = 'accepted', accepted_at = ?, code = null where n = ? and state = 'sending'`,
  retry: `update envelopes set state = 'pending', next_attempt_at = ?, code = ? where n = ? and state = 'sending'`,
  kill: `update envelopes set state = 'dead', code = ?, tombstone = 'due' where n = ? and state = 'sending'`,
  release: `update envelopes set state = 'pending' where state = 'sending'`,
  byId: `select ${envelopeColumns} from envelopes where id = ?`,
  ofExport: `select ${envelopeColumns} from envelopes where export = ? order by slice`,
  tombstones: `select ${envelopeColumns} from envelopes where tombstone = 'due' order by n limit ?`,
  tombstoneSent: `update envelopes set tombstone = 'sent' where n = ? and tombstone = 'due'`,
  purgeable: `select n from envelopes where state = 'accepted' and purged = 0 and accepted_at < ? order by accepted_at limit ?`,
  purgeContent: `delete from envelope_blobs where n = ?`,
  markPurged: `update envelopes set purged = 1 where n = ?`,
  ledgerPage: `select ${envelopeColumns} from envelopes where feed = ? and epoch = ? and seq > ? order by seq limit ?`,
  unsentExports: `select distinct export from envelopes where feed = ? and epoch = ? and state in ('pending', 'sending')`,
  overtaken: `select n from envelopes where feed = ? and epoch = ? and state = 'pending'
                and seq < (select max(seq) from envelopes where feed = ? and epoch = ? and state = 'accepted')`,
  dropUnsent: `delete from envelopes where export = ? and state in ('pending', 'sending')`,
  sendAgain: `update envelopes set state = 'pending', accepted_at = null, attempts = 0, next_attempt_at = 0
              where feed = ? and epoch = ? and seq > ? and state = 'accepted' and purged = 0`,
  buryAgain: `update envelopes set tombstone = 'due', code = coalesce(code, 'envelope-purged')
              where feed = ? and epoch = ? and seq > ? and (state = 'dead' or (state = 'accepted' and purged = 1))`,
  purgedExports: `select distinct export from envelopes where feed = ? and epoch = ? and seq > ? and state = 'accepted' and purged = 1`,
  laterExports: `select distinct e.export from envelopes e join exports x on x.id = e.export and x.state = 'read'
                 where e.feed = ? and (e.epoch > ? or (e.epoch = ? and e.seq > ?)) and e.state = 'accepted'`,
  isPurged: `select purged from envelopes where n = ?`,
  unknownEpochs: `select distinct e.feed, e.epoch from envelopes e
                  where not exists (select 1 from epochs p where p.feed = e.feed and p.epoch = e.epoch)`,
  receiptsWithoutEnvelope: `select count(*) as n from stored_receipts r where not exists (select 1 from envelopes e where e.id = r.envelope)`,
  dropUnsentReceipts: `delete from stored_receipts where envelope in
                         (select id from envelopes where export = ? and state in ('pending', 'sending'))`,
  oldestPending: `select created_at as at from envelopes where state = 'pending' order by next_attempt_at, n limit 1`,
  storedReceipt: `select r.text, p.jws from stored_receipts r join proofs p on p.id = r.proof where r.envelope = ?`,
  putStoredReceipt: `insert into stored_receipts (envelope, text, proof) values (?, ?, ?) on conflict do nothing`,
  findProof: `select id from proofs where digest = ?`,
  putProof: `insert into proofs (digest, jws) values (?, ?)`,
  lastProblem: `select code, attempts from envelopes where state = 'pending' order by next_attempt_at desc, n limit 1`,
  unsent: `select coalesce(sum(n), 0) as n from backlog where state in ('staged', 'pending', 'sending')`,
  backlog: `select feed, state, n, bytes from backlog where n > 0 order by feed, state`,
} as const;

export const ledgerSql = {
  tail: `select epoch, seq, digest from ledgers where feed = ?`,
  all: `select feed, epoch, seq, digest, receiver_seq as receiverSeq, receiver_digest as receiverDigest from ledgers order by feed`,
  put: `insert into ledgers (feed, epoch, seq, digest) values (?, ?, ?, ?)
        on conflict do update set epoch = excluded.epoch, seq = excluded.seq, digest = excluded.digest`,
  putReceiver: `update ledgers set receiver_seq = ?, receiver_digest = ? where feed = ? and epoch = ? and receiver_seq <= ?`,
  resetReceiver: `update ledgers set receiver_seq = ?, receiver_digest = ? where feed = ? and epoch = ?`,
  newEpoch: `insert into ledgers (feed, epoch, seq, digest) values (?, ?, 0, ?)
             on conflict do update set epoch = excluded.epoch, seq = 0, digest = excluded.digest, receiver_seq = 0, receiver_digest = null`,
  putEpoch: `insert into epochs (feed, epoch, prev, first) values (?, ?, ?, ?) on conflict do nothing`,
  epochs: `select feed, epoch, prev, first from epochs order by feed, epoch`,
} as const;

/** Positions from here on: dispatches that only a delivery has told of, composed later than the export was processed. */
export const toldFrom = 1_000_000;

const dispatchColumns = `d.dispatch as name, d.destination, d.day_from as "from", d.day_to as "to", v.kind as delivery, v.at, v.code,
  v.forwarded_at as forwardedAt`;

const refusalColumns = `v.dispatch as name, v.destination, v.facility, v.feed, v.day_from as "from", v.day_to as "to", v.code, v.at`;

/** No newer dispatch went to the same agency for the same days; of one batch, names tell the order: they carry the EXTRACT. */
const stillInForce = `not exists (
  select 1 from deliveries n
  where n.facility = v.facility and n.feed = v.feed and n.destination = v.destination
    and n.day_from <= v.day_from and n.day_to >= v.day_to
    and (coalesce(n.forwarded_at, n.at), n.dispatch) > (coalesce(v.forwarded_at, v.at), v.dispatch))`;

export const exportSql = {
  put: `insert into exports (id, source, name, path, digest, bytes, feed, facility, part, mapping, state, outcome, records, accepted,
          rejected, window_from, window_to, trusted, error_code, error_facts, findings_total, slices, resend, original, read_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do update set digest = excluded.digest, bytes = excluded.bytes, feed = excluded.feed,
          facility = excluded.facility, part = excluded.part, mapping = excluded.mapping, state = excluded.state,
          outcome = excluded.outcome, records = excluded.records, accepted = excluded.accepted, rejected = excluded.rejected,
          window_from = excluded.window_from, window_to = excluded.window_to, trusted = excluded.trusted,
          error_code = excluded.error_code, error_facts = excluded.error_facts, findings_total = excluded.findings_total,
          slices = excluded.slices, original = excluded.original`,
  startReading: `insert into exports (id, source, name, path, state, read_at) values (?, ?, ?, ?, 'reading', ?) on conflict do nothing`,
  reading: `select id from exports where state = 'reading'`,
  drop: `delete from exports where id = ? and state = 'reading'`,
  get: `select ${exportColumns} from exports where id = ?`,
  unsettled: `select ${exportColumns} from exports indexed by exports_unsettled where state = 'read' and outcome in ('unknown', 'processed')
                and (outcome = 'unknown' or slices > 0) order by id limit ?`,
  processedDigest: `select ${exportColumns} from exports
                    where source = ? and digest = ? and outcome in ('processed', 'forwarded', 'acknowledged')
                    order by id desc limit 1`,
  byName: `select ${exportColumns} from exports where name = ? order by id desc limit ?`,
  recent: `select ${exportColumns} from exports where state = 'read' order by id desc limit ?`,
  lastOfSource: `select ${exportColumns} from exports where source = ? order by id desc limit 1`,
  moved: `update exports set moved_to = ? where id = ?`,
  supersede: `update exports set state = 'superseded', original = ? where id = ?`,
  putFindings: `insert into findings (export, origin, listed) values (?, ?, ?) on conflict do update set listed = excluded.listed`,
  findings: `select origin, listed from findings where export = ? order by origin`,
  processed: `update exports set outcome = ?, hold = ?, trusted = ?, window_from = ?, window_to = ?, accepted = ?, rejected = ?,
                added = ?, updated = ?, removed = ?, unchanged = ?, stale = ?, suspended = ?, receiver_findings_total = ?, original = ?,
                settled_at = ? where id = ?`,
  reject: `update exports set outcome = 'rejected', error_code = ?, settled_at = ? where id = ? and outcome in ('unknown', 'held')`,
  decided: `update exports set removed = removed + ?, suspended = ?,
              outcome = case when ? > 0 then outcome else 'processed' end where id = ? and outcome = 'held'`,
  delivered: `update exports set outcome = ?, settled_at = ? where id = ? and outcome in ('processed', 'forwarded', 'acknowledged', 'refused')`,
  clearDispatches: `delete from export_dispatches where export = ? and position < ${toldFrom}`,
  putDispatch: `insert into export_dispatches (export, dispatch, destination, day_from, day_to, position) values (?, ?, ?, ?, ?, ?)
                on conflict do update set position = excluded.position`,
  tellDispatch: `insert into export_dispatches (export, dispatch, destination, day_from, day_to, position)
                 select e.id, ?, ?, ?, ?,
                        max(${toldFrom}, coalesce((select max(position) + 1 from export_dispatches where export = e.id), 0))
                 from exports e where e.id = ? and (e.window_from is null or (e.window_from <= ? and e.window_to >= ?))
                 on conflict do nothing`,
  dispatches: `select ${dispatchColumns}, d.position
               from export_dispatches d left join deliveries v on v.dispatch = d.dispatch and v.destination = d.destination
               where d.export = ? order by d.position`,
  dispatchesOfDay: `select * from (
                    select ${dispatchColumns}
                    from exports e join export_dispatches d on d.export = e.id
                    left join deliveries v on v.dispatch = d.dispatch and v.destination = d.destination
                    where e.facility = ? and e.feed = ? and d.day_from <= ? and d.day_to >= ?
                    union
                    select v.dispatch, v.destination, v.day_from, v.day_to, v.kind, v.at, v.code, v.forwarded_at
                    from deliveries v
                    where v.facility = ? and v.feed = ? and v.day_from <= ? and v.day_to >= ?)
                    order by delivery is null desc, coalesce(forwardedAt, at) desc, name desc`,
  refusals: `select ${refusalColumns} from deliveries v indexed by deliveries_refused
             where v.kind = 'refused' and v.at >= ? and ${stillInForce} order by v.at desc limit ?`,
  refusalsOfDay: `select ${refusalColumns} from deliveries v indexed by deliveries_refused
                  where v.kind = 'refused' and v.day_from <= ? and v.day_to >= ? and ${stillInForce} order by v.at desc limit ?`,
  exportsOfDispatch: `select export from export_dispatches where dispatch = ? and destination = ?`,
  // The agency's latest answer stands; that it was forwarded is never news after an answer.
  putDelivery: `insert into deliveries (dispatch, destination, kind, code, at, forwarded_at, facility, feed, day_from, day_to)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict do update set
                  kind = iif(excluded.kind = 'forwarded', kind, excluded.kind),
                  code = iif(excluded.kind = 'forwarded', code, excluded.code),
                  at = iif(excluded.kind = 'forwarded', at, excluded.at),
                  forwarded_at = coalesce(forwarded_at, excluded.forwarded_at), facility = coalesce(facility, excluded.facility),
                  feed = coalesce(feed, excluded.feed), day_from = coalesce(day_from, excluded.day_from),
                  day_to = coalesce(day_to, excluded.day_to)`,
  unproven: `select x.id from exports x where x.state = 'read' and x.slices > 0
               and x.outcome in ('processed', 'held', 'forwarded', 'acknowledged', 'refused')
               and not exists (select 1 from receipts r where r.export = x.id and r.kind = 'processed') order by x.id limit 100`,
  provenPage: `select r.cursor, r.export, r.kind, r.text, p.jws from receipts r join proofs p on p.id = r.proof
               where r.cursor > ? order by r.cursor limit ?`,
  deliveries: `select dispatch, destination, kind from deliveries`,
  putReceipt: `insert into receipts (cursor, export, kind, text, proof) values (?, ?, ?, ?, ?) on conflict do nothing`,
  receiptsOf: `select r.cursor, r.kind, r.text, p.jws from receipts r join proofs p on p.id = r.proof where r.export = ? order by r.cursor`,
} as const;

export const fileSql = {
  seen: `select size, mtime, inode, export, move from seen_files where source = ? and name = ?`,
  put: `insert into seen_files (source, name, size, mtime, inode, export, move) values (?, ?, ?, ?, ?, ?, ?)
        on conflict do update set size = excluded.size, mtime = excluded.mtime, inode = excluded.inode,
          export = excluded.export, move = excluded.move`,
  moves: `select s.source, s.name, s.size, s.mtime, s.inode, s.export, s.move from seen_files s indexed by seen_moves
          where s.source = ? and s.move is not null limit ?`,
  forget: `delete from seen_files where source = ? and name = ?`,
  kept: `update seen_files set move = null where source = ? and name = ?`,
  countExport: `insert into source_status (source, exports, records, last_export) values (?, 1, ?, ?)
                on conflict do update set exports = exports + 1, records = records + excluded.records, last_export = excluded.last_export,
                  problem = null, problem_at = null`,
  problem: `insert into source_status (source, problem, problem_facts, problem_at) values (?, ?, ?, ?)
            on conflict do update set problem = excluded.problem, problem_facts = excluded.problem_facts,
              problem_at = case when excluded.problem is problem then problem_at else excluded.problem_at end`,
  status: `select source, exports, records, last_export as lastExport, problem, problem_facts as problemFacts,
                  problem_at as problemAt from source_status where source = ?`,
  report: `insert into rejected_reports (export, source, digest, code, line, record, at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
  reports: `select export, source, digest, code, line, record, at from rejected_reports order by export limit ?`,
  reported: `delete from rejected_reports where export = ?`,
  putReread: `insert into rereads (export, resend, asked_at) values (?, ?, ?) on conflict do update set resend = max(resend, excluded.resend)`,
  rereads: `select export, resend from rereads order by export limit ?`,
  dropReread: `delete from rereads where export = ?`,
} as const;

export const metaSql = {
  get: `select value from meta where key = ?`,
  put: `insert into meta (key, value) values (?, ?) on conflict do update set value = excluded.value`,
  drop: `delete from meta where key = ?`,
} as const;
