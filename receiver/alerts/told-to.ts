import type { AlertRecipient } from '../config-alerts.ts';
import type { AlertChannel, AlertRow } from '../store/alert-tables.ts';
import { isCritical } from './condition.ts';
import { quietUntil } from './quiet-hours.ts';

export interface Place {
  readonly channel: AlertChannel;
  readonly address: string;
}

/** Whether this alert is for them: by what they are, and by what they asked for. */
export function isFor(recipient: AlertRecipient, alert: AlertRow): boolean {
  const { role, facilities, destinations, states, causes } = recipient;
  if (states !== undefined && !states.includes(alert.state)) return false;
  if (causes !== undefined && !(causes as readonly string[]).includes(alert.cause)) return false;
  const concerns =
    facilities === 'all' ||
    alert.members.length === 0 ||
    alert.members.some((each) => facilities.includes(each));
  switch (role) {
    case 'region':
      return concerns;
    case 'on-call':
      return concerns && isCritical(alert);
    case 'facility':
      return alert.members.length > 0 && concerns && alert.kind !== 'receiver';
    case 'agency':
      return alert.destination !== null && destinations.includes(alert.destination);
  }
}

export function placesOf({ emails, sms, webhooks }: AlertRecipient): readonly Place[] {
  return [
    ...emails.map((address) => ({ channel: 'email', address }) as const),
    ...sms.map((address) => ({ channel: 'sms', address }) as const),
    ...webhooks.map((address) => ({ channel: 'webhook', address }) as const),
  ];
}

/** Programs do not sleep. */
export function dueAt(recipient: AlertRecipient, place: Place, alert: AlertRow, now: number): number {
  const { quietHours } = recipient;
  if (quietHours === undefined || place.channel === 'webhook') return now;
  if (quietHours.criticalPasses && isCritical(alert)) return now;
  return quietUntil(now, quietHours);
}
