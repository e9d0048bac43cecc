/** SQL of what is sent again because the region lacks days. */
export const catchUpSql = {
  covering: `select id, source, digest, outcome, path, moved_to as movedTo, bytes
             from exports
             where facility = ? and feed = ? and part = ? and state = 'read' and window_from <= ? and window_to >= ?
               and outcome in ('unknown', 'held', 'processed', 'forwarded', 'acknowledged', 'refused')
             order by id desc limit ?`,
  tries: `select facility, feed, part, day, source, digest, asked_at as askedAt from catch_ups`,
  tried: `insert or replace into catch_ups (facility, feed, part, day, source, digest, asked_at)
          values (?, ?, ?, ?, ?, ?, ?)`,
  forget: `delete from catch_ups where facility = ? and feed = ? and part = ? and day = ?`,
} as const;
