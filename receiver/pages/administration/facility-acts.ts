import { permanent } from '../../../shared/runtime/errors.ts';
import { dayFromIso, dayToIso } from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import { putAlias } from '../../apply/alias.ts';
import { reasonOf } from '../../apply/proposals.ts';
import { checkedFiness, registerFacility } from '../../apply/register-facility.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import type { PortalDeps } from '../deps.ts';
import { missing, type ActContext, type Answer, type Page } from '../page.ts';

type Deps = Pick<PortalDeps, 'store' | 'clock' | 'random' | 'sign' | 'targets' | 'onChange'>;

const longestName = 200;

export function facilityPages(deps: Deps): readonly Page[] {
  return [
    {
      path: '/administration/etablissements',
      see: ['administrator'],
      act: { may: ['administrator'], post: (context) => register(context, deps) },
    },
    {
      path: '/administration/rattachements',
      see: ['administrator'],
      act: { may: ['administrator'], post: (context) => join(context, deps) },
    },
  ];
}

async function register({ form, actor, viewer, to }: ActContext, deps: Deps): Promise<Answer> {
  const { store, clock, random, onChange } = deps;
  const finess = checkedFiness(form('finess'));
  const name = form('nom').slice(0, longestName);
  if (name === '') throw permanent('facility-name-missing');
  if (!reaches(viewer.facilities, finess)) return missing;
  await store.transaction((tx) => registerFacility(tx, { finess, name }, { actor, clock, random }));
  // Exports may have waited for it.
  onChange();
  return { kind: 'redirect', to: to('/administration#etablissements') };
}

async function join({ form, actor, viewer, to }: ActContext, deps: Deps): Promise<Answer> {
  const { store, clock, random, sign, targets, onChange } = deps;
  const [old, next] = [checkedFiness(form('ancien')), checkedFiness(form('nouveau'))];
  const from = dayFromIso(form('jour'));
  const reason = reasonOf(form('motif'));
  if (from === undefined || checkedFiness(form('preuve')) !== old) throw permanent('alias-mistyped');
  if (!reaches(viewer.facilities, old) || !reaches(viewer.facilities, next)) return missing;
  await putAlias(
    { old, to: next, from },
    {
      ...{ store, clock, random, sign, targets },
      writeDown: (tx, { moved }) =>
        appendAudit(tx, clock, actor, {
          ...{ action: 'facility.alias', subject: old, facility: next, reason },
          facts: { old, from: dayToIso(from), moved },
        }),
    },
  );
  onChange();
  return { kind: 'redirect', to: to('/administration#etablissements') };
}
