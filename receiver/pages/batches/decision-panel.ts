import { portalDecision } from '../../../shared/i18n/portal-decision.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { HeldBatch } from '../reads/decision-reads.ts';
import { count, dayWords } from '../words.ts';
import { decisionForm, proposalCards } from './decision-forms.ts';
import { teller } from '../typeset.ts';

/** On the page of a held batch: what to decide, and who has proposed what. Nothing when nothing waits. */
export async function decisionPanel(context: PageContext, exportId: string): Promise<Html> {
  const held = await context.read((reads) => reads.decisions.held(exportId));
  return held === undefined ? nothing : heldPanel(context, held);
}

export function heldPanel(context: PageContext, held: HeldBatch): Html {
  const { language, viewer } = context;
  const say = teller(portalDecision, language);
  const acts = viewer.profile === 'regional-operator' || viewer.profile === 'hospital-admin';
  const table =
    held.days.length === 0
      ? html`<div class="card pad"><p>${say(held.hold === 'rekeying' ? 'ledeRekeying' : 'ledeSource')}</p></div>`
      : dayTable(held, language);
  return html`<section class="sec cols" aria-label="${say('what')}"><div class="stack">${table}${proposalCards(context, held)}</div>${
    acts ? decisionForm(context, held) : nothing
  }</section>`;
}

function dayTable({ days }: HeldBatch, language: Language): Html {
  const say = teller(portalDecision, language);
  const parts = new Set(days.map(({ part }) => part)).size > 1;
  const rows = days.map(
    ({ day, part, kept, suspended }) =>
      html`<tr><th scope="row">${dayWords(day, 'short', language)}${parts ? html` <small>${say('part', { part })}</small>` : nothing}</th><td class="num">${count(kept, language)}</td><td class="num">${count(kept - suspended, language)}</td><td class="num${suspended > 0 ? ' delta neg' : ''}">${suspended > 0 ? `−${count(suspended, language)}` : '0'}</td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('tableLabel')}"><table class="tab tight"><caption>${say('tableTitle')}</caption><thead><tr><th scope="col">${say('day')}</th><th scope="col" class="num">${say('kept')}</th><th scope="col" class="num">${say('inFile')}</th><th scope="col" class="num">${say('gap')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
