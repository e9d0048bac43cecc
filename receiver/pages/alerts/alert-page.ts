import { alertCauses, alertStateWords } from '../../../shared/i18n/alert-messages.ts';
import { portalAlerts } from '../../../shared/i18n/portal-alerts.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import type { AlertRow } from '../../store/alert-tables.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { missing, type Answer, type PageContext } from '../page.ts';
import { facts, formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import { count, dayWords, momentWords } from '../words.ts';
import { journalPanel, messagePanel, sendingsTable } from './alert-panels.ts';
import { endOf, mayAct, takeForm, takenNote } from './alert-table.ts';
import { alertBadge, causeOf, ruleWords, siteWords } from './alert-words.ts';

/** What a form said that could not be taken, to be shown with what was typed. */
export interface Refused {
  readonly field: 'note' | 'motif';
  readonly typed: string;
}

export function idOf({ params }: PageContext): number | undefined {
  const id = params['id'] ?? '';
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}

/** One alert: what it is, what to do, what was told, what happened. */
export async function alertPage(
  context: PageContext,
  { rules }: { readonly rules: WatchRules },
  refused?: Refused,
): Promise<Answer> {
  const { language, now, read, query } = context;
  const id = idOf(context);
  if (id === undefined) return missing;
  const found = await read(async ({ alerts }) => {
    const alert = await alerts.get(id);
    if (alert === undefined) return undefined;
    const [events, messages] = [await alerts.events(id), await alerts.messages(id)];
    return { alert, events, messages, names: await alerts.names() };
  });
  if (found === undefined) return missing;
  const { alert, events, messages, names } = found;
  const tell = teller(portalAlerts, language);
  const site = siteWords(alert, names, language);
  const sentence = tell('sentence', { state: alertStateWords[alert.state][language], site });
  const justTaken = query.get('prise') === String(id) ? alert : undefined;
  const body = html`${pageHead({
    kicker: html`${alertBadge(alert, language)} ${tell('kicker', { id })}`,
    sentence,
    lede: lede(alert, language),
  })}${takenNote(context, justTaken)}<section class="cols"><div class="stack">${
    alert.closedAt === null && mayAct(context, alert) ? actions(context, alert, refused) : nothing
  }${messagePanel(context, site, messages)}</div><div class="stack"><div class="card pad"><h2>${tell('facts')}</h2>${factList(context, alert, names, rules)}</div>${journalPanel(context, events)}</div></section>${sendingsTable(context, 'sendings', messages)}`;
  const status = refused === undefined ? {} : { status: 422 };
  return {
    kind: 'page',
    title: `${sentence} (${momentWords(alert.since, now, language)})`,
    nav: 'alerts',
    body,
    ...status,
  };
}

function lede(alert: AlertRow, language: PageContext['language']): HtmlPart {
  const tell = teller(portalAlerts, language);
  const n = count(alert.missing, language);
  const { files } = alert.facts;
  const amount =
    files !== undefined
      ? tell('waiting', { files: count(files, language), n })
      : alert.missing > 0
        ? tell('missing', { n })
        : '';
  const check =
    alert.closedAt !== null || alert.kind === 'region'
      ? ''
      : tell('checkFirst', { check: alertCauses[alert.cause].check[language] });
  return html`${causeOf(alert, language)}. ${amount} ${check}`;
}

function factList(
  { language, now, to }: PageContext,
  alert: AlertRow,
  names: ReadonlyMap<string, string>,
  rules: WatchRules,
): Html {
  const tell = teller(portalAlerts, language);
  const moment = (at: number): string => momentWords(at, now, language);
  const { days, facts: known, feed, members } = alert;
  const places = members.map(
    (each) => html`<a href="${to(`/etablissements/${each}`)}">${names.get(each) ?? each}</a><br>`,
  );
  const end: readonly (readonly [HtmlPart, HtmlPart])[] =
    alert.closedAt === null ? [] : [[tell('ending'), endOf(alert, now, language)]];
  const lines: readonly (readonly [HtmlPart, HtmlPart])[] = [
    [tell('since'), moment(alert.since)],
    [tell('rule'), ruleWords(alert, rules, language)],
    ...(days.length === 0
      ? []
      : ([[tell('days'), days.map((day) => dayWords(day, 'short', language)).join(', ')]] as const)),
    ...(alert.kind !== 'facility'
      ? []
      : ([
          [tell('lastFile'), known.lastAt === undefined ? tell('noFile') : moment(known.lastAt)],
          [tell('feed'), feed ?? tell('allFeeds')],
        ] as const)),
    ...(members.length === 0
      ? []
      : ([[tell(members.length === 1 ? 'facility' : 'members'), html`${places}`]] as const)),
    [tell('takenBy'), alert.takenName ?? tell('nobody')],
    ...end,
  ];
  return facts(lines);
}

function actions(context: PageContext, alert: AlertRow, refused: Refused | undefined): Html {
  const { language, to, query, viewer } = context;
  const tell = teller(portalAlerts, language);
  const take =
    alert.takenBy === null
      ? takeForm(context, alert, 'page')
      : alert.takenBy === viewer.account
        ? html`<form method="post" action="${to(`/alertes/${alert.id}/rendre`)}">${formToken(viewer)}<button class="btn">${tell('release')}</button></form>`
        : nothing;
  const focus = query.get('note') === '1' || refused?.field === 'note';
  const note = form(context, alert, {
    ...{
      path: 'note',
      field: 'note',
      label: 'noteLabel',
      hint: 'noteHint',
      save: 'noteSave',
      wrong: 'noteMissing',
    },
    ...{ refused, focus, main: false },
  });
  const close = form(context, alert, {
    ...{ path: 'clore', field: 'motif', label: 'closeLabel', hint: 'closeHint', save: 'closeSave' },
    ...{ wrong: 'reasonMissing', refused, focus: refused?.field === 'motif', main: false },
  });
  return html`<div class="card pad stack" id="prendre"><div class="sech"><h2>${tell('act')}</h2><div class="right acts">${take}</div></div>${note}<div id="clore"><h3>${tell('closeTitle')}</h3>${close}</div></div>`;
}

interface FormParts {
  readonly path: 'note' | 'clore';
  readonly field: Refused['field'];
  readonly label: 'noteLabel' | 'closeLabel';
  readonly hint: 'noteHint' | 'closeHint';
  readonly save: 'noteSave' | 'closeSave';
  readonly wrong: 'noteMissing' | 'reasonMissing';
  readonly refused: Refused | undefined;
  readonly focus: boolean;
  readonly main: boolean;
}

function form(context: PageContext, { id }: AlertRow, parts: FormParts): Html {
  const { language, to, viewer } = context;
  const tell = teller(portalAlerts, language);
  const { path, field, label, hint, save, wrong, refused, focus } = parts;
  const mine = refused?.field === field ? refused : undefined;
  const error =
    mine === undefined ? nothing : html`<p class="note" id="${field}-faute" role="alert">${tell(wrong)}</p>`;
  const described = `${field}-aide${mine === undefined ? '' : ` ${field}-faute`}`;
  return html`<form method="post" action="${to(`/alertes/${id}/${path}`)}">${formToken(viewer)}${error}<label for="${field}">${tell(label)}</label><textarea class="field" id="${field}" name="${field}" required maxlength="500" aria-describedby="${described}"${mine === undefined ? nothing : html` aria-invalid="true"`}${focus ? html` autofocus` : nothing}>${mine?.typed}</textarea><p class="hint" id="${field}-aide">${tell(hint)}</p><p class="acts"><button class="btn">${tell(save)}</button></p></form>`;
}
