import type { Random } from '../../shared/runtime/random.ts';
import type { AlertRecipient, AlertsConfig } from '../config-alerts.ts';
import type { AlertEventKind, AlertMessage, AlertRow, MessageKind } from '../store/alert-tables.ts';
import type { StoreTx } from '../store/store.ts';
import { holdMs, type Reconciled } from './reconcile.ts';
import { dueAt, isFor, placesOf, type Place } from './told-to.ts';
import type { MessageWriter } from './write-message.ts';

/**
 * Who is told what: written as messages in the transaction that changes the alert, so that neither is there without the
 * other; sent afterwards. One message a person and cause, one again each day, one when it is over.
 */
export interface TellingDeps {
  readonly settings: AlertsConfig;
  readonly random: Random;
  readonly writer: MessageWriter;
  /** When a receiver that was out looked again: what it did not watch lasts from then on. */
  readonly resumedAt: number | undefined;
}

const hourMs = 3_600_000;
const mostMessages = 5000;

export async function tell(
  tx: StoreTx,
  deps: TellingDeps,
  { open, recovered }: Reconciled,
  now: number,
): Promise<number> {
  let written = 0;
  // What is over first: who was told of many is then told of the one that is left.
  for (const alert of recovered) written += await tellRecovered(tx, deps, alert, now);
  for (const alert of open) written += await tellOpen(tx, deps, alert, now);
  return written;
}

async function tellOpen(tx: StoreTx, deps: TellingDeps, alert: AlertRow, now: number): Promise<number> {
  if (alert.recoveringAt !== null) return 0;
  const { settings } = deps;
  const { repeatHours, escalation, recipients } = settings;
  if (alert.toldAt === null) {
    if (now - Math.max(alert.openedAt, deps.resumedAt ?? 0) < holdMs(alert, settings)) return 0;
    const concerned = recipients.filter((each) => isFor(each, alert));
    const told = { ...alert, toldAt: now, changedAt: now };
    const written = await write(tx, deps, told, 'first', concerned, now);
    await keep(tx, told, written === 0 ? 'nobody' : 'told', rolesOf(concerned), now);
    return written;
  }
  let row = alert;
  let written = 0;
  if (escalation !== undefined && row.takenAt === null && row.escalatedAt === null) {
    if (now - alert.toldAt >= escalation.afterHours * hourMs) {
      const above = recipients.filter(({ name }) => escalation.recipients.includes(name));
      row = { ...row, escalatedAt: now, changedAt: now };
      written += await write(tx, deps, row, 'escalation', above, now);
      await keep(tx, row, 'escalated', rolesOf(above), now);
    }
  }
  if (now - (row.remindedAt ?? alert.toldAt) >= repeatHours * hourMs) {
    row = { ...row, remindedAt: now, changedAt: now };
    const concerned = recipients.filter((each) => isFor(each, row));
    const again = await write(tx, deps, row, 'reminder', concerned, now);
    await keep(tx, row, again === 0 ? 'nobody' : 'reminded', rolesOf(concerned), now);
    written += again;
  }
  return written;
}

/** Only who was told, or may have been; what has not left is not sent any more. */
export async function tellRecovered(
  tx: StoreTx,
  deps: Omit<TellingDeps, 'resumedAt'>,
  alert: AlertRow,
  now: number,
): Promise<number> {
  await tx.alerts.withdraw(alert.id);
  const messages = await tx.alerts.messages(alert.id, mostMessages);
  // Of an alert that came back, earlier tellings were followed by their own end.
  const since = messages.find(({ kind }) => kind === 'recovery')?.createdAt ?? -Infinity;
  const heard = messages.filter(
    ({ kind, state, doubt, createdAt }) =>
      kind !== 'recovery' && createdAt >= since && (state === 'sent' || state === 'sending' || doubt),
  );
  let written = 0;
  for (const recipient of deps.settings.recipients)
    for (const place of placesOf(recipient))
      if (heard.some((one) => isTo(one, recipient, place))) {
        await writeOne(tx, deps, { alert, kind: 'recovery', recipient, place }, now);
        written += 1;
      }
  return written;
}

function isTo(message: AlertMessage, { name }: AlertRecipient, { channel, address }: Place): boolean {
  return message.recipient === name && message.channel === channel && message.address === address;
}

async function write(
  tx: StoreTx,
  deps: TellingDeps,
  alert: AlertRow,
  kind: MessageKind,
  recipients: readonly AlertRecipient[],
  now: number,
): Promise<number> {
  let written = 0;
  for (const recipient of recipients)
    for (const place of placesOf(recipient)) {
      await writeOne(tx, deps, { alert, kind, recipient, place }, now);
      written += 1;
    }
  return written;
}

interface Telling {
  readonly alert: AlertRow;
  readonly kind: MessageKind;
  readonly recipient: AlertRecipient;
  readonly place: Place;
}

async function writeOne(
  tx: StoreTx,
  { random, writer }: Pick<TellingDeps, 'random' | 'writer'>,
  { alert, kind, recipient, place }: Telling,
  now: number,
): Promise<void> {
  const identity = random.uuid(now);
  const { subject, text } = writer.write(alert, {
    kind,
    identity,
    now,
    ...place,
    language: recipient.language,
  });
  await tx.alerts.addMessage({
    ...{ alert: alert.id, recipient: recipient.name, role: recipient.role, ...place, kind, identity },
    ...{ subject, text, createdAt: now, dueAt: dueAt(recipient, place, alert, now) },
  });
}

async function keep(
  tx: StoreTx,
  alert: AlertRow,
  kind: AlertEventKind,
  roles: string,
  now: number,
): Promise<void> {
  await tx.alerts.save(alert);
  const text = kind === 'nobody' ? '' : roles;
  await tx.alerts.addEvent({ alert: alert.id, at: now, kind, name: null, text });
}

/** "region facility": who they are, not their addresses. */
function rolesOf(recipients: readonly AlertRecipient[]): string {
  return [...new Set(recipients.map(({ role }) => role))].join(' ');
}
