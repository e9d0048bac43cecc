import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { PortalDeps } from '../deps.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Page, PageContext } from '../page.ts';
import { emptyState, pageHead } from '../parts.ts';
import type { DestinationsStanding } from '../reads/destination-reads.ts';
import { teller } from '../typeset.ts';
import { capital, dayWords, hourWords } from '../words.ts';
import { filesTable } from './destination-files.ts';
import { destinationTable } from './destination-table.ts';
import { isTrouble, standingSentence, standingWord, titleOf, worstFirst } from './destination-words.ts';
import type { FilesKnown } from './files-known.ts';
import { resendForm } from './resend-form.ts';

export const destinationsSeenBy = ['regional-operator', 'read-only', 'auditor'] as const;
const shownFiles = 8;

/** Has each agency got everything? */
export function destinationListPage({ config }: Pick<PortalDeps, 'config'>, files: FilesKnown): Page {
  return {
    path: '/destinations',
    see: destinationsSeenBy,
    get: async (context) => {
      const { language, now, viewer } = context;
      const say = teller(portalDestinations, language);
      const today = dayOfInstant(now);
      const fortnight = { from: (today - 13) as Day, to: today };
      const known = await files.known(now);
      const { standing, rows, names } = await context.read(async (reads) => {
        const standing = await reads.destinations.standing({ config, files: known, now, ...fortnight });
        const [worst] = worstFirst(standing.destinations);
        const query = { before: Number.MAX_SAFE_INTEGER, limit: shownFiles };
        const rows =
          worst === undefined
            ? []
            : await reads.destinations.dispatches({ destination: worst.name, ...query });
        return { standing, rows: rows ?? [], names: await reads.destinations.facilityNames() };
      });
      const [worst] = worstFirst(standing.destinations);
      const body = html`${head(context, standing)}${
        worst === undefined
          ? emptyState(say('none'), say('noneText'))
          : html`<section>${destinationTable(context, standing, { config, fortnight })}</section><section class="sec cols" aria-label="${say('files', { name: titleOf(worst) })}">${filesTable(context, say('files', { name: titleOf(worst) }), rows, names)}${
              viewer.profile === 'regional-operator'
                ? resendForm(context, {
                    destinations: config.destinations,
                    names,
                    chosen: { destination: worst.name },
                  })
                : nothing
            }</section>`
      }`;
      return { kind: 'page', title: say('title'), body, nav: 'destinations' };
    },
  };
}

function head({ language, now }: PageContext, { destinations, removed }: DestinationsStanding): Html {
  const say = teller(portalDestinations, language);
  const kicker = `${capital(dayWords(dayOfInstant(now), 'long', language))}, ${hourWords(now)}`;
  const [worst, ...others] = worstFirst(destinations).filter((each) => isTrouble(standingWord(each)));
  const names = [...others.map(titleOf), ...removed.map(({ name }) => name)].join(', ');
  if (worst === undefined)
    return pageHead({
      kicker,
      sentence: destinations.length === 0 ? say('none') : say('allFine'),
      ...(destinations.length === 0
        ? {}
        : {
            lede:
              names === ''
                ? say('allFineLede', {
                    destinations: counted(destinations.length, 'destination', language),
                    at: hourWords(now),
                  })
                : say('problemLede', { names }),
          }),
    });
  return pageHead({
    kicker,
    sentence: standingSentence(worst, now, language),
    lede: names === '' ? say('problemLedeAlone') : say('problemLede', { names }),
  });
}
