import { permanent } from '../../../shared/runtime/errors.ts';
import { reaches } from '../../accounts/profile.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import { approvalsOf, samePerson } from '../../forward/protection/approvals.ts';
import { approveKey } from '../../forward/protection/approve-key.ts';
import type { PortalDeps } from '../deps.ts';
import { missing, type ActContext, type Answer, type Page } from '../page.ts';
import { approverOf, isOwn, nameOfApprover } from './key-approver.ts';

type Deps = Pick<PortalDeps, 'config' | 'store' | 'clock' | 'onChange'>;

export function keyPages(deps: Deps): readonly Page[] {
  return [
    {
      path: '/administration/cles',
      see: ['administrator'],
      act: { may: ['administrator'], post: (context) => approve(context, deps) },
    },
  ];
}

/** Two different accounts; whoever bears the name of one that approved already counts as the same. */
async function approve(context: ActContext, deps: Deps): Promise<Answer> {
  const { form, actor, viewer, to } = context;
  const { config, store, clock, onChange } = deps;
  const name = form('destination');
  const settings = config.destinations.find((each) => each.name === name);
  if (settings === undefined || !reaches(viewer.destinations, name)) return missing;
  const person = approverOf(actor);
  await approveKey(
    store,
    settings,
    form('empreinte'),
    person,
    clock.now(),
    async (tx, { fingerprint, missing: left }) => {
      // The approval just written is the last one: an own earlier one, or one under the same name, makes it void.
      const before = approvalsOf(await tx.destinations.approvals(name), fingerprint).filter(
        (each) => each.person !== person,
      );
      const again = before.some(
        (each) =>
          isOwn(each.person, viewer) || samePerson(nameOfApprover(each.person)) === samePerson(actor.name),
      );
      if (again) throw permanent('key-approved-already', { facts: { destination: name } });
      await appendAudit(tx, clock, actor, {
        ...{ action: 'key.approve', subject: name, destination: name },
        facts: { fingerprint, missing: left },
      });
    },
  );
  onChange();
  return { kind: 'redirect', to: to('/administration#cles') };
}
