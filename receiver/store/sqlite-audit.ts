import type {
  AuditCheck,
  AuditFilter,
  AuditHead,
  AuditLine,
  AuditSeal,
  AuditTables,
} from './audit-tables.ts';
import { createProposalTable } from './sqlite-proposals.ts';
import { sql, type Query, type Statements } from './sqlite-statements.ts';

const columns = `
  seq, at, actor_kind as actorKind, actor_id as actorId, actor_name as actorName, action, subject, facility, destination,
  reason, facts, prev, hash`;

/** The narrowest index first; what else is asked for is looked at line by line. */
function found(source: string, first: string): Query<AuditLine> {
  return sql<AuditLine>(`
    select ${columns}
      from ${source}
     where ${first} seq < @before
       and seq >= @from and seq <= @to
       and (@actor is null or actor_name = @actor)
       and (@action is null or action = @action)
       and (@facility is null or facility = @facility)
     order by seq desc
     limit @limit`);
}

/** Different values of an indexed column, each found by one step in the index. */
function distinct(column: string): Query<{ value: string }> {
  return sql<{ value: string }>(`
    with recursive each(value) as (
      select min(${column}) from audit
       union all
      select (select min(${column}) from audit where ${column} > each.value) from each where each.value is not null
    )
    select value from each where value is not null limit 200`);
}

export const auditSql = {
  append: sql(`
    insert into audit (seq, at, actor_kind, actor_id, actor_name, action, subject, facility, destination, reason, facts,
                       prev, hash)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  head: sql<AuditHead>('select seq, hash from audit order by seq desc limit 1'),
  line: sql<AuditLine>(`select ${columns} from audit where seq = ?`),
  walk: sql<AuditLine>(`select ${columns} from audit where seq > ? order by seq limit ?`),
  all: found('audit', ''),
  ofFacility: found('audit indexed by audit_facility', 'facility = @facility and facility is not null and'),
  ofActor: found('audit indexed by audit_actor', 'actor_name = @actor and'),
  ofAction: found('audit indexed by audit_action', 'action = @action and'),
  firstSince: sql<{ seq: number | null }>(
    'select min(seq) as seq from audit where at = (select min(at) from audit where at >= ?)',
  ),
  lastUntil: sql<{ seq: number | null }>(
    'select max(seq) as seq from audit where at = (select max(at) from audit where at < ?)',
  ),
  actors: distinct('actor_name'),
  actions: distinct('action'),
  putSeal: sql('insert into audit_seal (seq, hash, at, text, proof) values (?, ?, ?, ?, ?)'),
  seals: sql<AuditSeal>(
    'select seq, hash, at, text, proof from audit_seal where seq > ? order by seq limit ?',
  ),
  lastSeal: sql<AuditSeal>('select seq, hash, at, text, proof from audit_seal order by seq desc limit 1'),
  check: sql<AuditCheck>(`
    select cursor_seq as cursorSeq, cursor_hash as cursorHash, started_at as startedAt, verified_seq as verifiedSeq,
           verified_at as verifiedAt, fault_seq as faultSeq, fault
      from audit_check`),
  putCheck: sql(`
    insert or replace into audit_check
           (one, cursor_seq, cursor_hash, started_at, verified_seq, verified_at, fault_seq, fault)
    values (1, ?, ?, ?, ?, ?, ?, ?)`),
} as const;

export function createAuditTables(statements: Statements): AuditTables {
  const { all, get, run } = statements;
  const find = (filter: AuditFilter, before: number, limit: number): readonly AuditLine[] => {
    const { actor, action, facility, since, until } = filter;
    // The clock may have been set back: lines of the period lie between these two, and a few others may.
    const from = since === undefined ? 1 : get(auditSql.firstSince, since)?.seq;
    const to = until === undefined ? Number.MAX_SAFE_INTEGER : get(auditSql.lastUntil, until)?.seq;
    if (from == null || to == null) return [];
    const query =
      facility !== undefined
        ? auditSql.ofFacility
        : actor !== undefined
          ? auditSql.ofActor
          : action !== undefined
            ? auditSql.ofAction
            : auditSql.all;
    const asked = { actor: actor ?? null, action: action ?? null, facility: facility ?? null };
    return all(query, { ...asked, before, from, to, limit });
  };
  return {
    append: async (line) => {
      const { seq, at, actorKind, actorId, actorName, action, subject } = line;
      const { facility, destination, reason, facts, prev, hash } = line;
      run(
        auditSql.append,
        ...[seq, at, actorKind, actorId, actorName, action, subject],
        ...[facility, destination, reason, facts, prev, hash],
      );
    },
    head: async () => get(auditSql.head),
    line: async (seq) => get(auditSql.line, seq),
    walk: async (after, limit) => all(auditSql.walk, after, limit),
    find: async (filter, before, limit) => find(filter, before, limit),
    actors: async () => all(auditSql.actors).map(({ value }) => value),
    actions: async () => all(auditSql.actions).map(({ value }) => value),
    putSeal: async ({ seq, hash, at, text, proof }) => {
      run(auditSql.putSeal, seq, hash, at, text, proof);
    },
    seals: async (after, limit) => all(auditSql.seals, after, limit),
    lastSeal: async () => get(auditSql.lastSeal),
    check: async () => get(auditSql.check),
    putCheck: async ({ cursorSeq, cursorHash, startedAt, verifiedSeq, verifiedAt, faultSeq, fault }) => {
      run(auditSql.putCheck, cursorSeq, cursorHash, startedAt, verifiedSeq, verifiedAt, faultSeq, fault);
    },
    proposals: createProposalTable(statements),
  };
}
