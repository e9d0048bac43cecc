/** The SQL of halves that wait for each other. A row without a key has an empty one and meets nothing. */
export const joinSql = {
  open: `insert into join_reads (export, source, mapping, side, columns, read_at) values (?, ?, ?, ?, ?, ?)`,
  put: `insert into join_rows (source, mapping, side, key, read, record, line, sealed) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  page: `select record, line, key, sealed from join_rows where read = ? and record > ? order by record limit 500`,
  /** Two are enough to know that there are several. */
  ofKey: `select record from join_rows where source = ? and mapping = ? and side = ? and key = ? and read = ? limit 2`,
  others: `select r.read, r.record, r.sealed, g.columns from join_rows r join join_reads g on g.n = r.read
           where r.source = ? and r.mapping = ? and r.side = ? and r.key = ? and g.whole = 1
           order by r.read desc, r.record limit 2`,
  show: `update join_reads set whole = 1 where n = ?`,
  dropReplaced: `delete from join_rows where source = ? and mapping = ? and side = ? and read < ?
                 and key in (select key from join_rows where read = ? and key <> x'')`,
  dropKeyless: `delete from join_rows where source = ? and mapping = ? and side = ? and key = x'' and read = ?`,
  drop: `delete from join_reads where n = ? and whole = 0`,
  dropOpen: `delete from join_reads where whole = 0`,
  oldest: `select n from join_reads where read_at < ? order by read_at limit 1`,
  forget: `delete from join_reads where n = ?`,
} as const;
