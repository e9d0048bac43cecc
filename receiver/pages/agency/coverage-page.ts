import { portalAgency } from '../../../shared/i18n/portal-agency.ts';
import { portalStates } from '../../../shared/i18n/portal-states.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import type { PortalDeps } from '../deps.ts';
import { glyph, stateMarks } from '../glyphs.ts';
import { html, type Html } from '../html.ts';
import type { Page, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import type { SeenPair } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { count, dayWords } from '../words.ts';
import { ownDestinations } from './agency-words.ts';
import { pairsFor } from './reservations.ts';

const shownDays = 14;

/** How complete is what I get, facility by facility and day by day? */
export function coveragePage({ config }: Pick<PortalDeps, 'config'>): Page {
  return {
    path: '/agence/couverture',
    see: ['agency'],
    get: async (context) => {
      const { language, viewer } = context;
      const say = teller(portalAgency, language);
      const own = ownDestinations(config, viewer);
      const region = await context.region();
      const pairs = pairsFor(region, own);
      const last = (dayOfInstant(region.at) - 1) as Day;
      const days = Array.from({ length: shownDays }, (_, at) => (last - shownDays + 1 + at) as Day);
      const due = pairs.flatMap((pair) =>
        pair.days.filter(({ day, state }) => day === last && state !== null),
      );
      const whole = due.filter(({ state }) => state === 'received' || state === 'late').length;
      const sentence =
        pairs.length === 0
          ? say('coverageNone')
          : say('coverageSentence', { n: whole, of: pairs.length, day: dayWords(last, 'weekday', language) });
      const body = html`${pageHead({ kicker: say('kicker', { names: own.map(({ owner, name }) => owner ?? name).join(', '), region: config.region }), sentence, lede: say('coverageLede') })}${
        pairs.length === 0
          ? emptyState(say('coverageNone'), say('coverageNoneText'))
          : table(context, pairs, days)
      }`;
      return { kind: 'page', title: say('coverageTitle'), body, nav: 'coverage' };
    },
  };
}

function table({ language }: PageContext, pairs: readonly SeenPair[], days: readonly Day[]): Html {
  const say = teller(portalAgency, language);
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('coverageCaption')}"><table class="tab"><caption class="sr">${say('coverageCaption')}</caption><thead><tr><th scope="col">${say('facility')}</th>${days.map(
    (day) => html`<th scope="col" class="num">${dayWords(day, 'month', language)}</th>`,
  )}</tr></thead><tbody>${pairs.map(
    (pair) =>
      html`<tr><th scope="row">${pair.name}</th>${days.map((day) =>
        cell(
          pair.days.find((each) => each.day === day),
          language,
        ),
      )}</tr>`,
  )}</tbody></table></div>`;
}

function cell(seen: WatchedDay | undefined, language: Language): Html {
  if (seen === undefined || seen.state === null)
    return html`<td class="num"><span aria-hidden="true">·</span><span class="sr">${portalAgency.notDue[language]}</span></td>`;
  const { state, count: visits } = seen;
  if (state === 'received') return html`<td class="num">${count(visits, language)}</td>`;
  const { badge, glyph: mark } = stateMarks[state];
  return html`<td class="num"><span class="b ${badge}">${glyph(mark)}${count(visits, language)}<span class="sr"> ${portalStates[state][language]}</span></span></td>`;
}
