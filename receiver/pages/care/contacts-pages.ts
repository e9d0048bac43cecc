import { addContact, changeContact, noteDown, type ContactFields } from '../../care/contacts.ts';
import type { Contact } from '../../store/care-tables.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { FacilitySeen } from '../reads/care-reads.ts';
import { careForm, carePage, careSee, field, mayAct, ofFacility, pathOf } from './care-frame.ts';
import { speak, type Refusal } from './care-frame.ts';
import { noteForm, noteLines, phoneLink } from './care-panels.ts';

/** Whom to call, in order; and what was noted. */
export function createContactPages({ store, clock }: PortalDeps): readonly Page[] {
  const deps = { store, clock };
  return [
    {
      path: '/etablissements/:finess/contacts',
      see: careSee,
      get: (context) => ofFacility(context, showContacts),
      act: careForm(async (context, facility) => {
        await change(context, facility);
        return { kind: 'redirect', to: context.to(pathOf(facility, 'contacts')) };
      }, showContacts),
    },
    {
      path: '/etablissements/:finess/notes',
      see: careSee,
      get: (context) => ofFacility(context, showNotes),
      act: careForm(async (context, facility) => {
        await noteDown(deps, context.actor, facility.finess, context.form('note'));
        return { kind: 'redirect', to: `${context.to(pathOf(facility))}#notes` };
      }, showNotes),
    },
  ];

  async function change({ form, actor }: ActContext, { finess }: FacilitySeen): Promise<void> {
    const [gesture, id] = [form('geste'), Number(form('id'))];
    const fields: ContactFields = {
      ...{ role: form('role'), name: form('name'), phone: form('phone'), email: form('email') },
    };
    if (gesture === 'ajouter') await addContact(deps, actor, finess, fields);
    else {
      const kind = gesture === 'premier' ? 'first' : gesture === 'retirer' ? 'remove' : 'change';
      const own = { facility: finess, id };
      await changeContact(deps, actor, own, kind === 'change' ? { kind, fields } : { kind });
    }
  }
}

async function showContacts(
  context: PageContext,
  facility: FacilitySeen,
  refusal?: Refusal,
): Promise<Answer> {
  const say = speak(context.language);
  const contacts = await context.read(({ care }) => care.contactsOf(facility.finess));
  const refused = refusal?.typed('id') ?? '';
  const list =
    contacts.length === 0
      ? html`<p class="muted">${say('contactsNone')}</p>`
      : contacts.map((each) =>
          mayAct(context)
            ? contactForm(context, facility, each, refused === `${each.id}` ? refusal : undefined)
            : contactCard(each),
        );
  const adding = mayAct(context)
    ? html`<form class="ask" method="post"><h2>${say('contactsAdd')}</h2>${formToken(context.viewer)}<input type="hidden" name="geste" value="ajouter" />${contactFields(
        context,
        undefined,
        refused === '' ? refusal : undefined,
      )}<p class="acts"><button class="btn main">${say('contactsAdd')}</button></p></form>`
    : nothing;
  return carePage(context, facility, {
    ...{ here: say('contacts'), refusal },
    sentence: say('contactsSentence', { name: facility.name }),
    lede: say('contactsLede'),
    body: html`<section class="cols even sec"><div class="stack">${list}</div>${adding}</section>`,
  });
}

function contactCard({ role, name, phone, email }: Contact): Html {
  return html`<div class="card pad"><h2>${role}</h2><p>${name}</p><p>${phoneLink(phone)}</p><p>${
    email === '' ? nothing : html`<a href="mailto:${email}">${email}</a>`
  }</p></div>`;
}

function contactForm(
  context: PageContext,
  _facility: FacilitySeen,
  contact: Contact,
  refusal: Refusal | undefined,
): Html {
  const say = speak(context.language);
  const first =
    contact.order === 1
      ? nothing
      : html`<button class="btn sm" name="geste" value="premier" formnovalidate>${say('contactFirst')}</button>`;
  return html`<form class="ask" method="post"><h2>${contact.order}. ${contact.role}</h2>${formToken(context.viewer)}<input type="hidden" name="id" value="${contact.id}" />${contactFields(
    context,
    contact,
    refusal,
  )}<p class="acts"><button class="btn sm" name="geste" value="changer">${say('contactSave')}</button>${first}<button class="btn sm warn" name="geste" value="retirer" formnovalidate>${say('contactRemove')}</button></p></form>`;
}

function contactFields(
  { language }: PageContext,
  contact: Contact | undefined,
  refusal: Refusal | undefined,
): Html {
  const say = speak(language);
  const scope = `${contact?.id ?? 'n'}-`;
  const one = (
    name: 'role' | 'name' | 'phone' | 'email',
    type: 'text' | 'tel' | 'email',
    most: number,
  ): Html =>
    field(
      {
        ...{ name, type, most, label: say(name), value: contact?.[name] ?? '', required: name === 'role' },
        ...(name === 'role' ? { hint: say('roleHint') } : {}),
      },
      refusal,
      scope,
    );
  return html`${one('role', 'text', 120)}${one('name', 'text', 120)}${one('phone', 'tel', 40)}${one('email', 'email', 200)}`;
}

async function showNotes(context: PageContext, facility: FacilitySeen, refusal?: Refusal): Promise<Answer> {
  const say = speak(context.language);
  const notes = await context.read(({ care }) => care.notesOf(facility.finess, 200));
  const list =
    notes.length === 0
      ? html`<p class="muted">${say('notesNone')}</p>`
      : html`<ul class="stack" role="list">${noteLines(context, notes)}</ul>`;
  return carePage(context, facility, {
    ...{ here: say('notes'), refusal },
    sentence: say('notesSentence', { name: facility.name }),
    body: html`<section class="cols even sec"><div class="card pad">${list}</div>${
      mayAct(context) ? html`<div class="card pad">${noteForm(context, facility, refusal)}</div>` : nothing
    }</section>`,
  });
}
