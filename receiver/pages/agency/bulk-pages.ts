import { portalAgency } from '../../../shared/i18n/portal-agency.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { answerByHand } from '../../forward/answers/answer-by-hand.ts';
import { noteDownload } from '../../forward/answers/note-download.ts';
import type { OutgoingFile } from '../../forward/destination.ts';
import { packTogether } from '../../forward/parcel.ts';
import type { AgencyDesk } from '../../routes/agency-desk.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { rangeWords } from '../batches/batch-words.ts';
import { counted } from '../counted.ts';
import type { PortalDeps } from '../deps.ts';
import { html, type Html } from '../html.ts';
import { missing, type Page, type PageContext } from '../page.ts';
import { emptyState, formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import { count } from '../words.ts';
import { ownDestinations } from './agency-words.ts';
import type { Downloads } from './downloads.ts';

const see = ['agency'] as const;

/** What one act may take: a region's morning and its week of arrears. */
export const mostAtOnce = 200;
/** All in memory while it is packed. */
const mostBytes = 64 * 1024 * 1024;

/** Many files in one act: download what is ready, acknowledge what was downloaded. Each has its own line in the journal. */
export function bulkPages(
  deps: PortalDeps,
  desk: Pick<AgencyDesk, 'fetch'>,
  downloads: Downloads,
): readonly Page[] {
  const { config, onChange } = deps;
  const destinationOf = ({ params, viewer }: PageContext): DestinationConfig | undefined =>
    ownDestinations(config, viewer).find(({ name }) => name === params['destination']);

  const taken = async (
    context: PageContext,
    { name }: DestinationConfig,
  ): Promise<readonly DispatchRow[]> => {
    await downloads.back(context.viewer.account);
    return rowsIn(context, name, 'sent');
  };

  return [
    {
      path: '/agence/accuser/:destination',
      see,
      get: async (context) => {
        const settings = destinationOf(context);
        if (settings === undefined) return missing;
        const rows = await taken(context, settings);
        const names = await context.read((reads) => reads.destinations.facilityNames());
        const title = teller(portalAgency, context.language)('bulkTitle');
        const body = acknowledgeBody(context, settings, rows, names);
        return { kind: 'page', title, body, nav: 'deliveries' };
      },
      act: {
        may: see,
        post: async (context) => {
          const settings = destinationOf(context);
          if (settings === undefined) return missing;
          const chosen = new Set(context.all('fichier'));
          // Only what this person's agency holds and has not answered: an answer given meanwhile stands.
          const rows = (await taken(context, settings)).filter(({ id }) => chosen.has(String(id)));
          let isChanged = false;
          for (const row of rows) {
            const said = { verdict: 'acknowledged', code: null } as const;
            isChanged = (await answerByHand(deps, context.actor, row, said)).changed || isChanged;
          }
          if (isChanged) onChange();
          return { kind: 'redirect', to: context.to('/agence') };
        },
      },
    },
    {
      path: '/agence/telecharger/:destination',
      see,
      act: {
        may: see,
        post: async (context) => {
          const settings = destinationOf(context);
          if (settings?.transport.kind !== 'pull') return missing;
          await downloads.back(context.viewer.account);
          const files: OutgoingFile[] = [];
          const rows: DispatchRow[] = [];
          let bytes = 0;
          for (const { name } of (await rowsIn(context, settings.name, 'waiting')).toReversed()) {
            const found = await fetched(desk, settings.name, name);
            if (found === undefined) continue;
            bytes += found.file.content.length;
            // What does not fit comes with the next download.
            if (files.length > 0 && bytes > mostBytes) break;
            await noteDownload(deps, context.actor, found.row, found.file.digest);
            rows.push(found.row);
            files.push(found.file);
          }
          if (files.length === 0) return { kind: 'redirect', to: context.to('/agence') };
          const content = packTogether(files);
          const onLeft = (): void => {
            for (const row of rows) downloads.begun(context.viewer.account, row);
          };
          return { kind: 'file', name: `${settings.name}.zip`, type: 'application/zip', content, onLeft };
        },
      },
    },
  ];
}

async function rowsIn(
  { read }: PageContext,
  destination: string,
  state: 'sent' | 'waiting',
): Promise<readonly DispatchRow[]> {
  const query = { destination, state, before: Number.MAX_SAFE_INTEGER, limit: mostAtOnce };
  return (await read((reads) => reads.destinations.dispatches(query))) ?? [];
}

/** Undefined: its content is kept no longer, or a person has set it aside meanwhile. */
async function fetched(desk: Pick<AgencyDesk, 'fetch'>, destination: string, name: string) {
  try {
    return await desk.fetch(destination, name);
  } catch (error) {
    if (asFault(error).code === 'agency-content-gone') return undefined;
    throw error;
  }
}

function acknowledgeBody(
  context: PageContext,
  settings: DestinationConfig,
  rows: readonly DispatchRow[],
  names: ReadonlyMap<string, string>,
): Html {
  const { language, to, viewer } = context;
  const say = teller(portalAgency, language);
  const kicker = html`<a href="${to('/agence')}">${say('title')}</a> <span aria-hidden="true">›</span> ${settings.owner ?? settings.name}`;
  if (rows.length === 0)
    return html`${pageHead({ kicker, sentence: say('bulkNone') })}${emptyState(say('bulkNone'), say('bulkNoneText'))}`;
  const files = counted(rows.length, 'file', language);
  const visits = counted(
    rows.reduce((sum, { records }) => sum + records, 0),
    'visit',
    language,
  );
  const lines = rows.map(
    (row) =>
      html`<tr><td><input type="checkbox" id="f-${row.id}" name="fichier" value="${row.id}" checked /></td><th scope="row"><label for="f-${row.id}">${names.get(row.facility) ?? row.facility}</label></th><td>${rangeWords(row.from, row.to, language)}</td><td class="num" data-l="${say('visits').toLowerCase()}">${count(row.records, language)}</td><td class="mono small full">${row.name}</td></tr>`,
  );
  return html`${pageHead({ kicker, sentence: say('bulkSentence', { files, visits }), lede: say('bulkLede') })}<form method="post" action="${to(`/agence/accuser/${settings.name}`)}">${formToken(viewer)}<div class="card scroll" tabindex="0" role="region" aria-label="${say('bulkTitle')}"><table class="tab flow"><caption class="sr">${say('bulkTitle')}</caption><thead><tr><th scope="col">${say('bulkChosen')}</th><th scope="col">${say('facility')}</th><th scope="col">${say('days')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col">${say('file')}</th></tr></thead><tbody>${lines}</tbody></table></div><p class="acts"><button class="btn main">${say('bulkAct')}</button><a class="btn" href="${to('/agence')}">${say('bulkCancel')}</a></p></form>`;
}
