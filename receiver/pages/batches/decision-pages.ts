import { portalDecision } from '../../../shared/i18n/portal-decision.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { dayFromIso, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { DecisionTarget } from '../../apply/carry-out.ts';
import { createDecider, openProposal } from '../../apply/decide.ts';
import { previewDecision, propose, reasonOf, withdrawProposal } from '../../apply/proposals.ts';
import { removedAloneLimit } from '../../apply/second-person.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { emptyState, formToken, pageHead } from '../parts.ts';
import type { HeldBatch } from '../reads/decision-reads.ts';
import { count, dayWords } from '../words.ts';
import { countField } from './decision-forms.ts';
import { heldPanel } from './decision-panel.ts';
import { colon, teller } from '../typeset.ts';

type Deps = Pick<PortalDeps, 'store' | 'clock' | 'random' | 'sign' | 'targets' | 'onChange'>;

/** Whether what was held is removed or kept: the region decides, its hospital proposes, two people for many visits. */
export function createDecisionPages(deps: Deps): readonly Page[] {
  return [
    {
      path: '/lots/:id/decision',
      see: ['regional-operator', 'hospital-admin', 'read-only', 'auditor'],
      get: async (context) => {
        const held = await heldBatch(context);
        return held === undefined ? settled(context) : shown(context, held);
      },
      act: {
        may: ['regional-operator', 'hospital-admin'],
        post: async (context) => {
          const held = await heldBatch(context);
          return held === undefined ? settled(context) : decide(context, deps, held);
        },
      },
    },
    {
      path: '/lots/:id/proposition',
      see: ['regional-operator', 'hospital-admin'],
      act: {
        may: ['regional-operator', 'hospital-admin'],
        post: (context) => settleProposal(context, deps),
      },
    },
  ];
}

function heldBatch({ read, params }: PageContext): Promise<HeldBatch | undefined> {
  return read((reads) => reads.decisions.held(params['id'] ?? ''));
}

/** Not to be seen and not to be decided any more look the same, but for those who may see every batch. */
async function settled({ language, viewer, params, read, to }: PageContext): Promise<Answer> {
  const batch = await read((reads) => reads.batches.batch(params['id'] ?? ''));
  if (batch === undefined || viewer.profile === 'agency') return missing;
  const say = teller(portalDecision, language);
  const next = html`<a class="btn" href="${to(`/lots/${params['id'] ?? ''}`)}">${say('back')}</a>`;
  const body = html`${pageHead({ sentence: say('settledTitle') })}${emptyState(say('settledTitle'), say('settledText'), next)}`;
  return { kind: 'page', title: say('title'), body, nav: 'batches' };
}

function shown(context: PageContext, held: HeldBatch): Answer {
  const { language } = context;
  const say = teller(portalDecision, language);
  const visits = say('visits', { count: count(held.suspended, language) });
  const removals = held.hold === 'removals';
  const sentence = removals
    ? html`${say('sentenceBefore')}<em>${visits}</em>${say('sentenceAfter')}`
    : say('sentenceWhole');
  const lede = say(removals ? 'ledeRemovals' : held.hold === 'rekeying' ? 'ledeRekeying' : 'ledeSource');
  const body = html`${pageHead({ kicker: trail(context, held), sentence, lede })}${heldPanel(context, held)}`;
  return { kind: 'page', title: say('title'), body, nav: 'batches' };
}

function trail({ language, to }: PageContext, { id, facility, facilityName }: HeldBatch) {
  const say = teller(portalDecision, language);
  const mark = html`<span aria-hidden="true">›</span>`;
  return html`<a href="${to('/lots')}">${say('batches')}</a> ${mark} <a href="${to(`/etablissements/${facility}`)}">${facilityName}</a> ${mark} <a class="chip mono" href="${to(`/lots/${id}`)}">${id.slice(0, 8)}</a>`;
}

async function decide(context: ActContext, deps: Deps, held: HeldBatch): Promise<Answer> {
  const { form, actor, viewer, to } = context;
  const act = form('acte');
  const reason = reasonOf(form('motif'));
  const target = targetOf(context, held, act);
  const removes = act.startsWith('retirer');
  const done: Answer = { kind: 'redirect', to: to(`/lots/${held.id}`) };
  const hospital = viewer.profile === 'hospital-admin';
  const word = { actor, reason };
  if (!removes) {
    if (!act.startsWith('garder')) return missing;
    if (hospital) await propose(deps, { target, decision: 'keep', origin: 'facility', ...word });
    else await createDecider(deps).decide(target, 'keep', word);
    deps.onChange();
    return done;
  }
  const { count: removed, before } = await previewDecision(deps, target, 'confirm');
  const second = hospital || removed + before > removedAloneLimit;
  if (form('confirme') !== 'oui')
    return confirmation(context, held, { target, removed, before, second, reason });
  const seen = numberOf(form('nombre'));
  if (second)
    await propose(deps, {
      ...{ target, decision: 'confirm', origin: hospital ? 'facility' : 'region', seen, ...word },
    });
  else await createDecider(deps).decide(target, 'confirm', { ...word, seen });
  deps.onChange();
  return done;
}

function targetOf({ all }: ActContext, { id, days }: HeldBatch, act: string): DecisionTarget {
  if (!act.endsWith('-jours')) return { export: id };
  const open = new Set(days.filter(({ suspended }) => suspended > 0).map(({ day }) => day));
  const wanted = all('jour').flatMap((text) => dayFromIso(text) ?? []);
  const chosen = [...new Set(wanted)].filter((day) => open.has(day));
  if (chosen.length === 0) throw permanent('decision-nothing-chosen');
  return { export: id, days: chosen };
}

/** Whatever is no number is none that anybody could have seen. */
function numberOf(text: string): number {
  const digits = text.replace(/\s/gu, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : -1;
}

interface Asked {
  readonly target: DecisionTarget;
  readonly removed: number;
  readonly before: number;
  readonly second: boolean;
  readonly reason: string;
}

/** A page, so that it works without a script: what will happen, the number, and a way out. */
function confirmation(context: ActContext, held: HeldBatch, asked: Asked): Answer {
  const { language, viewer, to } = context;
  const { target, removed, before, second, reason } = asked;
  const say = teller(portalDecision, language);
  const chosen = 'export' in target ? target.days : undefined;
  const number = count(removed, language);
  const whole = held.hold !== 'removals';
  const facts = { count: number, facility: held.facilityName, days: spanWords(held, chosen, context) };
  const body = html`${pageHead({ kicker: trail(context, held), sentence: say('confirmTitle', { count: number }) })}<form class="ask" method="post" action="${to(`/lots/${held.id}/decision`)}">${formToken(viewer)}<input type="hidden" name="confirme" value="oui" /><input type="hidden" name="motif" value="${reason}" />${(chosen ?? []).map((day) => html`<input type="hidden" name="jour" value="${dayToIso(day)}" />`)}<p>${say(whole ? 'confirmWhole' : 'confirmText', facts)}</p>${second ? html`<p class="note held">${say('needsSecond', { limit: removedAloneLimit, before })}</p>` : nothing}<p class="muted">${say('reason')}${colon(context.language)} ${reason}</p>${countField(context, 'nombre', removed)}<div class="acts"><a class="btn" href="${to(`/lots/${held.id}/decision`)}">${say('cancel')}</a><button class="btn warn" name="acte" value="${chosen === undefined ? 'retirer' : 'retirer-jours'}">${
    second
      ? say('proposeCount', { count: number })
      : say(whole ? 'confirmApply' : 'confirmRemove', { count: number })
  }</button></div></form>`;
  return { kind: 'page', title: say('title'), body, nav: 'batches' };
}

function spanWords(
  { days }: HeldBatch,
  chosen: readonly Day[] | undefined,
  { language }: PageContext,
): string {
  const say = teller(portalDecision, language);
  const open = chosen ?? days.filter(({ suspended }) => suspended > 0).map(({ day }) => day);
  const sorted = [...open].sort((a, b) => a - b);
  const [from, to] = [sorted[0], sorted.at(-1)];
  if (from === undefined || to === undefined) return say('wholeDays');
  const words = (day: Day): string => dayWords(day, 'short', language);
  return from === to ? words(from) : say('span', { from: words(from), to: words(to) });
}

async function settleProposal(context: ActContext, deps: Deps): Promise<Answer> {
  const { form, actor, viewer, read, params, to } = context;
  const id = form('proposition');
  const row = await read((reads) => reads.decisions.proposal(id));
  if (row === undefined) return missing;
  const done: Answer = { kind: 'redirect', to: to(`/lots/${params['id'] ?? ''}`) };
  const operator = viewer.profile === 'regional-operator';
  switch (form('acte')) {
    case 'confirmer': {
      if (!operator) return missing;
      const seen = row.decision === 'confirm' ? numberOf(form('nombre')) : undefined;
      await createDecider(deps).confirm(id, { actor, seen });
      break;
    }
    case 'abandonner': {
      // A hospital takes back what it proposed itself, never what the region did.
      if (!operator && row.origin !== 'facility') return missing;
      await deps.store.transaction(async (tx) =>
        withdrawProposal(tx, deps.clock, await openProposal(tx, id, deps.clock), {
          ...{ actor, reason: form('motif') },
        }),
      );
      break;
    }
    default:
      return missing;
  }
  deps.onChange();
  return done;
}
