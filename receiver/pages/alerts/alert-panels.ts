import { portalAlerts, type PortalAlertText } from '../../../shared/i18n/portal-alerts.ts';
import type { AlertChannel, AlertEvent, AlertMessage, MessageKind } from '../../store/alert-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { eventWords, outcomeWords } from './alert-words.ts';

const channels: readonly AlertChannel[] = ['email', 'sms', 'webhook'];
const kindNames: Readonly<Record<MessageKind, PortalAlertText>> = {
  ...{ first: 'kindFirst', reminder: 'kindReminder', escalation: 'kindEscalation' },
  ...{ recovery: 'kindRecovery', test: 'kindTest' },
};

/** The latest message, word for word, by the channel asked for. */
export function messagePanel(
  { language, query, here, to }: PageContext,
  site: string,
  messages: readonly AlertMessage[],
): Html {
  const tell = teller(portalAlerts, language);
  const used = channels.filter((channel) => messages.some((each) => each.channel === channel));
  const channel = used.find((each) => each === query.get('canal')) ?? used[0];
  const [latest] = messages.filter((each) => each.channel === channel);
  if (channel === undefined || latest === undefined)
    return html`<div class="card pad"><h2>${tell('messageNone', { site })}</h2><p class="muted">${tell('messageNoneText')}</p></div>`;
  const [path = ''] = here.split('?');
  const links = used.map((each) => {
    const asked = new URLSearchParams(query);
    asked.set('canal', each);
    const current = each === channel ? html` aria-current="true"` : nothing;
    return html`<a href="${to(`${path}?${asked.toString()}`)}"${current}>${tell(each)}</a>`;
  });
  const same = messages.filter(
    (each) => each.channel === channel && each.kind === latest.kind && each.createdAt === latest.createdAt,
  );
  const to_ = [...new Set(same.map(({ address }) => address))].filter((address) => address !== '').join(', ');
  const title = latest.state === 'sent' ? 'message' : 'messageWritten';
  return html`<div class="card pad stack"><div class="sech"><h2>${tell(title, { site })}</h2><div class="right"><span class="seg" role="group" aria-label="${tell('channel')}">${links}</span></div></div><div>${
    to_ === '' ? nothing : html`<p class="small muted">${tell('sentTo', { names: to_ })}</p>`
  }${latest.subject === '' ? nothing : html`<p class="strong">${latest.subject}</p>`}</div><p class="msg">${latest.text.trim()}</p></div>`;
}

export function journalPanel({ language, now }: PageContext, events: readonly AlertEvent[]): Html {
  const tell = teller(portalAlerts, language);
  const lines = events.map(
    (event) =>
      html`<li><time datetime="${new Date(event.at).toISOString()}">${momentWords(event.at, now, language)}</time><span>${eventWords(event, language)}</span></li>`,
  );
  return html`<div class="card" id="journal"><div class="pad"><h2>${tell('journal')}</h2></div><ol class="log">${lines}</ol></div>`;
}

/** Each message and how it fares. */
export function sendingsTable(
  { language, now }: PageContext,
  caption: 'sendings' | 'lastTests',
  messages: readonly AlertMessage[],
): Html {
  const tell = teller(portalAlerts, language);
  if (messages.length === 0) return nothing;
  const rows = messages.map(
    (each) =>
      html`<tr><th scope="row">${each.recipient === '' ? each.role : each.recipient}</th><td>${tell(each.channel)}${each.address === '' ? nothing : html` <span class="muted small">${each.address}</span>`}</td><td>${tell(kindNames[each.kind])}</td><td class="nowrap">${momentWords(each.sentAt ?? each.createdAt, now, language)}</td><td>${outcomeWords(each, now, language)}</td></tr>`,
  );
  const heads = (['who', 'channel', 'kind', 'when', 'outcome'] as const).map(
    (name) => html`<th scope="col">${tell(name)}</th>`,
  );
  return html`<section class="sec"><div class="card scroll" tabindex="0" role="region" aria-label="${tell(caption)}"><table class="tab flow"><caption>${tell(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
