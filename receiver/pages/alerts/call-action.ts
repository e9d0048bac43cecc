import { portalAlerts } from '../../../shared/i18n/portal-alerts.ts';
import { hasRight } from '../../accounts/profile.ts';
import type { FeedOfFacility } from '../../store/watch-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import { teller } from '../typeset.ts';

/** "J'appelle", or who has it already: for what is open of a facility's feed. */
export async function callAction(context: PageContext, pair: FeedOfFacility): Promise<Html> {
  const { language, read, to, viewer } = context;
  const tell = teller(portalAlerts, language);
  const alert = await read(({ alerts }) => alerts.openOf(pair));
  if (alert?.takenName != null)
    return html`<a class="btn sm" href="${to(`/alertes/${alert.id}`)}">${tell('callTakenBy', { name: alert.takenName })}</a>`;
  if (hasRight(viewer, ['regional-operator']))
    return html`<form method="post" action="${to('/alertes/appel')}">${formToken(viewer)}<input type="hidden" name="etablissement" value="${pair.facility}" /><input type="hidden" name="flux" value="${pair.feed}" /><button class="btn sm main">${tell('call')}</button></form>`;
  return alert === undefined
    ? nothing
    : html`<a class="btn sm" href="${to(`/alertes/${alert.id}`)}">${tell('see')}</a>`;
}
