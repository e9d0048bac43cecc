import { portalAlerts } from '../../../shared/i18n/portal-alerts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { hasRight } from '../../accounts/profile.ts';
import type { ReceiverConfig } from '../../config.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import type { AlertMessage, AlertRow } from '../../store/alert-tables.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import { numberWords, teller } from '../typeset.ts';
import { capital, dayWords, hourWords } from '../words.ts';
import { journalPanel, messagePanel } from './alert-panels.ts';
import { alertTable, takenNote, type AlertView, type Listed } from './alert-table.ts';
import { siteWords } from './alert-words.ts';

const dayMs = 86_400_000;
const views: Readonly<Record<string, AlertView>> = { prises: 'taken', closes: 'closed' };

/** What is open, who has it; below, what was sent of the first one and what happened since. */
export async function alertListPage(
  context: PageContext,
  { config, rules }: { readonly config: ReceiverConfig; readonly rules: WatchRules },
): Promise<Answer> {
  const { language, now, query, read, to } = context;
  const tell = teller(portalAlerts, language);
  const view = views[query.get('vue') ?? ''] ?? 'open';
  const found = await read(async ({ alerts }) => {
    const open = await alerts.open();
    const shown =
      view === 'closed'
        ? await alerts.closedSince(now - 30 * dayMs)
        : view === 'taken'
          ? open.filter(({ takenBy }) => takenBy !== null)
          : open;
    const rows: Listed[] = [];
    for (const alert of shown.slice(0, mostShown))
      rows.push({ alert, messages: await alerts.messages(alert.id) });
    const events = rows[0] === undefined ? [] : await alerts.events(rows[0].alert.id);
    const undelivered = await alerts.undelivered(now - 7 * dayMs);
    return { open, rows, events, undelivered, names: await alerts.names() };
  });
  const { open, rows, events, names, undelivered } = found;
  const justTaken = open.find(({ id }) => String(id) === query.get('prise'));
  const tests = hasRight(context.viewer, ['administrator'])
    ? html`<div class="acts"><a class="btn" href="${to('/alertes/essais')}">${tell('tests')}</a></div>`
    : nothing;
  const today = capital(dayWords(dayOfInstant(now), 'long', language));
  const [first] = rows;
  const below =
    first === undefined
      ? nothing
      : html`<section class="sec cols">${messagePanel(context, siteWords(first.alert, names, language), first.messages)}${journalPanel(context, events)}</section>`;
  const table =
    rows.length === 0 ? emptyOf(context, view) : alertTable(context, view, rows, { names, rules });
  const body = html`${pageHead({
    kicker: `${today}, ${hourWords(now)}`,
    sentence: sentence(open, language),
    aside: tests,
  })}${notes(context, config, undelivered)}${takenNote(context, justTaken)}<section data-live="alertes"><div class="sech">${filter(context, view, open)}</div>${table}</section>${below}`;
  return { kind: 'page', title: tell('title'), nav: 'alerts', live: true, body };
}

const mostShown = 200;

function sentence(open: readonly AlertRow[], language: PageContext['language']): HtmlPart {
  const tell = teller(portalAlerts, language);
  const untaken = open.filter(({ takenBy }) => takenBy === null).length;
  const [first] = open;
  if (first === undefined) return tell('none');
  if (open.length === 1) {
    const rest = untaken === 1 ? tell('oneUntaken') : tell('oneTaken', { name: first.takenName ?? '' });
    return html`<em>${tell('one')}</em>${rest}`;
  }
  const rest =
    untaken === 0
      ? tell('allTaken')
      : untaken === open.length
        ? tell('noneOfThem')
        : untaken === 1
          ? tell('oneOfThem')
          : tell('someUntaken', { n: numberWords(untaken, language) });
  return html`<em>${capital(tell('many', { n: numberWords(open.length, language) }))}</em>${rest}`;
}

function filter({ language, to }: PageContext, view: AlertView, open: readonly AlertRow[]): Html {
  const tell = teller(portalAlerts, language);
  const taken = open.filter(({ takenBy }) => takenBy !== null).length;
  const link = (name: AlertView, path: string, word: string): Html =>
    html`<a href="${to(path)}"${name === view ? html` aria-current="true"` : nothing}>${word}</a>`;
  return html`<span class="seg" role="group" aria-label="${tell('filter')}">${[
    link('open', '/alertes', tell('viewOpen', { n: open.length })),
    link('taken', '/alertes?vue=prises', tell('viewTaken', { n: taken })),
    link('closed', '/alertes?vue=closes', tell('viewClosed')),
  ]}</span>`;
}

function emptyOf({ language, now }: PageContext, view: AlertView): Html {
  const tell = teller(portalAlerts, language);
  switch (view) {
    case 'open':
      return emptyState(tell('none'), tell('noneText', { at: hourWords(now) }));
    case 'taken':
      return emptyState(tell('noneTaken'), tell('noneTakenText'));
    case 'closed':
      return emptyState(tell('noneClosed'), tell('noneClosedText'));
  }
}

/** That nobody is told, and that somebody was not reached: neither may go unseen. */
function notes(
  { language, to, viewer }: PageContext,
  { alerts }: ReceiverConfig,
  undelivered: readonly AlertMessage[],
): Html {
  const tell = teller(portalAlerts, language);
  const names = [...new Set(undelivered.map(({ recipient }) => recipient))].join(', ');
  const link = hasRight(viewer, ['administrator'])
    ? html` <a href="${to('/alertes/essais')}">${tell('undeliveredTests')}</a>`
    : nothing;
  return html`${
    alerts.recipients.length === 0 && viewer.facilities === 'all'
      ? html`<p class="note">${tell('nobodyTold')}</p>`
      : nothing
  }${
    undelivered.length === 0
      ? nothing
      : html`<p class="note">${tell('undelivered', { n: undelivered.length, names })}${link}</p>`
  }`;
}
