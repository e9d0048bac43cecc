import { asFault, type Fault } from '../../../shared/runtime/errors.ts';
import { reaches, type Viewer } from '../../accounts/profile.ts';
import { createPrinter } from '../../reports/chromium.ts';
import { parseGroups, setGroups } from '../../reports/groups.ts';
import { fileName } from '../../reports/make-files.ts';
import { createMakeNow, type MakeNow, type ReportWish } from '../../reports/make-now.ts';
import { periodHolding } from '../../reports/period.ts';
import { reportTypes } from '../../reports/report-message.ts';
import { reportKinds } from '../../store/report-tables.ts';
import type { PortalDeps } from '../deps.ts';
import { missing, type ActContext, type Answer, type Page } from '../page.ts';
import { toldFault } from '../told-fault.ts';
import { groupsPage } from './groups-page.ts';
import { reportListPage, wishers, type Refused } from './report-list-page.ts';
import { reportFile, sheetPage } from './sheet-page.ts';

/** Somebody waits for the answer: what has not been printed by then is kept without its PDF. */
const printMs = 20_000;

/** What a region or a hospital reports: kept reports, those made at somebody's wish, and what they count by. */
export function createReportPages({ config, store, clock }: PortalDeps): readonly Page[] {
  const see = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const;
  const { chromium } = config.reports;
  const print = chromium === undefined ? undefined : createPrinter(chromium, { timeoutMs: printMs });
  const makeNow = createMakeNow({ config, store, clock, print });
  return [
    {
      path: '/rapports',
      see,
      get: (context) => reportListPage(context, config.reports),
      act: {
        may: wishers,
        post: (context) =>
          refusable(
            context,
            () => make(context, makeNow),
            (refused) => reportListPage(context, config.reports, refused),
          ),
      },
    },
    {
      path: '/rapports/groupes',
      see,
      get: (context) => groupsPage(context),
      act: {
        may: ['administrator'],
        post: (context) =>
          refusable(
            context,
            async () => {
              const groups = parseGroups(context.form('groupes'), 'YAML');
              await setGroups({ store, clock }, context.actor, groups, context.form('motif'));
              return { kind: 'redirect', to: context.to('/rapports/groupes') };
            },
            (refused) => groupsPage(context, refused),
          ),
      },
    },
    { path: '/rapports/:id', see, get: sheetPage },
    {
      path: '/rapports/:id/fichier/:forme',
      see,
      get: (context) =>
        reportFile(context, (row, form) => ({ name: fileName(row, form), type: reportTypes[form] })),
    },
  ];
}

async function make(context: ActContext, makeNow: MakeNow): Promise<Answer> {
  const wish = wishOf(context);
  if (wish === undefined) return missing;
  const id = await makeNow(context.actor, wish);
  return { kind: 'redirect', to: context.to(`/rapports/${id}`) };
}

/** Undefined: of a place beyond the reach. What a form of ours would not say is as its first choice. */
function wishOf({ form, viewer, now }: ActContext): ReportWish | undefined {
  const facility = form('etablissement') === '' ? null : form('etablissement');
  if (!mayWish(viewer, facility)) return undefined;
  const kind = reportKinds.find((each) => each === form('type')) ?? 'weekly';
  const language = form('langue') === 'en' ? 'en' : 'fr';
  return { ...periodHolding(kind, form('jour'), now), facility, language };
}

function mayWish({ facilities }: Viewer, facility: string | null): boolean {
  return facility === null ? facilities === 'all' : reaches(facilities, facility);
}

/** What is wrong is said on the page of the form, which keeps what was typed. */
async function refusable(
  { language, form }: ActContext,
  work: () => Promise<Answer>,
  show: (refused: Refused) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const fault: Fault = asFault(error);
    if (!/^(report|syndromes)-/.test(fault.code)) throw error;
    const { message, hint } = toldFault(fault, language);
    return show({ message, hint, form });
  }
}
