/** What a support bundle asks of agent.db. Read once, on request: whole tables may be counted. */
export const bundleSql = {
  tables: `select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
  lastExports: `select id, source, name, moved_to is not null as moved, bytes, feed, facility, part, mapping, state, outcome, hold, records,
                  accepted, rejected, window_from as windowFrom, window_to as windowTo, trusted, error_code as errorCode,
                  error_facts as errorFacts, findings_total as findingsTotal, receiver_findings_total as receiverFindingsTotal,
                  added, updated, removed, unchanged, stale, suspended, slices, resend, original, read_at as readAt,
                  settled_at as settledAt
                from exports order by id desc limit ?`,
  names: `select distinct name from exports order by id desc limit 20000`,
  errorCodes: `select error_code as code, count(*) as n from exports where error_code is not null group by error_code order by n desc`,
  outcomes: `select state, outcome, count(*) as n from exports group by state, outcome order by n desc`,
  findings: `select listed from findings where export in (select id from exports order by id desc limit ?)`,
} as const;

/** Names of tables come from the schema itself; no other is put into a statement. */
export function isTableName(name: string): boolean {
  return /^[a-z_]+$/.test(name);
}

export function countOf(table: string): string {
  return `select count(*) as n from "${table}"`;
}
