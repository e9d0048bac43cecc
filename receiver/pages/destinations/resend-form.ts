import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { dayOfInstant, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { teller } from '../typeset.ts';

export interface ResendChoice {
  readonly destination?: string;
  readonly from?: string;
  readonly to?: string;
  readonly facility?: string;
}

/** Which days to which destination: it only asks for a preview. */
export function resendForm(
  { language, now, to }: PageContext,
  {
    destinations,
    names,
    chosen,
    fault,
  }: {
    readonly destinations: readonly DestinationConfig[];
    readonly names: ReadonlyMap<string, string>;
    readonly chosen: ResendChoice;
    readonly fault?: string | undefined;
  },
): Html {
  const say = teller(portalDestinations, language);
  const yesterday = (dayOfInstant(now) - 1) as Day;
  const option = (value: string, text: string, wanted: string | undefined): Html =>
    html`<option value="${value}"${value === wanted ? html` selected` : nothing}>${text}</option>`;
  const facilities = [...names].sort(([, one], [, other]) => one.localeCompare(other, language));
  return html`<form class="ask" method="get" action="${to('/renvoi')}" aria-label="${say('resendTitle')}"><h2>${say('resendTitle')}</h2><p class="small muted">${say('resendPreviewFirst')}</p>${
    fault === undefined ? nothing : html`<p class="note" id="r-fault" role="alert">${fault}</p>`
  }<div><label for="r-d">${say('destination')}</label><select class="field" id="r-d" name="destination">${destinations.map(
    ({ name, owner }) => option(name, owner ?? name, chosen.destination),
  )}</select></div><div><label for="r-f">${say('from')}</label><input class="field" type="date" id="r-f" name="du" required value="${chosen.from ?? dayToIso((yesterday - 6) as Day)}"${
    fault === undefined ? nothing : html` aria-describedby="r-fault"`
  } /></div><div><label for="r-t">${say('to')}</label><input class="field" type="date" id="r-t" name="au" required value="${chosen.to ?? dayToIso(yesterday)}" /></div><div><label for="r-e">${say('facility')}</label><select class="field" id="r-e" name="etablissement">${option('', say('any'), chosen.facility)}${facilities.map(
    ([finess, name]) => option(finess, name, chosen.facility),
  )}</select></div><div class="acts"><button class="btn main">${say('preview')}</button></div></form>`;
}
