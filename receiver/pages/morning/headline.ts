import { portalMorning } from '../../../shared/i18n/portal-morning.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { pageHead } from '../parts.ts';
import type { RegionSeen } from '../reads/region-seen.ts';
import { numberWords, teller } from '../typeset.ts';
import { capital, count, dayWords, hourWords } from '../words.ts';
import { visitWords } from './cause-words.ts';
import { answersOf, mainDestination } from './deliveries.ts';
import type { Tally } from './tally.ts';

/** The morning's question answered in a sentence: whom to call, or that nobody is to be called; then the totals. */
export function headline(seen: RegionSeen, tally: Tally, language: Language): Html {
  const tell = teller(portalMorning, language);
  return pageHead({
    kicker: tell('kicker', {
      today: capital(dayWords(dayOfInstant(seen.at), 'long', language)),
      day: dayWords(tally.day, 'weekday', language),
    }),
    sentence: sentence(seen, tally, language),
    lede: html`${totals(tally, language)} ${acknowledgements(seen, tally, language)}`,
    aside: html`<p class="live" role="status"><i></i>${tell('upToDate', { at: hourWords(seen.at) })}</p>`,
  });
}

export function facilityWords(number: number, language: Language, inFigures = false): string {
  const tell = teller(portalMorning, language);
  const word = inFigures ? count(number, language) : numberWords(number, language);
  return tell(number < 2 && (number === 1 || language === 'fr') ? 'facility' : 'facilities', {
    number: word,
  });
}

function sentence(
  { blocked, destinations: all }: RegionSeen,
  { toTreat, connected, pending, visits }: Tally,
  language: Language,
): HtmlPart {
  const tell = teller(portalMorning, language);
  const [wrong, total, later] = [toTreat.size, connected.size, pending.size];
  const done = total - wrong - later;
  if (wrong === 0) {
    if (later > 0) return tell('nothingMissing', { done, pending: later });
    const waiting = blocked.reduce((sum, { records }) => sum + records, 0);
    const owners = new Map(all.map(({ name, owner }) => [name, owner]));
    const destinations = blocked.map(({ name }) => owners.get(name) ?? name).join(', ');
    if (waiting > 0) return tell('onlyBlocked', { visits: visitWords(waiting, language), destinations });
    const facilities = facilityWords(total, language, true);
    return tell('allHere', { facilities, visits: visitWords(visits, language) });
  }
  const loud = html`<em>${capital(facilityWords(wrong, language))}</em>`;
  if (wrong === total && total > 1) return html`${loud}${tell('allToTreat')}`;
  const others =
    later > 0
      ? tell('othersPending', { done, pending: later })
      : tell(done === 1 ? 'otherDone' : 'othersDone', { count: done });
  return html`${loud}${tell(wrong === 1 ? 'isToTreat' : 'areToTreat', { total, others })}`;
}

function totals({ visits, expected }: Tally, language: Language): string {
  const tell = teller(portalMorning, language);
  const received = visitWords(visits, language);
  return expected === null
    ? tell('totalsOnly', { received })
    : tell('totals', { received, expected: count(expected, language) });
}

function acknowledgements(seen: RegionSeen, tally: Tally, language: Language): string {
  const tell = teller(portalMorning, language);
  const main = mainDestination(seen);
  if (main === undefined) return '';
  const { delivered, acknowledged } = answersOf(tally, main.name);
  if (delivered === 0 || (!main.acknowledges && acknowledged === 0)) return '';
  return delivered === acknowledged
    ? tell('acknowledgedAll', {
        owner: main.owner,
        facilities: facilityWords(acknowledged, language, true),
      })
    : tell('acknowledgedSome', { owner: main.owner, count: acknowledged, delivered });
}
