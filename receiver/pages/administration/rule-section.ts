import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import type { WatchingConfig } from '../../config-watching.ts';
import { html, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { RegisteredFacility } from '../reads/administration-reads.ts';
import { count } from '../words.ts';
import { teller } from '../typeset.ts';

/** What the watching goes by; where a facility has its own, a line of its own. */
export function ruleSection(
  { language }: PageContext,
  watching: WatchingConfig,
  facilities: readonly RegisteredFacility[],
): Html {
  const say = teller(portalAdministration, language);
  const minutes = (value: number): string => say('minutes', { count: count(value, language) });
  const row = (name: string, due: string | undefined, grace: number, zone: string | undefined): Html =>
    html`<tr><th scope="row">${name}</th><td>${due ?? say('learned')}</td><td>${minutes(grace)}</td><td>${zone ?? '—'}</td></tr>`;
  const own = facilities.flatMap(({ finess, name }) => {
    const rules = watching.facilities[finess];
    return rules === undefined
      ? []
      : [row(name, rules.before, rules.graceMinutes ?? watching.graceMinutes, rules.zone ?? watching.zone)];
  });
  return html`<section class="sec" id="regles" aria-label="${say('rules')}"><div class="card scroll" tabindex="0" role="region" aria-label="${say('rulesLabel')}"><table class="tab"><caption>${say('rules')}</caption><thead><tr><th scope="col">${say('facilities')}</th><th scope="col">${say('due')}</th><th scope="col">${say('grace')}</th><th scope="col">${say('zone')}</th></tr></thead><tbody>${row(say('region'), undefined, watching.graceMinutes, watching.zone)}${own}</tbody></table></div><p class="small muted">${say('rulesText')}</p></section>`;
}
