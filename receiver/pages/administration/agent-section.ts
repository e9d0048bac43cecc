import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import { portalKeys } from '../../../shared/i18n/portal-keys.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { badge, formToken } from '../parts.ts';
import type { AgentSeen } from '../reads/administration-reads.ts';
import { count, momentWords } from '../words.ts';
import { teller } from '../typeset.ts';

const dayMs = 86_400_000;
const soonDays = 21;

export function agentSection(context: PageContext, agents: readonly AgentSeen[]): Html {
  const say = teller(portalAdministration, context.language);
  const table =
    agents.length === 0
      ? html`<p class="card pad">${say('noAgent')}</p>`
      : html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('agentsLabel')}"><table class="tab"><caption>${say('agents')}</caption><thead><tr><th scope="col">${say('agent')}</th><th scope="col">${say('state')}</th><th scope="col">${say('lastSeen')}</th><th scope="col">${say('version')}</th><th scope="col">${say('certificate')}</th><th scope="col">${say('actions')}</th></tr></thead><tbody>${agents.map((each) => agentRow(context, each))}</tbody></table></div>`;
  return html`<section class="sec" id="agents" aria-label="${say('agents')}">${table}${inviteForm(context)}</section>`;
}

function agentRow(context: PageContext, { row, ...seen }: AgentSeen): Html {
  const { language, now, to, viewer } = context;
  const say = teller(portalAdministration, language);
  const marks = { active: ['ok', 'k'], invited: ['late', 't'], revoked: ['', 'd'] } as const;
  const [tone, mark] = marks[row.status];
  const code =
    seen.invitedUntil === null || seen.invitedUntil <= now
      ? nothing
      : html` <small>${say('codeUntil', { at: momentWords(seen.invitedUntil, now, language) })}</small>`;
  const keys = teller(portalKeys, language);
  const waiting =
    seen.waiting === null
      ? nothing
      : html` <a href="${to(`/administration/agents/${row.id}/admettre`)}">${badge('late', 't', keys('waits'))}</a>`;
  const { rolledBack } = seen;
  const back =
    rolledBack === null
      ? nothing
      : html` <small>${keys('rolledBack', { version: rolledBack.version, at: momentWords(rolledBack.at, now, language) })}</small>`;
  const path = `/administration/agents/${row.id}`;
  const actions =
    row.status === 'revoked'
      ? nothing
      : html`<div class="acts"><form method="post" action="${to(`${path}/code`)}">${formToken(viewer)}<button class="btn sm">${say('newCode')}</button></form><a class="btn sm warn" href="${to(`${path}/revoquer`)}">${say('revoke')}</a></div>`;
  return html`<tr><th scope="row">${row.name} <small class="mono">${row.facilities.join(' ')}</small></th><td>${badge(tone, mark, say(row.status))}${code}${waiting}</td><td>${seen.seenAt === null ? say('never') : momentWords(seen.seenAt, now, language)}</td><td class="mono">${seen.version ?? '—'}${back}</td><td>${certificate(context, seen.certificateUntil)}</td><td>${actions}</td></tr>`;
}

function certificate({ language, now }: PageContext, until: number | null): Html | string {
  const say = teller(portalAdministration, language);
  if (until === null) return say('none');
  const days = Math.floor((until - now) / dayMs);
  if (days < 0) return badge('silent', 's', say('ended'));
  const text = say('daysLeft', { days: count(days, language) });
  return days < soonDays ? badge('late', 't', text) : text;
}

function inviteForm({ language, to, viewer }: PageContext): Html {
  const say = teller(portalAdministration, language);
  return html`<details class="sec"><summary>${say('createCode')}</summary><form class="ask" method="post" action="${to('/administration/agents')}">${formToken(viewer)}<p class="small muted">${say('createCodeHint')}</p><div><label for="agent-nom">${say('agentName')}</label><input class="field" id="agent-nom" name="nom" maxlength="100" required /></div><div><label for="agent-finess">${say('agentFacilities')}</label><input class="field" id="agent-finess" name="finess" maxlength="400" required /></div><div class="acts"><button class="btn main">${say('create')}</button></div></form></details>`;
}
