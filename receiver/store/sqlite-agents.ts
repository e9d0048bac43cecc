import type { AgentReject, AgentRow, AgentTable, CertificateRow, Invitation, SecondPerson } from './store.ts';
import { sql, type Statements } from './sqlite-statements.ts';

type StoredInvitation = Omit<Invitation, 'second'> &
  (SecondPerson | { readonly invitedBy: null; readonly asked: null; readonly approved: null });
type StoredAgent = Omit<AgentRow, 'facilities'> & { readonly facilities: string };

const agentColumns = 'id, name, status, facilities, created_at as createdAt';
const certificateColumns = 'fingerprint, agent, use, pem, not_after as notAfter, revoked_at as revokedAt';

export const agentSql = {
  put: sql(`
    insert into agent (id, name, status, facilities, created_at, changed_at)
    values (?, ?, ?, ?, ?, ?)
        on conflict do update
       set name = excluded.name, status = excluded.status, facilities = excluded.facilities`),
  get: sql<StoredAgent>(`select ${agentColumns} from agent where id = ?`),
  list: sql<StoredAgent>(`select ${agentColumns} from agent order by name, id`),
  setStatus: sql('update agent set status = ?, changed_at = ? where id = ?'),
  putCertificate: sql(`
    insert into certificate (fingerprint, agent, use, pem, not_after, revoked_at)
    values (?, ?, ?, ?, ?, ?)
        on conflict do update set not_after = excluded.not_after, revoked_at = excluded.revoked_at`),
  certificate: sql<CertificateRow>(`select ${certificateColumns} from certificate where fingerprint = ?`),
  certificatesOf: sql<CertificateRow>(
    `select ${certificateColumns} from certificate where agent = ? order by not_after, fingerprint`,
  ),
  revoke: sql('update certificate set revoked_at = ? where agent = ? and revoked_at is null'),
  putInvitation: sql(
    `insert or replace into invitation
       (agent, token_key, expires_at, tries_left, invited_by, asked, approved)
     values (?, ?, ?, ?, ?, ?, ?)`,
  ),
  invitation: sql<StoredInvitation>(`
    select agent, token_key as tokenKey, expires_at as expiresAt, tries_left as triesLeft,
           invited_by as invitedBy, asked, approved
      from invitation
     where agent = ?`),
  endTries: sql('delete from invitation where agent = ? and tries_left = 1'),
  spendTry: sql('update invitation set tries_left = tries_left - 1 where agent = ?'),
  deleteInvitation: sql('delete from invitation where agent = ?'),
  putHeartbeat: sql('insert or replace into heartbeat (agent, at, body) values (?, ?, ?)'),
  heartbeat: sql<{ at: number; body: string }>('select at, body from heartbeat where agent = ?'),
  putReject: sql(`
    insert into rejected_export (agent, export, source, digest, code, line, record, at)
    values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict do nothing`),
  rejects: sql<AgentReject & { agent: string }>(`
    select agent, export, source, digest, code, line, record, at
      from rejected_export
     order by id desc
     limit ?`),
} as const;

export function createAgentTable({ all, get, run }: Statements): AgentTable {
  return {
    put: async ({ id, name, status, facilities, createdAt }) => {
      run(agentSql.put, id, name, status, JSON.stringify(facilities), createdAt, createdAt);
    },
    get: async (id) => {
      const row = get(agentSql.get, id);
      return row === undefined ? undefined : readAgent(row);
    },
    list: async () => all(agentSql.list).map(readAgent),
    setStatus: async (id, status, at) => {
      run(agentSql.setStatus, status, at, id);
    },
    putCertificate: async ({ fingerprint, agent, use, pem, notAfter, revokedAt }) => {
      run(agentSql.putCertificate, fingerprint, agent, use, pem, notAfter, revokedAt);
    },
    certificate: async (fingerprint) => get(agentSql.certificate, fingerprint),
    certificatesOf: async (agent) => all(agentSql.certificatesOf, agent),
    revokeCertificates: async (agent, at) => {
      run(agentSql.revoke, at, agent);
    },
    putInvitation: async ({ agent, tokenKey, expiresAt, triesLeft, second }) => {
      const { invitedBy = null, asked = null, approved = null } = second ?? {};
      run(agentSql.putInvitation, agent, tokenKey, expiresAt, triesLeft, invitedBy, asked, approved);
    },
    invitation: async (agent) => {
      const row = get(agentSql.invitation, agent);
      if (row === undefined) return undefined;
      const { invitedBy, asked, approved, ...invitation } = row;
      return invitedBy === null ? invitation : { ...invitation, second: { invitedBy, asked, approved } };
    },
    spendTry: async (agent) => {
      if (run(agentSql.endTries, agent) === 0) run(agentSql.spendTry, agent);
    },
    deleteInvitation: async (agent) => {
      run(agentSql.deleteInvitation, agent);
    },
    putHeartbeat: async (agent, at, body) => {
      run(agentSql.putHeartbeat, agent, at, body);
    },
    heartbeat: async (agent) => get(agentSql.heartbeat, agent),
    putRejectedExport: async (agent, row) => {
      run(
        agentSql.putReject,
        agent,
        row.export,
        row.source,
        row.digest,
        row.code,
        row.line,
        row.record,
        row.at,
      );
    },
    rejectedExports: async (limit) => all(agentSql.rejects, limit),
  };
}

function readAgent(row: StoredAgent): AgentRow {
  return { ...row, facilities: JSON.parse(row.facilities) as string[] };
}
