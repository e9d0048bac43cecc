import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificate, spkiDigest } from '../../../shared/envelope/keys.ts';
import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import { normaliseFiness } from '../../../shared/feeds/facility.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { reaches } from '../../accounts/profile.ts';
import { checkedFiness } from '../../apply/register-facility.ts';
import { reasonOf } from '../../apply/proposals.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import { invitationEntry, revocationEntry } from '../../auth/agent-entries.ts';
import { inviteAgent, revokeAgent, type InvitationRequest } from '../../auth/enrolment.ts';
import { stateFolder } from '../../state-folder.ts';
import type { PortalDeps } from '../deps.ts';
import { html } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import type { AgentSeen } from '../reads/administration-reads.ts';
import { momentWords } from '../words.ts';
import { teller } from '../typeset.ts';

type Deps = Pick<PortalDeps, 'config' | 'store' | 'clock' | 'random' | 'onChange'>;

const longestName = 100;

/** Codes are shown on the answer itself, and nowhere afterwards: only what is derived from them is kept. */
export function agentPages(deps: Deps): readonly Page[] {
  return [
    {
      path: '/administration/agents',
      see: ['administrator'],
      act: { may: ['administrator'], post: (context) => inviteNew(context, deps) },
    },
    {
      path: '/administration/agents/:id/code',
      see: ['administrator'],
      act: {
        may: ['administrator'],
        post: async (context) => {
          const agent = await agentOf(context);
          return agent === undefined ? missing : invite(context, deps, { agent: agent.row.id });
        },
      },
    },
    {
      path: '/administration/agents/:id/revoquer',
      see: ['administrator'],
      get: async (context) => {
        const agent = await agentOf(context);
        return agent === undefined ? missing : revocation(context, agent);
      },
      act: { may: ['administrator'], post: (context) => revoke(context, deps) },
    },
  ];
}

function agentOf({ read, params }: PageContext): Promise<AgentSeen | undefined> {
  return read((reads) => reads.administration.agent(params['id'] ?? ''));
}

async function inviteNew(context: ActContext, deps: Deps): Promise<Answer> {
  const { form, viewer } = context;
  const name = form('nom').slice(0, longestName);
  const facilities = form('finess')
    .split(/[\s,;]+/)
    .filter((each) => each !== '')
    .map(checkedFiness);
  if (name === '' || facilities.length === 0) throw permanent('invitation-incomplete');
  for (const facility of facilities)
    if (!reaches(viewer.facilities, facility))
      throw permanent('facility-not-registered', { facts: { facility } });
  return invite(context, deps, { name, facilities: [...new Set(facilities)] });
}

async function invite(
  { language, actor, now, to }: ActContext,
  { config, store, clock, random }: Deps,
  request: InvitationRequest,
): Promise<Answer> {
  const say = teller(portalAdministration, language);
  const root = readCertificate(await readFile(join(stateFolder(config.state).keys, 'root.pem'), 'utf8'));
  const { name, code, expiresAt } = await inviteAgent(request, {
    ...{ store, clock, random, rootDigest: spkiDigest(root.publicKey) },
    writeDown: (tx, agent) => appendAudit(tx, clock, actor, invitationEntry(agent)),
  });
  const until = momentWords(expiresAt, now, language);
  const body = html`${pageHead({ sentence: say('codeTitle', { name }) })}<div class="ask"><label for="code">${say('codeLabel')}</label><textarea class="field mono" id="code" readonly>${code}</textarea><p>${say('codeText', { until })}</p><div class="acts"><a class="btn" href="${to('/administration')}">${say('back')}</a></div></div>`;
  return { kind: 'page', title: say('codeTitle', { name }), body, nav: 'administration' };
}

/** What is typed to show that this agent is meant: its first facility, or its name where it has none. */
function proofOf({ row }: AgentSeen): string {
  return row.facilities[0] ?? row.name;
}

function revocation({ language, viewer, to }: PageContext, agent: AgentSeen): Answer {
  const { row } = agent;
  const say = teller(portalAdministration, language);
  const [finess] = row.facilities;
  const typed = finess === undefined ? say('typeName', { name: row.name }) : say('typeFiness', { finess });
  const body = html`${pageHead({ sentence: say('revokeTitle', { name: row.name }), lede: say('revokeText', { facilities: row.facilities.join(' ') }) })}<form class="ask" method="post" action="${to(`/administration/agents/${row.id}/revoquer`)}">${formToken(viewer)}<div><label for="preuve">${typed}</label><input class="field" id="preuve" name="preuve" autocomplete="off" required /></div><div><label for="motif">${say('reason')} <span class="hint">${say('reasonHint')}</span></label><textarea class="field" id="motif" name="motif" maxlength="500" required></textarea></div><div class="acts"><a class="btn" href="${to('/administration')}">${say('cancel')}</a><button class="btn warn">${say('revokeNow')}</button></div></form>`;
  return { kind: 'page', title: say('revokeTitle', { name: row.name }), body, nav: 'administration' };
}

async function revoke(context: ActContext, { store, clock, onChange }: Deps): Promise<Answer> {
  const { form, actor, to } = context;
  const agent = await agentOf(context);
  if (agent === undefined) return missing;
  const proof = proofOf(agent);
  const typed = form('preuve');
  if (typed !== proof && normaliseFiness(typed) !== proof) throw permanent('revoke-mistyped');
  const reason = reasonOf(form('motif'));
  await revokeAgent(agent.row.id, {
    ...{ store, clock },
    writeDown: (tx, row) => appendAudit(tx, clock, actor, revocationEntry(row, reason)),
  });
  onChange();
  return { kind: 'redirect', to: to('/administration') };
}
