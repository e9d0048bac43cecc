import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { RegisteredFacility } from '../reads/administration-reads.ts';
import { dayWords } from '../words.ts';
import { teller } from '../typeset.ts';

export function facilitySection(context: PageContext, facilities: readonly RegisteredFacility[]): Html {
  const { language, to, viewer } = context;
  const say = teller(portalAdministration, language);
  const rows = facilities.map(
    ({ finess, name, addedAt, alias }) =>
      html`<tr><th scope="row"><a href="${to(`/etablissements/${finess}`)}">${name}</a>${alias === null ? nothing : html` <small>${say('aliasTo', { ...alias })}</small>`}</th><td class="mono">${finess}</td><td>${dayWords(dayOfInstant(addedAt), 'month', language)}</td></tr>`,
  );
  const field = (id: string, name: string, label: string, type = 'text'): Html =>
    html`<div><label for="${id}">${label}</label><input class="field" id="${id}" name="${name}" type="${type}" maxlength="200" required /></div>`;
  return html`<section class="sec" id="etablissements" aria-label="${say('facilities')}"><div class="card scroll" tabindex="0" role="region" aria-label="${say('facilitiesLabel')}"><table class="tab"><caption>${say('facilities')}</caption><thead><tr><th scope="col">${say('name')}</th><th scope="col">${say('finess')}</th><th scope="col">${say('since')}</th></tr></thead><tbody>${rows}</tbody></table></div><details class="sec"><summary>${say('addFacility')}</summary><form class="ask" method="post" action="${to('/administration/etablissements')}">${formToken(viewer)}${field('etab-finess', 'finess', say('finess'))}${field('etab-nom', 'nom', say('name'))}<div class="acts"><button class="btn main">${say('add')}</button></div></form></details><details><summary>${say('alias')}</summary><form class="ask" method="post" action="${to('/administration/rattachements')}">${formToken(viewer)}<p class="note">${say('aliasText')}</p>${field('alias-ancien', 'ancien', say('oldFiness'))}${field('alias-nouveau', 'nouveau', say('newFiness'))}${field('alias-jour', 'jour', say('fromDay'), 'date')}${field('alias-preuve', 'preuve', say('typeOld'))}<div><label for="alias-motif">${say('reason')} <span class="hint">${say('reasonHint')}</span></label><textarea class="field" id="alias-motif" name="motif" maxlength="500" required></textarea></div><div class="acts"><button class="btn warn">${say('join')}</button></div></form></details></section>`;
}
