import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Viewer } from '../../accounts/profile.ts';
import { html, nothing, type Html } from '../html.ts';
import type { SeenFacility } from '../reads/facility-reads.ts';
import { territoryOf } from '../territory.ts';

export interface KickerInput {
  readonly facility: SeenFacility;
  readonly viewer: Pick<Viewer, 'profile'>;
  readonly language: Language;
  readonly to: (path: string) => string;
  /** On the page of a day. */
  readonly below?: boolean;
}

/** Where this page lies: the list, the territory, the FINESS. A hospital has no list of others. */
export function kicker({ facility: { finess, name }, viewer, language, to, below }: KickerInput): Html {
  const list = viewer.profile === 'hospital-admin' ? undefined : to('/etablissements');
  const step = html` <span aria-hidden="true">›</span> `;
  return html`${list === undefined ? nothing : html`<a href="${list}">${portalFacility.list[language]}</a>${step}`}${
    below === true ? html`<a href="${to(`/etablissements/${finess}`)}">${name}</a>` : territoryOf(finess).name
  } <span class="chip">FINESS ${finess}</span>`;
}
