import { hasRight } from '../../accounts/profile.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { SeenPair } from '../reads/region-seen.ts';
import { careSee, speak } from './care-frame.ts';

/** How many days these facilities are still to be asked for, and where; nothing when none lacks, or the page is another's. */
export function catchUpLink(
  { language, to, viewer }: PageContext,
  pairs: readonly Pick<SeenPair, 'facility' | 'lacking'>[],
): Html {
  const owing = pairs.filter(({ lacking }) => lacking > 0);
  const days = owing.reduce((sum, { lacking }) => sum + lacking, 0);
  const facilities = new Set(owing.map(({ facility }) => facility));
  if (days === 0 || !hasRight(viewer, careSee)) return nothing;
  const say = speak(language);
  const words = days === 1 ? say('catchUpLinkOne') : say('catchUpLink', { days });
  const whose = new Set(pairs.map(({ facility }) => facility)).size > 1;
  const [only] = facilities;
  const path = facilities.size === 1 ? `/rattrapage#manque-${only ?? ''}` : '/rattrapage';
  return html`<p class="small owing"><a href="${to(path)}">${words}</a>${whose ? html` (${counted(facilities.size, 'facility', language)})` : nothing}</p>`;
}
