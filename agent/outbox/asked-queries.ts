const columns = 'request, at, facility, feed, sent, absent, exports';

/** SQL of days that a person of the region asked for. */
export const askedSql = {
  known: 'select 1 from asked_days where request = ?',
  put: `insert into asked_days (request, at, facility, feed, sent, absent, exports, told)
        values (?, ?, ?, ?, ?, ?, ?, 0)`,
  untold: `select ${columns} from asked_days where told = 0 order by at limit ?`,
  told: 'update asked_days set told = 1 where request = ?',
  tellAgain: 'update asked_days set told = 0 where request = ? and told = 1',
  latest: `select ${columns} from asked_days order by at desc limit 1`,
  forget: 'delete from asked_days where at < ?',
} as const;
