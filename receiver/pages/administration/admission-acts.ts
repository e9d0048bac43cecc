import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import { portalKeys } from '../../../shared/i18n/portal-keys.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import { approvalEntry } from '../../auth/agent-entries.ts';
import { approveAgent } from '../../auth/enrolment.ts';
import type { PortalDeps } from '../deps.ts';
import { html } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import type { AgentSeen } from '../reads/administration-reads.ts';
import { teller } from '../typeset.ts';

type Deps = Pick<PortalDeps, 'store' | 'clock' | 'onChange'>;

/** A second person lets in the machine that waits; the digest is never shown here, for it is what the hospital must say. */
export function admissionPages(deps: Deps): readonly Page[] {
  return [
    {
      path: '/administration/agents/:id/admettre',
      see: ['administrator'],
      get: async (context) => {
        const agent = await waitingAgent(context);
        return agent === undefined ? missing : admission(context, agent);
      },
      act: { may: ['administrator'], post: (context) => admit(context, deps) },
    },
  ];
}

async function waitingAgent({ read, params }: PageContext): Promise<AgentSeen | undefined> {
  const agent = await read((reads) => reads.administration.agent(params['id'] ?? ''));
  return agent?.waiting === null ? undefined : agent;
}

function admission({ language, viewer, to }: PageContext, { row, waiting }: AgentSeen): Answer {
  const say = teller(portalKeys, language);
  const administration = teller(portalAdministration, language);
  const head = pageHead({ sentence: say('admitTitle', { name: row.name }), lede: say('admitText') });
  const back = html`<a class="btn" href="${to('/administration')}">${administration('cancel')}</a>`;
  const form =
    waiting?.invitedBy === viewer.account
      ? html`<div class="ask"><p class="note info">${say('admitOwn')}</p><div class="acts">${back}</div></div>`
      : html`<form class="ask" method="post" action="${to(`/administration/agents/${row.id}/admettre`)}">${formToken(viewer)}<div><label for="empreinte">${say('admitFingerprint')}</label><input class="field mono" id="empreinte" name="empreinte" autocomplete="off" maxlength="200" required /></div><div class="acts">${back}<button class="btn main">${say('admit')}</button></div></form>`;
  return {
    ...{ kind: 'page', title: say('admitTitle', { name: row.name }), nav: 'administration' },
    body: html`${head}${form}`,
  };
}

async function admit(context: ActContext, { store, clock, onChange }: Deps): Promise<Answer> {
  const { form, actor, to } = context;
  const agent = await waitingAgent(context);
  if (agent === undefined) return missing;
  await approveAgent(
    { agent: agent.row.id, fingerprint: form('empreinte') },
    {
      ...{ store, clock, actor: actor.id },
      writeDown: (tx, row) => appendAudit(tx, clock, actor, approvalEntry(row)),
    },
  );
  onChange();
  return { kind: 'redirect', to: to('/administration#agents') };
}
