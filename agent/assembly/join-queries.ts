/** The SQL of halves that wait for each other. A row without a key has an empty one and meets nothing. */
export const joinSql = {
  open: `insert into join_reads (export, source, mapping, side, columns, read_at) values (?, ?, ?, ?, ?, ?)`,
  put: `insert into join_rows (read, record, line, key, sealed) values (?, ?, ?, ?, ?)`,
  page: `select record, line, key, sealed from join_rows where read = ? and record > ? order by record limit 500`,
  /** Two are enough to know that there are several. */
  ofKey: `select record from join_rows where key = ? and key <> x'' and read = ? limit 2`,
  others: `select r.read, r.record, r.sealed, g.columns from join_rows r join join_reads g on g.n = r.read
           where r.key = ? and r.key <> x'' and g.whole = 1 order by r.read desc limit 2`,
  show: `update join_reads set whole = 1 where n = ?`,
  dropReplaced: `delete from join_rows where (read, record) in
                   (select o.read, o.record from join_rows r cross join join_rows o on o.key = r.key and o.key <> x'' and o.read < r.read
                    where r.read = ?)`,
  dropKeyless: `delete from join_rows where read = ? and key = x''`,
  drop: `delete from join_reads where n = ? and whole = 0`,
  dropOpen: `delete from join_reads where whole = 0`,
  oldest: `select n from join_reads where read_at < ? order by read_at limit 1`,
  forget: `delete from join_reads where n = ?`,
} as const;
