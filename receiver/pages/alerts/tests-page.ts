import { portalAlerts } from '../../../shared/i18n/portal-alerts.ts';
import type { AlertRecipient, AlertsConfig } from '../../config-alerts.ts';
import { html, type Html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { emptyState, formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import { capital } from '../words.ts';
import { sendingsTable } from './alert-panels.ts';
import { roleWords } from './alert-words.ts';

/** Who is told, tried out: a message to each of somebody's addresses, and how it fared. */
export async function testsPage(
  context: PageContext,
  { recipients }: Pick<AlertsConfig, 'recipients'>,
): Promise<Answer> {
  const { language, read } = context;
  const tell = teller(portalAlerts, language);
  const tests = await read(({ alerts }) => alerts.tests());
  const heads = (['recipient', 'role', 'channels', 'quiet'] as const).map(
    (name) => html`<th scope="col">${tell(name)}</th>`,
  );
  const list =
    recipients.length === 0
      ? emptyState(tell('noRecipients'), tell('nobodyTold'))
      : html`<div class="card scroll" tabindex="0" role="region" aria-label="${tell('recipients')}"><table class="tab flow"><caption>${tell('recipients')}</caption><thead><tr>${heads}<th scope="col"><span class="sr">${tell('action')}</span></th></tr></thead><tbody>${recipients.map((each) => line(context, each))}</tbody></table></div>`;
  const outcomes =
    tests.length === 0
      ? html`<section class="sec">${emptyState(tell('testNone'), tell('testNoneText'))}</section>`
      : html`<div data-live="essais">${sendingsTable(context, 'lastTests', tests)}</div>`;
  const body = html`${pageHead({ sentence: tell('testsSentence'), lede: tell('testsLede') })}${list}${outcomes}`;
  return { kind: 'page', title: tell('tests'), nav: 'alerts', live: true, body };
}

function line({ language, to, viewer }: PageContext, recipient: AlertRecipient): Html {
  const tell = teller(portalAlerts, language);
  const { name, role, emails, sms, webhooks, quietHours } = recipient;
  const counts = [
    ...(emails.length > 0 ? [`${tell('email')} ×\u00a0${emails.length}`] : []),
    ...(sms.length > 0 ? [`${tell('sms')} ×\u00a0${sms.length}`] : []),
    ...(webhooks.length > 0 ? [`${tell('webhook')} ×\u00a0${webhooks.length}`] : []),
  ].join(', ');
  const quiet =
    quietHours === undefined
      ? tell('quietNone')
      : tell(quietHours.criticalPasses ? 'quietPasses' : 'quietHours', {
          from: quietHours.from,
          to: quietHours.to,
        });
  return html`<tr><th scope="row">${name}</th><td>${capital(roleWords(role, language))}</td><td>${counts}</td><td class="muted">${quiet}</td><td><form method="post" action="${to('/alertes/essais')}">${formToken(viewer)}<input type="hidden" name="destinataire" value="${name}" /><button class="btn sm">${tell('sendTest')}</button></form></td></tr>`;
}
