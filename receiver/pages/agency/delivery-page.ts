import { portalAgency } from '../../../shared/i18n/portal-agency.ts';
import { answerByHand } from '../../forward/answers/answer-by-hand.ts';
import type { AgencyAnswer } from '../../forward/destination.ts';
import { openParcels } from '../../forward/open-destination.ts';
import { createAgencyDesk, type AgencyDesk } from '../../routes/agency-desk.ts';
import { noteDownload } from '../../forward/answers/note-download.ts';
import type { PortalDeps } from '../deps.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { teller } from '../typeset.ts';
import { isRefusal, ownDestinations } from './agency-words.ts';
import { deliveryBody, type Found } from './delivery-body.ts';
import { createDownloads, type Downloads } from './downloads.ts';

const see = ['agency'] as const;

/** One delivery: take it, acknowledge it, refuse it. The desk is that of the door where agencies' programs fetch. */
export function deliveryPages(deps: PortalDeps): {
  readonly pages: readonly Page[];
  readonly downloads: Downloads;
  readonly desk: AgencyDesk;
} {
  const { config, logger, onChange } = deps;
  const fetched = config.destinations.filter(({ transport }) => transport.kind === 'pull');
  const desk = createAgencyDesk({
    ...deps,
    destinations: fetched,
    openParcels,
    logger,
    onReceipts: onChange,
  });
  const downloads = createDownloads(desk);

  const found = async (context: PageContext): Promise<Found | undefined> => {
    const { destination = '', id = '' } = context.params;
    const settings = ownDestinations(config, context.viewer).find(({ name }) => name === destination);
    if (settings === undefined || !/^\d{1,15}$/.test(id)) return undefined;
    await downloads.back(context.viewer.account);
    const facts = await context.read((reads) => reads.destinations.dispatch(destination, Number(id)));
    return facts === undefined ? undefined : { settings, facts };
  };
  const show = async (context: PageContext, fault?: string): Promise<Answer> => {
    const delivery = await found(context);
    if (delivery === undefined) return missing;
    const names = await context.read((reads) => reads.destinations.facilityNames());
    const body = deliveryBody(context, { ...delivery, names, fault });
    const status = fault === undefined ? {} : { status: 422 };
    return { kind: 'page', title: delivery.facts.row.name, body, nav: 'deliveries', ...status };
  };

  /** At the agency, or its person types what only who holds the file can know. */
  const holds = async (context: ActContext, { settings, facts }: Found): Promise<boolean> => {
    const { row, sealed } = facts;
    if (row.sentAt !== null) return true;
    const typed = context.form('empreinte').replace(/\s/g, '').toLowerCase();
    if (settings.transport.kind !== 'pull' || row.state !== 'waiting') return false;
    if (typed === '' || (typed !== row.digest && typed !== sealed?.digest)) return false;
    desk.fetched(row);
    await desk.drained();
    return true;
  };
  const answer = async (context: ActContext, delivery: Found, said: AgencyAnswer): Promise<Answer> => {
    const { row } = delivery.facts;
    const { changed } = await answerByHand(deps, context.actor, row, said);
    if (changed) onChange();
    return { kind: 'redirect', to: context.to(`/agence/fichiers/${row.destination}/${row.id}`) };
  };

  const pages: readonly Page[] = [
    { path: '/agence/fichiers/:destination/:id', see, get: (context) => show(context) },
    {
      path: '/agence/fichiers/:destination/:id/telecharger',
      see,
      act: {
        may: see,
        post: async (context) => {
          const delivery = await found(context);
          if (delivery === undefined || delivery.settings.transport.kind !== 'pull') return missing;
          const { row, file } = await desk.fetch(delivery.settings.name, delivery.facts.row.name);
          await noteDownload(deps, context.actor, row, file.digest);
          const { name, content } = file;
          const onLeft = (): void => downloads.begun(context.viewer.account, row);
          return { kind: 'file', name, type: 'application/octet-stream', content, onLeft };
        },
      },
    },
    {
      path: '/agence/fichiers/:destination/:id/accuser',
      see,
      act: {
        may: see,
        post: async (context) => {
          const delivery = await found(context);
          if (delivery === undefined || delivery.facts.row.state === 'dead') return missing;
          if (!(await holds(context, delivery)))
            return show(context, teller(portalAgency, context.language)('fingerprintWrong'));
          return answer(context, delivery, { verdict: 'acknowledged', code: null });
        },
      },
    },
    {
      path: '/agence/fichiers/:destination/:id/refuser',
      see,
      act: {
        may: see,
        post: async (context) => {
          const delivery = await found(context);
          if (delivery === undefined || delivery.facts.row.state === 'dead') return missing;
          const say = teller(portalAgency, context.language);
          const code = context.form('motif');
          if (!isRefusal(code)) return show(context, say('reasonMissing'));
          if (!(await holds(context, delivery))) return show(context, say('fingerprintWrong'));
          return answer(context, delivery, { verdict: 'refused', code });
        },
      },
    },
  ];
  return { pages, downloads, desk };
}
