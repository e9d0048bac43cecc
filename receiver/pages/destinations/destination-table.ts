import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../../config.ts';
import type { DeliveryDay } from '../../store/listing-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { DestinationsStanding, DestinationStanding } from '../reads/destination-reads.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import {
  acknowledges,
  nextWords,
  ruleWords,
  standingBadge,
  standingWord,
  titleOf,
} from './destination-words.ts';

export interface Fortnight {
  readonly from: Day;
  readonly to: Day;
}

export function destinationTable(
  context: PageContext,
  { destinations, removed }: DestinationsStanding,
  { config, fortnight }: { readonly config: ReceiverConfig; readonly fortnight: Fortnight },
): Html {
  const { language } = context;
  const say = teller(portalDestinations, language);
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('title')}"><table class="tab flow"><caption class="sr">${say('title')}</caption><thead><tr><th scope="col">${say('destination')}</th><th scope="col">${say('state')}</th><th scope="col">${say('lastAcknowledged')}</th><th scope="col">${say('nextSending')}</th><th scope="col" class="num">${say('inQueue')}</th><th scope="col">${say('fortnight')}</th><th scope="col"><span class="sr">${say('action')}</span></th></tr></thead><tbody>${destinations.map(
    (each) => {
      const { name, counts } = each;
      const settings = config.destinations.find((one) => one.name === name);
      return html`<tr><th scope="row"><a href="${context.to(`/destinations/${name}`)}">${titleOf(each)}</a><small>${ruleWords(each, language)}</small></th><td>${standingBadge(standingWord(each), language)}</td><td>${lastWords(each, acknowledges(settings), context)}</td><td class="hide">${nextWords(each, context.now, language)}</td><td class="num hide">${count(counts.waiting + counts.sending, language)}</td><td class="hide">${dashes(each.days, fortnight, language)}</td><td class="hide">${action(context, each)}</td></tr>`;
    },
  )}${removed.map(
    ({ name, waiting }) =>
      html`<tr><th scope="row"><a href="${context.to(`/destinations/${name}`)}">${name}</a></th><td>${standingBadge('removed', language)}</td><td>—</td><td class="hide">—</td><td class="num hide">${count(waiting, language)}</td><td class="hide">—</td><td class="hide"></td></tr>`,
  )}</tbody></table></div>`;
}

function lastWords(each: DestinationStanding, expected: boolean, { now, language }: PageContext): string {
  const say = teller(portalDestinations, language);
  const { lastAcknowledged, lastSentAt } = each;
  if (lastAcknowledged !== null) return momentWords(lastAcknowledged.changedAt, now, language);
  if (lastSentAt !== null) return say('lastSent', { at: momentWords(Date.parse(lastSentAt), now, language) });
  return say(expected ? 'never' : 'noAnswer');
}

type DayTone = 'fine' | 'waiting' | 'trouble' | 'none';
const dashClasses: Readonly<Record<DayTone, string>> = {
  fine: '',
  waiting: 'late',
  trouble: 'silent',
  none: 'none',
};

/** One dash a day of composing, the latest at the right; its name counts them. */
function dashes(days: readonly DeliveryDay[], { from, to }: Fortnight, language: Language): Html {
  const tones = Array.from({ length: to - from + 1 }, (_, at) =>
    toneOf(days.filter(({ day }) => day === from + at)),
  );
  const of = (tone: DayTone): number => tones.filter((each) => each === tone).length;
  const label = teller(portalDestinations, language)('dashes', {
    fine: of('fine'),
    waiting: of('waiting'),
    trouble: of('trouble'),
    none: of('none'),
  });
  return html`<span class="dash" role="img" aria-label="${label}">${tones.map((tone) =>
    tone === 'fine' ? html`<i></i>` : html`<i class="${dashClasses[tone]}"></i>`,
  )}</span>`;
}

function toneOf(states: readonly DeliveryDay[]): DayTone {
  if (states.length === 0) return 'none';
  const has = (...wanted: readonly DeliveryDay['state'][]): boolean =>
    states.some(({ state }) => wanted.includes(state));
  if (has('refused', 'dead')) return 'trouble';
  return has('waiting', 'sending') ? 'waiting' : 'fine';
}

/** The one thing to do about it; only for those who may. */
function action(context: PageContext, each: DestinationStanding): Html {
  const { viewer, language, to } = context;
  const say = teller(portalDestinations, language);
  const open = html`<a class="btn sm" href="${to(`/destinations/${each.name}`)}">${say('open')}</a>`;
  if (viewer.profile !== 'regional-operator') return open;
  const word = standingWord(each);
  if (word === 'paused')
    return html`<a class="btn sm" href="${to(`/destinations/${each.name}/reprise`)}">${say('resume')}</a>`;
  return word === 'down' ? tryForm(context, each.name) : open;
}

export function tryForm({ viewer, language, to }: PageContext, name: string): Html {
  if (viewer.profile !== 'regional-operator') return nothing;
  return html`<form method="post" action="${to(`/destinations/${name}/essai`)}">${formToken(viewer)}<button class="btn sm">${portalDestinations.try[language]}</button></form>`;
}
