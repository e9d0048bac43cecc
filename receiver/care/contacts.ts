import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Contact } from '../store/care-tables.ts';
import type { Store } from '../store/store.ts';
import { emailField, longest, mustExist, neededField, phoneField, textField } from './fields.ts';

/** Whom to call at a facility, and what was noted of it. Every change is in the audit log; names and numbers are not. */
export interface CareDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export interface ContactFields {
  readonly role: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
}

const mostContacts = 20;

/** Answers its number. Throws `care-...` of its fields, and `care-contacts-many`. */
export async function addContact(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  fields: ContactFields,
): Promise<number> {
  const contact = checked(fields);
  return store.transaction(async (tx) => {
    await mustExist(tx, facility);
    if ((await tx.care.contacts.of(facility)).length >= mostContacts)
      throw permanent('care-contacts-many', { facts: { most: mostContacts } });
    const id = await tx.care.contacts.add({ facility, ...contact });
    await appendAudit(tx, clock, actor, { action: 'contact.add', subject: `${id}`, facility });
    return id;
  });
}

export type ContactChange =
  | { readonly kind: 'change'; readonly fields: ContactFields }
  | { readonly kind: 'first' }
  | { readonly kind: 'remove' };

/** Throws `care-contact-unknown`. */
export async function changeContact(
  { store, clock }: CareDeps,
  actor: Actor,
  { facility, id }: { readonly facility: string; readonly id: number },
  change: ContactChange,
): Promise<void> {
  const fields = change.kind === 'change' ? checked(change.fields) : undefined;
  await store.transaction(async (tx) => {
    const { contacts } = tx.care;
    const done =
      fields !== undefined
        ? await contacts.update({ facility, id, ...fields })
        : change.kind === 'first'
          ? await contacts.putFirst(facility, id)
          : await contacts.remove(facility, id);
    if (!done) throw permanent('care-contact-unknown', { facts: { contact: id } });
    await appendAudit(tx, clock, actor, { action: `contact.${change.kind}`, subject: `${id}`, facility });
  });
}

/** What the note says stays out of the audit log: it is free text. */
export async function noteDown(
  { store, clock }: CareDeps,
  actor: Actor,
  facility: string,
  text: string,
): Promise<number> {
  const kept = neededField('note', text, longest.note);
  return store.transaction(async (tx) => {
    await mustExist(tx, facility);
    const id = await tx.care.notes.add({ facility, at: clock.now(), author: actor.name, text: kept });
    await appendAudit(tx, clock, actor, { action: 'note.add', subject: `${id}`, facility });
    return id;
  });
}

function checked({ role, name, phone, email }: ContactFields): Omit<Contact, 'id' | 'order' | 'facility'> {
  const fields = {
    role: neededField('role', role),
    name: textField('name', name),
    phone: phoneField(phone),
    email: emailField(email),
  };
  if (fields.phone === '' && fields.email === '')
    throw permanent('care-contact-unreachable', { facts: { field: 'phone' } });
  return fields;
}
