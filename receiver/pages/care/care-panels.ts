import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { Contact, FacilityNote } from '../../store/care-tables.ts';
import { feedWords } from '../charts/feed-words.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import type { PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { CareReads, FacilitySeen } from '../reads/care-reads.ts';
import { dayWords, momentWords } from '../words.ts';
import { field, mayAct, pathOf, speak } from './care-frame.ts';

const notesShown = 3;

/** On the page of a facility: whom to call, what was noted, what can be asked of it, and what is declared of it now. */
export async function carePanels(
  context: PageContext,
  facility: string,
): Promise<{ readonly contacts: Html; readonly notes: Html; readonly actions: Html; readonly banner: Html }> {
  const known = await context.read(async ({ care }) => {
    const seen = await care.facility(facility);
    return seen === undefined ? undefined : { seen, ...(await readPanels(care, facility)) };
  });
  if (known === undefined) return { contacts: nothing, notes: nothing, actions: nothing, banner: nothing };
  const { seen } = known;
  return {
    contacts: contactPanel(context, seen, known.contacts),
    notes: notePanel(context, seen, known.notes),
    actions: actionLinks(context, seen),
    banner: banner(context, known),
  };
}

async function readPanels(care: CareReads, facility: string) {
  return {
    contacts: await care.contactsOf(facility),
    notes: await care.notesOf(facility, notesShown),
    closures: await care.closuresOf(facility, 50),
    degraded: await care.degradedOf(facility, 1),
  };
}

function contactPanel(context: PageContext, facility: FacilitySeen, contacts: readonly Contact[]): Html {
  const say = speak(context.language);
  const rows = contacts.map(
    ({ role, name, phone, email }) =>
      html`<dt>${role}</dt><dd>${name === '' ? nothing : html`${name}<br />`}${phoneLink(phone)}${
        phone !== '' && email !== '' ? html`<br />` : nothing
      }${email === '' ? nothing : html`<a href="mailto:${email}">${email}</a>`}</dd>`,
  );
  const list =
    rows.length === 0
      ? html`<p class="muted">${say('contactsNone')}</p>`
      : html`<dl class="facts">${rows}</dl>`;
  const edit = html`<p class="small"><a href="${context.to(pathOf(facility, 'contacts'))}">${say(
    mayAct(context) ? 'contactsEdit' : 'contacts',
  )}</a></p>`;
  return html`<div class="card pad" id="contacts"><h2>${say('contacts')}</h2>${list}${edit}</div>`;
}

/** To be touched on a telephone. */
export function phoneLink(phone: string): Html {
  return phone === '' ? nothing : html`<a href="tel:${phone.replace(/[^+0-9]/g, '')}">${phone}</a>`;
}

export function noteLines({ language, now }: PageContext, notes: readonly FacilityNote[]): Html {
  const say = speak(language);
  return html`${notes.map(
    ({ at, author, text }) =>
      html`<li><p class="small faint">${say('noteLine', { at: momentWords(at, now, language), author })}</p>${text
        .split('\n')
        .map((line) => html`<p class="small muted">${line}</p>`)}</li>`,
  )}`;
}

function notePanel(context: PageContext, facility: FacilitySeen, notes: readonly FacilityNote[]): Html {
  const say = speak(context.language);
  const list =
    notes.length === 0
      ? html`<p class="muted small">${say('notesNone')}</p>`
      : html`<ul class="stack" role="list">${noteLines(context, notes)}</ul>`;
  const path = context.to(pathOf(facility, 'notes'));
  const more =
    notes.length < notesShown ? nothing : html`<p class="small"><a href="${path}">${say('notesAll')}</a></p>`;
  return html`<div class="card pad" id="notes"><h2>${say('notes')}</h2>${list}${more}${
    mayAct(context) ? noteForm(context, facility) : nothing
  }</div>`;
}

export function noteForm(
  context: PageContext,
  facility: FacilitySeen,
  typed?: Parameters<typeof field>[1],
): Html {
  const say = speak(context.language);
  return html`<form method="post" action="${context.to(pathOf(facility, 'notes'))}">${formToken(context.viewer)}${field(
    { name: 'note', label: say('note'), hint: say('noteHint'), type: 'area', most: 2000, required: true },
    typed,
  )}<p class="acts"><button class="btn sm">${say('noteAdd')}</button></p></form>`;
}

function actionLinks(context: PageContext, facility: FacilitySeen): Html {
  const say = speak(context.language);
  const link = (page: string, words: string): Html =>
    html`<a class="btn" href="${context.to(pathOf(facility, page))}">${words}</a>`;
  return html`<div class="acts">${mayAct(context) ? link('renvoi', say('actAsk')) : nothing}${link('qualite', say('actPrint'))}${link(
    'fermeture',
    say('actClose'),
  )}${link('degrade', say('actDegraded'))}${mayAct(context) ? link('transport', say('actCarry')) : nothing}</div>`;
}

function banner(
  context: PageContext,
  known: Awaited<ReturnType<typeof readPanels>> & { readonly seen: FacilitySeen },
): Html {
  const { language, now } = context;
  const say = speak(language);
  const today = dayOfInstant(now);
  const words = (day: Day): string => dayWords(day, 'short', language);
  const lines: HtmlPart[] = [];
  for (const { feed, from, to, reason, withdrawnAt } of known.closures) {
    if (withdrawnAt !== null || from > today || to < today - 1) continue;
    const facts = { from: words(from), to: words(to), reason };
    lines.push(
      feed === null
        ? say('bannerClosed', facts)
        : say('bannerClosedFeed', { ...facts, feed: feedWords(feed, language).name }),
    );
  }
  for (const { from, to, reason } of known.degraded)
    if (to === null)
      lines.push(
        html`${say('bannerDegraded', { from: words(from), reason })} <a href="${context.to(pathOf(known.seen, 'degrade'))}">${say('bannerDegradedLink')}</a>`,
      );
  const { became, took } = known.seen;
  if (became !== null)
    lines.push(say('bannerBecame', { ...became, from: dayWords(became.from, 'long', language) }));
  for (const old of took)
    lines.push(say('bannerTook', { ...old, from: dayWords(old.from, 'long', language) }));
  return html`${lines.map((line) => html`<p class="note info">${line}</p>`)}`;
}
