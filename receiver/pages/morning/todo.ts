import { portalMorning } from '../../../shared/i18n/portal-morning.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { hasRight } from '../../accounts/profile.ts';
import type { Call } from '../../monitor/summary.ts';
import type { BlockedDestination } from '../../monitor/region-facts.ts';
import { callAction } from '../alerts/call-action.ts';
import { catchUpLink } from '../care/catch-up-link.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import type { PageContext } from '../page.ts';
import { badge, emptyState, stateBadge } from '../parts.ts';
import type { RegionSeen } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { hourWords, momentWords } from '../words.ts';
import { causeWords, visitWords } from './cause-words.ts';
import { contactsFor, type FirstContact } from './contacts.ts';
import { facilityWords } from './headline.ts';
import type { Tally } from './tally.ts';

/** Whom to call and why, by what the national sending lacks; then who never sent, or sends far too little. */
export async function todoList(context: PageContext, seen: RegionSeen, tally: Tally): Promise<Html> {
  const tell = teller(portalMorning, context.language);
  const contacts = await contactsFor(
    context,
    seen.calls.map(({ facility }) => facility),
  );
  const items: { readonly missing: number; readonly item: Html }[] = [];
  for (const call of seen.calls)
    items.push({
      missing: call.missing,
      item: await callItem(context, seen, call, contacts.get(call.facility)),
    });
  for (const each of seen.blocked)
    items.push({ missing: each.records, item: blockedItem(context, seen, each) });
  items.sort((a, b) => b.missing - a.missing);
  const body =
    items.length === 0
      ? emptyState(
          tell(tally.pending.size > 0 ? 'stillComing' : 'nothingToTreat'),
          tell('nothingToTreatText', { at: hourWords(seen.at) }),
        )
      : html`<ol class="card todo-list">${items.map(({ item }) => item)}</ol>`;
  const order = items.length < 2 ? nothing : html`<span class="muted small">${tell('order')}</span>`;
  return html`<section class="sec" id="a-traiter" data-live="a-traiter" aria-labelledby="h-todo"><div class="sech"><h2 id="h-todo">${tell('toTreat')}</h2>${order}</div>${body}${catchUpLink(context, seen.pairs)}</section>${toWatch(context, seen)}`;
}

async function callItem(
  context: PageContext,
  { pairs }: RegionSeen,
  call: Call,
  contact: FirstContact | undefined,
): Promise<Html> {
  const { language, now, to, viewer } = context;
  const tell = teller(portalMorning, language);
  const pair = pairs.find(({ facility, feed }) => facility === call.facility && feed === call.feed);
  const [held] = call.state === 'held' ? (pair?.held?.exports ?? []) : [];
  const mayAct = hasRight(viewer, ['regional-operator']);
  const action =
    held === undefined
      ? await callAction(context, { facility: call.facility, feed: call.feed })
      : html`<a class="btn sm${mayAct ? ' main' : ''}" href="${to(`/lots/${held}`)}">${tell(mayAct ? 'decide' : 'seeBatch')}</a>`;
  return item({
    badge: stateBadge(call.state, language),
    name: html`<a href="${to(`/etablissements/${call.facility}`)}">${call.name}</a>`,
    text: pair === undefined ? '' : causeWords({ call, pair, now, language }),
    acts: html`${contact === undefined ? nothing : contactHtml(contact)}${mayAct ? askAgain(context, call) : nothing}${action}`,
  });
}

/** What came is short: its days can be asked of the agent again. */
function askAgain({ language, to }: PageContext, { facility, cause, days }: Call): Html {
  const [last, first] = [days[0]?.day, days.at(-1)?.day];
  if (cause !== 'export-short' || last === undefined || first === undefined) return nothing;
  const path = to(`/etablissements/${facility}/renvoi?du=${dayToIso(first)}&au=${dayToIso(last)}`);
  return html`<a class="btn sm" href="${path}">${teller(portalMorning, language)('askAgain')}</a>`;
}

function contactHtml({ who, phone }: FirstContact): Html {
  const call = phone === '' ? nothing : html`<br><a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`;
  return html`<span class="small muted nowrap">${who}${call}</span>`;
}

function blockedItem(
  { language, now, to }: PageContext,
  { destinations }: RegionSeen,
  { name, pausedBy, since, records, facilities }: BlockedDestination,
): Html {
  const tell = teller(portalMorning, language);
  const facts = {
    since: momentWords(since, now, language),
    visits: visitWords(records, language),
    facilities: facilityWords(facilities, language, true),
  };
  const owner = destinations.find((each) => each.name === name)?.owner ?? name;
  const path = to(`/destinations/${encodeURIComponent(name)}`);
  return item({
    badge: pausedBy === null ? badge('late', 't', tell('down')) : badge('', 'd', tell('paused')),
    name: html`<a href="${path}">${owner}</a>`,
    text: pausedBy === null ? tell('downText', facts) : tell('pausedText', { ...facts, person: pausedBy }),
    acts: html`<a class="btn sm" href="${path}">${tell('seeDestination')}</a>`,
  });
}

function toWatch({ language, to }: PageContext, { neverSent, thin }: RegionSeen): Html {
  if (neverSent.length + thin.length === 0) return nothing;
  const tell = teller(portalMorning, language);
  const link = (facility: string, name: string): Html =>
    html`<a href="${to(`/etablissements/${facility}`)}">${name}</a>`;
  const items = [
    ...neverSent.map(({ facility, name, missing }) =>
      item({
        badge: badge('', 'd', tell('never')),
        name: link(facility, name),
        text: tell('neverText', { count: missing }),
        acts: nothing,
      }),
    ),
    ...thin.map(({ facility, name, percent }) =>
      item({
        badge: badge('low', 'l', tell('thin')),
        name: link(facility, name),
        text: tell('thinText', { percent }),
        acts: nothing,
      }),
    ),
  ];
  return html`<section class="sec" aria-labelledby="h-watch"><div class="sech"><h2 id="h-watch">${tell('toWatch')}</h2></div><ol class="card todo-list">${items}</ol></section>`;
}

interface Item {
  readonly badge: Html;
  readonly name: Html;
  readonly text: HtmlPart;
  readonly acts: Html;
}

function item({ badge: mark, name, text, acts }: Item): Html {
  return html`<li><div>${mark}</div><div><h3>${name}</h3><p>${text}</p></div><div class="acts">${acts}</div></li>`;
}
