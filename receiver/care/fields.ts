import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { StoreTx } from '../store/store.ts';

/** What a person typed, as it may be kept. Throws `care-...` with the field's name. */
export const longest = { name: 120, reason: 500, note: 2000 } as const;

export function textField(field: string, text: string, most: number = longest.name): string {
  const kept = text
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, '')
    .trim();
  if (kept.length > most) throw permanent('care-field-long', { facts: { field, most } });
  return kept;
}

export function neededField(field: string, text: string, most: number = longest.name): string {
  const kept = textField(field, text, most);
  if (kept === '') throw permanent('care-field-missing', { facts: { field } });
  return kept;
}

/** As people write them; empty when there is none. */
export function phoneField(text: string): string {
  const phone = textField('phone', text, 40);
  if (phone !== '' && !/^\+?[0-9][0-9 .()/-]{1,38}$/.test(phone))
    throw permanent('care-phone-invalid', { facts: { field: 'phone' } });
  return phone;
}

export function emailField(text: string): string {
  const email = textField('email', text, 200);
  if (email !== '' && !/^[^\s@<>"',;:]+@[^\s@<>"',;:]+\.[^\s@<>"',;:]+$/.test(email))
    throw permanent('care-email-invalid', { facts: { field: 'email' } });
  return email;
}

export function dayField(field: string, text: string): Day {
  const day = dayFromIso(text.trim());
  if (day === undefined) throw permanent('care-day-invalid', { facts: { field } });
  return day;
}

/** Both included. Throws `care-days-reversed` and `care-days-many`. */
export function spanFields(
  from: string,
  to: string,
  mostDays: number,
): { readonly from: Day; readonly to: Day } {
  const [first, last] = [dayField('from', from), dayField('to', to)];
  if (first > last)
    throw permanent('care-days-reversed', { facts: { from: dayToIso(first), to: dayToIso(last) } });
  if (last - first + 1 > mostDays)
    throw permanent('care-days-many', { facts: { days: last - first + 1, most: mostDays } });
  return { from: first, to: last };
}

export async function mustExist(tx: StoreTx, facility: string): Promise<void> {
  if ((await tx.facilities.get(facility)) === undefined)
    throw permanent('care-facility-unknown', { facts: { facility } });
}
