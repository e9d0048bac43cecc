/** SQL of the repair: of any table, and of the ledger that is put together again. */

/** "a", "b" */
function listed(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

export const anyTable = {
  tables: `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
  triggers: `select name, sql from sqlite_master where type = 'trigger' order by name`,
  dropTrigger: (name: string) => `drop trigger "${name}"`,
  isWithoutRowid: `select wr from pragma_table_list where schema = 'main' and name = ?`,
  columns: `select name, pk from pragma_table_info(?) order by cid`,
  insert: (table: string, columns: readonly string[]) =>
    `insert or ignore into "${table}" (${listed(columns)}) values (${columns.map(() => '?').join(', ')})`,
  scanKey: (table: string, columns: readonly string[], key: readonly string[], order: 'asc' | 'desc') =>
    `select ${listed(columns)} from "${table}" order by ${key.map((column) => `"${column}" ${order}`).join(', ')}`,
  scanRowid: (table: string, columns: readonly string[], order: 'asc' | 'desc') =>
    `select rowid as "rowid:", ${listed(columns)} from "${table}" not indexed order by rowid ${order}`,
  seekRowid: (table: string, columns: readonly string[]) =>
    `select rowid as "rowid:", ${listed(columns)} from "${table}" not indexed where rowid = ?`,
  first: (table: string) => `select 1 from "${table}" limit 1`,
} as const;

export const repairSql = {
  begin: 'begin immediate',
  commit: 'commit',
  /** Stored receipts that hold, by the place they prove. */
  makeProven: `create temp table proven (feed text, epoch integer, seq integer, envelope text, digest text, text text, jws text,
                 at integer, primary key (feed, epoch, seq)) without rowid`,
  dropProven: `drop table temp.proven`,
  /** What came before an enrolment, or before a new epoch, need not be here. */
  unknownPlaces: `select 1 from temp.proven p
                  left join ledgers l on l.feed = p.feed
                  left join epochs s on s.feed = p.feed and s.epoch = p.epoch
                  where not exists
                    (select 1 from envelopes e where e.feed = p.feed and e.epoch = p.epoch and e.seq = p.seq and e.digest = p.digest)
                  and (l.epoch is null or p.epoch > l.epoch or (p.epoch = l.epoch and p.seq >= s.first)) limit 1`,
  getMeta: `select value from meta where key = ?`,
  dropMeta: `delete from meta where key = ?`,
  putProven: `insert or replace into temp.proven (feed, epoch, seq, envelope, digest, text, jws, at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  provenAt: `select envelope, digest, text, jws, at from temp.proven where feed = ? and epoch = ? and seq = ?`,
  proofPage: `select id, digest, jws from proofs where id > ? order by id limit 200`,
  dropProof: `delete from proofs where id = ?`,
  storedReceipts: `select r.envelope as id, r.text, p.jws from stored_receipts r join proofs p on p.id = r.proof`,
  clearStored: `delete from stored_receipts`,
  receiptPage: `select r.cursor, r.export, r.kind, r.text, p.jws from receipts r left join proofs p on p.id = r.proof
                where r.cursor > ? order by r.cursor limit 200`,
  dropReceipt: `delete from receipts where cursor = ?`,
  dropUnsettledReceipts: `delete from receipts where export is not null and not exists
                            (select 1 from exports x where x.id = receipts.export and x.outcome <> 'unknown')`,
  dropUnusedProofs: `delete from proofs where id not in (select proof from receipts union select proof from stored_receipts)`,
  forgetCursor: `delete from meta where key = 'receipt-cursor'`,
  putMeta: `insert into meta (key, value) values (?, ?) on conflict do nothing`,

  envelopePage: `select n, id, export, feed, epoch, seq, prev, digest, state, code, purged from envelopes where n > ? order by n limit 50`,
  content: `select content from envelope_blobs where n = ?`,
  dropEnvelope: `delete from envelopes where n = ?`,
  dropContent: `delete from envelope_blobs where n = ?`,
  dropOrphanContents: `delete from envelope_blobs where n not in (select n from envelopes)`,
  markPurged: `update envelopes set purged = 1 where n = ?`,
  sendAgain: `update envelopes set state = 'pending', accepted_at = null, purged = 0, attempts = 0, next_attempt_at = 0 where n = ?`,

  feeds: `select feed from envelopes union select feed from temp.proven union select feed from epochs union select feed from ledgers`,
  epochsOf: `select epoch from envelopes where feed = ? union select epoch from temp.proven where feed = ?
             union select epoch from epochs where feed = ? order by epoch`,
  epoch: `select prev, first from epochs where feed = ? and epoch = ?`,
  putEpoch: `insert into epochs (feed, epoch, prev, first) values (?, ?, ?, ?)
             on conflict do update set prev = excluded.prev, first = excluded.first`,
  dropEpoch: `delete from epochs where feed = ? and epoch = ?`,
  places: `select seq from envelopes where feed = ? and epoch = ? and seq > ? union
           select seq from temp.proven where feed = ? and epoch = ? and seq > ? order by seq limit 500`,
  envelopeAt: `select n, prev, digest, state, purged from envelopes where feed = ? and epoch = ? and seq = ?`,
  setPrev: `update envelopes set prev = ? where n = ?`,
  putPlace: `insert into envelopes (id, export, slice, feed, epoch, seq, prev, digest, state, bytes, records, first_record, last_record,
               created_at, accepted_at, code, tombstone, purged)
             values (?, ?, 0, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?, ?, 1)`,
  putStored: `insert or replace into stored_receipts (envelope, text, proof) values (?, ?, ?)`,
  acceptedAt: `select id from envelopes where feed = ? and epoch = ? and seq = ? and state = 'accepted'`,
  /** Places of an epoch that no envelope fills, and a tail that its ledger does not name. */
  ledgerHoles: `select max(e.seq) - min(s.first) + 1 - count(*) +
                  (l.epoch = e.epoch and l.seq <> max(e.seq)) as holes
                from envelopes e join epochs s on s.feed = e.feed and s.epoch = e.epoch
                join ledgers l on l.feed = e.feed where e.state <> 'staged' group by e.feed, e.epoch`,
  ledger: `select epoch, seq, digest from ledgers where feed = ?`,
  setLedger: `insert into ledgers (feed, epoch, seq, digest) values (?, ?, ?, ?)
              on conflict do update set epoch = excluded.epoch, seq = excluded.seq, digest = excluded.digest,
                receiver_seq = 0, receiver_digest = null`,

  putExport: `insert into exports (id, source, name, path, moved_to, digest, bytes, feed, state, outcome, slices, read_at)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'unknown', ?, ?)`,
  exportsWithoutRow: `select e.export as id, e.feed, max(e.slice) as slices, min(e.created_at) as at,
                        max(e.state in ('pending', 'sending')) as waiting
                      from envelopes e where not exists (select 1 from exports x where x.id = e.export) group by e.export`,
  /** Unsettled exports of which an envelope is neither accepted nor here to be sent. */
  incomplete: `select x.id, x.source, x.path, x.moved_to as movedTo, x.digest from exports x
               where x.state = 'read' and x.outcome = 'unknown' and x.slices > 0 and x.digest is not null and x.slices >
                 (select count(*) from envelopes e where e.export = x.id and e.state in ('accepted', 'pending', 'sending'))`,
  dropOrphanFindings: `delete from findings where export not in (select id from exports)`,
  dropOrphanJoinRows: `delete from join_rows where read not in (select n from join_reads)`,
  dropOrphanEvents: `delete from adt_events where visit not in (select n from adt_visits)`,
  dropOrphanPatientVisits: `delete from adt_patient_visits where visit not in (select n from adt_visits)`,
  sealedRows: `select (select count(*) from join_rows) + (select count(*) from adt_events) + (select count(*) from adt_patients) as n`,
  rereadJoined: `insert or ignore into rereads (export, resend, asked_at)
                 select j.export, 1, ? from join_reads j join exports x on x.id = j.export and x.state = 'read'`,
  dropJoinReads: `delete from join_reads`,
  dropJoinRows: `delete from join_rows`,
  dropVisits: `delete from adt_visits`,
  dropEvents: `delete from adt_events`,
  dropPatientVisits: `delete from adt_patient_visits`,
  dropPatients: `delete from adt_patients`,
  dropMerges: `delete from adt_merges`,
  dropRefused: `delete from adt_refused`,
  dropOrphanSeen: `delete from seen_files where export not in (select id from exports)`,
  putReread: `insert or ignore into rereads (export, resend, asked_at) values (?, 0, ?)`,
  knownPaths: `select path, moved_to as movedTo from exports where source = ?`,
  sameContent: `select id, moved_to as movedTo from exports where source = ? and digest = ? and state = 'read' order by id desc limit 1`,
  setMoved: `update exports set moved_to = ? where id = ?`,
  clearBacklog: `delete from backlog`,
  countBacklog: `insert into backlog (feed, state, n, bytes) select feed, state, count(*), sum(bytes) from envelopes group by feed, state`,
} as const;
