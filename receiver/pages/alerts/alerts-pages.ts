import { asFault } from '../../../shared/runtime/errors.ts';
import { createAlertActs } from '../../alerts/acts.ts';
import { callFacility } from '../../alerts/call-facility.ts';
import { isFiness } from '../../../shared/feeds/facility.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { reaches } from '../../accounts/profile.ts';
import { createWatchRules } from '../../monitor/settings.ts';
import type { AlertRow } from '../../store/alert-tables.ts';
import type { PortalDeps } from '../deps.ts';
import { missing, type ActContext, type Answer, type Page } from '../page.ts';
import { isWithin } from '../reads/alert-reads.ts';
import { reachOf } from '../reads/reach.ts';
import { alertListPage } from './alert-list-page.ts';
import { alertPage, idOf, type Refused } from './alert-page.ts';
import { mayAct } from './alert-table.ts';
import { testsPage } from './tests-page.ts';

const see = ['regional-operator', 'read-only', 'auditor', 'hospital-admin'] as const;
const may = ['regional-operator', 'hospital-admin'] as const;

/** What is open, who has it; one alert; who is told. */
export function createAlertPages(deps: PortalDeps): readonly Page[] {
  const { config } = deps;
  const rules = createWatchRules(config.watching);
  const acts = createAlertActs(deps);
  const mine =
    ({ viewer }: ActContext) =>
    (alert: AlertRow): boolean =>
      isWithin(reachOf(viewer), alert) && mayAct({ viewer }, alert);

  /** What lies beyond the reach is not there; what the form lacks is said beside it. */
  const acting = async (
    context: ActContext,
    field: Refused['field'],
    act: (id: number, text: string) => Promise<void>,
  ): Promise<Answer> => {
    const id = idOf(context);
    if (id === undefined || !(await isTheirs(context, id))) return missing;
    const typed = context.form(field);
    try {
      await act(id, typed);
    } catch (error) {
      const { code } = asFault(error);
      if (code !== 'alert-reason-missing' && code !== 'alert-reason-long') throw error;
      return alertPage(context, { rules }, { field, typed });
    }
    return { kind: 'redirect', to: context.to(`/alertes/${id}`) };
  };

  return [
    { path: '/alertes', see, get: (context) => alertListPage(context, { config, rules }) },
    {
      path: '/alertes/essais',
      see: ['administrator'],
      get: (context) => testsPage(context, config.alerts),
      act: {
        may: ['administrator'],
        post: async ({ form, actor, to }) => {
          await acts.test(form('destinataire'), actor);
          return { kind: 'redirect', to: to('/alertes/essais') };
        },
      },
    },
    {
      path: '/alertes/appel',
      see: ['regional-operator'],
      act: {
        may: ['regional-operator'],
        post: async (context) => {
          const { form, actor, viewer, to } = context;
          const pair = { facility: form('etablissement'), feed: form('flux') };
          if (!isFiness(pair.facility) || feedNamed(pair.feed) === undefined) return missing;
          if (!reaches(viewer.facilities, pair.facility)) return missing;
          const alert = await context.read(({ alerts }) => alerts.openOf(pair));
          if (alert === undefined) {
            await callFacility(deps, pair, actor);
            return { kind: 'redirect', to: to(`/etablissements/${pair.facility}`) };
          }
          await acts.call(alert.id, actor, mine(context));
          return { kind: 'redirect', to: to(`/alertes/${alert.id}?prise=${alert.id}&note=1#note`) };
        },
      },
    },
    { path: '/alertes/:id', see, get: (context) => alertPage(context, { rules }) },
    {
      path: '/alertes/:id/prendre',
      see,
      act: {
        may,
        post: async (context) => {
          const id = idOf(context);
          if (id === undefined || !(await isTheirs(context, id))) return missing;
          await acts.take(id, context.actor, mine(context));
          const path = context.form('de') === 'page' ? `/alertes/${id}` : '/alertes';
          return { kind: 'redirect', to: context.to(`${path}?prise=${id}`) };
        },
      },
    },
    {
      path: '/alertes/:id/rendre',
      see,
      act: {
        may,
        post: async (context) => {
          const id = idOf(context);
          if (id === undefined || !(await isTheirs(context, id))) return missing;
          await acts.release(id, context.actor, mine(context));
          return { kind: 'redirect', to: context.to('/alertes') };
        },
      },
    },
    {
      path: '/alertes/:id/note',
      see,
      act: {
        may,
        post: (context) =>
          acting(context, 'note', (id, text) => acts.note(id, context.actor, mine(context), text)),
      },
    },
    {
      path: '/alertes/:id/clore',
      see,
      act: {
        may,
        post: (context) =>
          acting(context, 'motif', (id, text) => acts.close(id, context.actor, mine(context), text)),
      },
    },
  ];
}

async function isTheirs(context: ActContext, id: number): Promise<boolean> {
  const alert = await context.read(({ alerts }) => alerts.get(id));
  return alert !== undefined && mayAct(context, alert);
}
