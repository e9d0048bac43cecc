import type { ProposalRow, ProposalTable } from './proposal-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

const columns = `
  id, kind, subject, origin, decision, target, facility, count, print, reason, proposer_kind as proposerKind,
  proposer_id as proposerId, proposer_name as proposerName, proposed_at as proposedAt, expires_at as expiresAt, state,
  decider_name as deciderName, decided_at as decidedAt`;

export const proposalSql = {
  put: sql(`
    insert into proposal (id, kind, subject, origin, decision, target, facility, count, print, reason, proposer_kind,
                          proposer_id, proposer_name, proposed_at, expires_at, state, decider_name, decided_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  get: sql<ProposalRow>(`select ${columns} from proposal where id = ?`),
  close: sql(`
    update proposal
       set state = ?, decider_name = ?, decided_at = ?
     where id = ? and state = 'open'`),
  expire: sql<ProposalRow>(`
    update proposal
       set state = 'expired', decided_at = @now
     where state = 'open' and expires_at <= @now
 returning ${columns}`),
  open: sql<ProposalRow>(`
    select ${columns} from proposal where state = 'open' order by facility, proposed_at limit ?`),
  ofSubject: sql<ProposalRow>(`
    select ${columns} from proposal where subject = ? order by proposed_at desc limit ?`),
  removedAlone: sql<{ removed: number }>('select removed from removed_alone where export = ?'),
  addRemovedAlone: sql(`
    insert into removed_alone (export, removed) values (?, ?)
        on conflict do update set removed = removed + excluded.removed`),
} as const;

export function createProposalTable({ all, get, run }: Statements): ProposalTable {
  return {
    put: async (row) => {
      run(
        proposalSql.put,
        ...[row.id, row.kind, row.subject, row.origin, row.decision, row.target, row.facility, row.count],
        ...[row.print, row.reason, row.proposerKind, row.proposerId, row.proposerName, row.proposedAt],
        ...[row.expiresAt, row.state, row.deciderName, row.decidedAt],
      );
    },
    get: async (id) => get(proposalSql.get, id),
    close: async (id, state, { name, at }) => run(proposalSql.close, state, name, at, id) === 1,
    expire: async (now) => all(proposalSql.expire, { now }),
    open: async (limit) => all(proposalSql.open, limit),
    ofSubject: async (subject, limit) => all(proposalSql.ofSubject, subject, limit),
    removedAlone: async (exportId) => get(proposalSql.removedAlone, exportId)?.removed ?? 0,
    addRemovedAlone: async (exportId, removed) => {
      run(proposalSql.addRemovedAlone, exportId, removed);
    },
  };
}
