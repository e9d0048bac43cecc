import { userInfo } from 'node:os';
import type { Clock } from '../../shared/runtime/clock.ts';
import { appendAudit, type AuditEntry } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { StoreTx } from '../store/store.ts';

/**
 * Who is at the command line, as far as the system knows: the account, and whoever took its rights. Little: everybody who
 * may use an account is that account, and the second name is only what the environment says.
 */
export function commandActor(environment: Readonly<Record<string, string | undefined>> = process.env): Actor {
  const account = accountName();
  const behind = environment['SUDO_USER'];
  const person = behind === undefined || behind === '' || behind === account ? undefined : behind;
  return {
    kind: 'command-line',
    id: person ?? account,
    name: person === undefined ? account : `${person} (${account})`,
  };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account that the system has no name for: in containers.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

/** What a command did, in the transaction that did it. */
export function writeDown(tx: StoreTx, clock: Clock, entry: AuditEntry): Promise<void> {
  return appendAudit(tx, clock, commandActor(), entry);
}
