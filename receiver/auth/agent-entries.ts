import type { AuditEntry } from '../audit/audit-log.ts';
import type { AgentRow } from '../store/store.ts';

/** What the audit log says of agents let in and shut out, wherever it was done. */
export function invitationEntry({ id, name, facilities }: AgentRow): AuditEntry {
  return {
    action: 'agent.invite',
    subject: id,
    ...oneFacility(facilities),
    facts: { name, facilities: facilities.join(' ') },
  };
}

export function approvalEntry({ id, name, facilities }: AgentRow): AuditEntry {
  return { action: 'agent.approve', subject: id, ...oneFacility(facilities), facts: { name } };
}

export function revocationEntry({ id, name, facilities }: AgentRow, reason: string | undefined): AuditEntry {
  return {
    ...{ action: 'agent.revoke', subject: id },
    ...oneFacility(facilities),
    ...(reason === undefined ? {} : { reason }),
    facts: { name, facilities: facilities.join(' ') },
  };
}

/** The log is read by facility: an agent of several stands under the first. */
function oneFacility([facility]: readonly string[]): Pick<AuditEntry, 'facility'> {
  return facility === undefined ? {} : { facility };
}
