import { portalDecision } from '../../../shared/i18n/portal-decision.ts';
import { dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { removedAloneLimit } from '../../apply/second-person.ts';
import { badge, formToken } from '../parts.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { HeldBatch, HeldProposal } from '../reads/decision-reads.ts';
import { count, dayWords, momentWords } from '../words.ts';
import { teller } from '../typeset.ts';

export const longestReason = 500;

/** The region decides, the hospital proposes: the same form, other verbs. */
export function decisionForm(context: PageContext, held: HeldBatch): Html {
  const { language, viewer, to } = context;
  const say = teller(portalDecision, language);
  const hospital = viewer.profile === 'hospital-admin';
  const number = count(held.suspended, language);
  const open = held.days.filter(({ suspended }) => suspended > 0);
  const several = new Set(open.map(({ day }) => day)).size > 1;
  const whole = held.hold !== 'removals';
  const button = (act: string, kind: string, text: string): Html =>
    html`<button class="btn${kind}" name="acte" value="${act}">${text}</button>`;
  const buttons = hospital
    ? [button('garder', ' main', say('proposeKeep')), button('retirer', ' warn', say('proposeRemove'))]
    : whole
      ? [button('garder', ' main', say('refuseFile')), button('retirer', ' warn', say('applyFile'))]
      : several
        ? [
            button('garder', ' main', say('keep', { count: number })),
            button('garder-jours', '', say('keepDays')),
            button('retirer', ' warn', say('remove', { count: number })),
            button('retirer-jours', ' warn', say('removeDays')),
          ]
        : [
            button('garder', ' main', say('keep', { count: number })),
            button('retirer', ' warn', say('remove', { count: number })),
          ];
  return html`<form class="ask" method="post" action="${to(`/lots/${held.id}/decision`)}">${formToken(viewer)}<h2>${say('what')}</h2><div class="note held">${say('advice')}</div>${several && !hospital ? dayChoices(context, held) : nothing}${reasonField(context, 'motif', say('reason'))}<div class="acts">${buttons}</div><p class="small muted">${
    hospital ? say('afterHospital') : say('after', { limit: removedAloneLimit })
  }</p></form>`;
}

function dayChoices({ language }: PageContext, { days }: HeldBatch): Html {
  const say = teller(portalDecision, language);
  const sums = new Map<Day, number>();
  for (const { day, suspended } of days) if (suspended > 0) sums.set(day, (sums.get(day) ?? 0) + suspended);
  const boxes = [...sums].map(
    ([day, suspended]) =>
      html`<label class="choice"><input type="checkbox" name="jour" value="${dayToIso(day)}" /> ${say('dayChoice', { day: dayWords(day, 'short', language), count: count(suspended, language) })}</label>`,
  );
  return html`<fieldset class="plain-set"><legend>${say('which')}</legend>${boxes}</fieldset>`;
}

export function reasonField({ language }: PageContext, id: string, label: string, value = ''): Html {
  const say = teller(portalDecision, language);
  return html`<div><label for="${id}">${label} <span class="hint">${say('reasonHint')}</span></label><textarea class="field" id="${id}" name="motif" maxlength="${longestReason}" required>${value}</textarea></div>`;
}

/** The number typed, so that nobody removes many visits by habit. */
export function countField({ language }: PageContext, id: string, removed: number): Html {
  if (removed <= removedAloneLimit) return html`<input type="hidden" name="nombre" value="${removed}" />`;
  const say = teller(portalDecision, language);
  return html`<div><label for="${id}">${say('typeCount', { count: removed })}</label><input class="field" id="${id}" name="nombre" inputmode="numeric" autocomplete="off" required /></div>`;
}

/** What others have proposed, and what the viewer may do with it. */
export function proposalCards(context: PageContext, { id, proposals }: HeldBatch): Html {
  const { language } = context;
  const say = teller(portalDecision, language);
  if (proposals.length === 0) return nothing;
  return html`<div class="card pad" id="propositions"><h2>${say('proposals')}</h2><div class="stack">${proposals.map((each) => proposalCard(context, id, each))}</div></div>`;
}

function proposalCard(context: PageContext, exportId: string, { row, stale }: HeldProposal): Html {
  const { language, viewer, now, to } = context;
  const say = teller(portalDecision, language);
  const number = count(row.count, language);
  const own = row.proposerKind === 'account' && row.proposerId === viewer.account;
  const operator = viewer.profile === 'regional-operator';
  const mayWithdraw = operator || (viewer.profile === 'hospital-admin' && row.origin === 'facility');
  const text = say(row.decision === 'confirm' ? 'proposesRemove' : 'proposesKeep', {
    ...{ person: row.proposerName, count: number, reason: row.reason },
    at: momentWords(row.proposedAt, now, language),
  });
  const action = to(`/lots/${exportId}/proposition`);
  const hidden = html`${formToken(viewer)}<input type="hidden" name="proposition" value="${row.id}" />`;
  const confirm =
    operator && !own && !stale
      ? html`<form class="ask" method="post" action="${action}">${hidden}${row.decision === 'confirm' ? countField(context, `nombre-${row.id}`, row.count) : nothing}<div class="acts"><button class="btn ${row.decision === 'confirm' ? 'warn' : 'main'}" name="acte" value="confirmer">${say(row.decision === 'confirm' ? 'confirmRemove' : 'confirmKeep', { count: number })}</button></div></form>`
      : nothing;
  const withdraw = mayWithdraw
    ? html`<details><summary>${say('withdraw')}</summary><form class="ask" method="post" action="${action}">${hidden}${reasonField(context, `motif-${row.id}`, say('withdrawReason'))}<div class="acts"><button class="btn" name="acte" value="abandonner">${say('withdraw')}</button></div></form></details>`
    : nothing;
  return html`<div class="stack"><p>${badge('held', 'q', say(row.origin === 'region' ? 'byRegion' : 'byFacility'))} ${text} <span class="small muted">${say('until', { at: momentWords(row.expiresAt, now, language) })}</span></p>${
    stale
      ? html`<p class="note">${say('stale')}</p>`
      : own
        ? html`<p class="note info">${say('own')}</p>`
        : nothing
  }${confirm}${withdraw}</div>`;
}
