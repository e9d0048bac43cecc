import { portalAlerts } from '../../../shared/i18n/portal-alerts.ts';
import { hasRight } from '../../accounts/profile.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import type { AlertMessage, AlertRow } from '../../store/alert-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { alertBadge, causeOf, ruleWords, siteWords, toldWords } from './alert-words.ts';

export type AlertView = 'open' | 'taken' | 'closed';

export interface Listed {
  readonly alert: AlertRow;
  readonly messages: readonly AlertMessage[];
}

/** Who may act: the region, and a hospital on its own. Of a trouble that many share, a hospital sees that it is shared. */
export function mayAct({ viewer }: Pick<PageContext, 'viewer'>, { kind }: Pick<AlertRow, 'kind'>): boolean {
  if (kind === 'region' && viewer.facilities !== 'all') return false;
  return hasRight(viewer, ['regional-operator', 'hospital-admin']);
}

export function alertTable(
  context: PageContext,
  view: AlertView,
  rows: readonly Listed[],
  known: { readonly names: ReadonlyMap<string, string>; readonly rules: WatchRules },
): Html {
  const { language } = context;
  const tell = teller(portalAlerts, language);
  const caption = tell(view === 'open' ? 'tableOpen' : view === 'taken' ? 'tableTaken' : 'tableClosed');
  const last = view === 'closed' ? 'ended' : 'takenBy';
  const heads = (['state', 'facility', 'cause', 'since', 'rule', 'told', last] as const).map(
    (name) => html`<th scope="col">${tell(name)}</th>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab flow"><caption class="sr">${caption}</caption><thead><tr>${heads}<th scope="col"><span class="sr">${tell('action')}</span></th></tr></thead><tbody>${rows.map((row) => line(context, view, row, known))}</tbody></table></div>`;
}

function line(
  context: PageContext,
  view: AlertView,
  { alert, messages }: Listed,
  { names, rules }: { readonly names: ReadonlyMap<string, string>; readonly rules: WatchRules },
): Html {
  const { language, now, to } = context;
  const tell = teller(portalAlerts, language);
  const told = toldWords(messages, language);
  const end = view === 'closed' ? endOf(alert, now, language) : takenOf(alert, language);
  return html`<tr><td>${alertBadge(alert, language)}</td><th scope="row" class="full"><a href="${to(`/alertes/${alert.id}`)}">${siteWords(alert, names, language)}</a></th><td>${causeOf(alert, language)}</td><td class="nowrap">${momentWords(alert.since, now, language)}</td><td class="hide muted nowrap">${ruleWords(alert, rules, language)}</td><td class="hide muted">${told === '' ? tell(alert.toldAt === null ? 'notYet' : 'nobody') : told}</td><td class="hide">${end}</td><td class="full">${actionOf(context, view, alert)}</td></tr>`;
}

function takenOf({ takenName }: AlertRow, language: PageContext['language']): Html {
  return takenName === null
    ? html`<span class="faint">${teller(portalAlerts, language)('nobody')}</span>`
    : html`${takenName}`;
}

export function endOf(alert: AlertRow, now: number, language: PageContext['language']): string {
  const tell = teller(portalAlerts, language);
  const at = momentWords(alert.closedAt ?? now, now, language);
  switch (alert.ending) {
    case 'recovered':
      return tell('endRecovered', { at });
    case 'person':
      return tell('endPerson', { at, name: alert.closedName ?? '', reason: alert.reason ?? '' });
    case 'grouped':
      return tell('endGrouped', { at });
    case null:
      return '';
  }
}

function actionOf(context: PageContext, view: AlertView, alert: AlertRow): Html {
  const { language, to } = context;
  const tell = teller(portalAlerts, language);
  if (view === 'closed' || !mayAct(context, alert)) return nothing;
  if (alert.takenBy === null) return takeForm(context, alert, 'list');
  return html`<a class="btn sm" href="${to(`/alertes/${alert.id}#clore`)}">${tell('closeLink')}</a>`;
}

export function takeForm(context: PageContext, { id }: AlertRow, from: 'list' | 'page'): Html {
  const { language, to, viewer } = context;
  return html`<form method="post" action="${to(`/alertes/${id}/prendre`)}">${formToken(viewer)}<input type="hidden" name="de" value="${from}" /><button class="btn${from === 'list' ? ' sm' : ' main'}">${teller(portalAlerts, language)('take')}</button></form>`;
}

/** What was just taken, and the way back. */
export function takenNote(context: PageContext, alert: AlertRow | undefined): Html {
  const { language, to, viewer } = context;
  if (alert === undefined || alert.takenBy !== viewer.account || alert.closedAt !== null) return nothing;
  const tell = teller(portalAlerts, language);
  return html`<div class="note info acts" role="status"><span>${tell('takenNow', { id: alert.id })}</span><form method="post" action="${to(`/alertes/${alert.id}/rendre`)}">${formToken(viewer)}<button class="btn sm">${tell('release')}</button></form></div>`;
}
