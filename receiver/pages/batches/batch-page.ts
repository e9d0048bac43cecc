import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import { dayFromIso, dayToIso } from '../../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../../config.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import type { BatchFacts } from '../reads/batch-reads.ts';
import { teller } from '../typeset.ts';
import { fan, fanOf } from './batch-fan.ts';
import { batchHistory, batchProofs } from './batch-history.ts';
import { batchSentence } from './batch-sentence.ts';
import { changesTable, exactCount, findingsTable } from './batch-tables.ts';
import { batchThread, isApplied } from './batch-thread.ts';
import { facilityWords, shortId } from './batch-words.ts';
import { decisionPanel } from './decision-panel.ts';

const seenBy = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const;

/** Where is this batch, and what did it change? */
export function batchPage({ destinations }: Pick<ReceiverConfig, 'destinations'>): Page {
  return {
    path: '/lots/:id',
    see: seenBy,
    get: async (context) => {
      const id = context.params['id'] ?? '';
      const facts = await context.read((reads) => reads.batches.batch(id));
      if (facts === undefined) return missing;
      const { language, now, to } = context;
      const say = teller(portalBatches, language);
      const blades = fanOf(facts, destinations, now);
      const { sentence, lede } = batchSentence(facts, blades, language, (other) => to(`/lots/${other}`));
      const isHeld = facts.row.state === 'held';
      const showsFan = (isApplied(facts) || isHeld) && blades.length > 0;
      const body = html`${pageHead({
        kicker: kicker(context, facts),
        ...{ sentence, lede: lede ?? nothing, aside: actions(context, facts) },
      })}<section class="card" aria-label="${say('threadLabel')}">${batchThread(facts, blades, language)}
${showsFan ? fan(blades, facts, now, language) : nothing}</section>${isHeld ? await decisionPanel(context, id) : nothing}<section class="sec cols" aria-label="${say('changes')}">
${changesTable(facts, language)}
${isHeld ? nothing : exactCount(facts, language)}</section>${findingsTable(facts, language)}<section class="sec cols" aria-label="${say('proofs')}">${batchHistory(facts, language)}${batchProofs(facts, language)}</section>${neighbours(context, facts)}`;
      return { kind: 'page', title: `${portalBatches.batch[language]} ${shortId(id)}`, body, nav: 'batches' };
    },
  };
}

/** Receipts as they were signed: anybody with the region's public keys can check them. */
export const batchReceiptsPage: Page = {
  path: '/lots/:id/recus',
  see: seenBy,
  get: async ({ params, read }): Promise<Answer> => {
    const id = params['id'] ?? '';
    const signed = await read((reads) => reads.batches.signedReceipts(id));
    if (signed === undefined) return missing;
    const content = `${JSON.stringify({ export: id, ...signed }, null, 2)}\n`;
    return { kind: 'file', name: `${id}-recus.json`, type: 'application/json; charset=utf-8', content };
  },
};

function kicker({ language, to }: PageContext, facts: BatchFacts): Html {
  const name = facilityWords(facts, language);
  const { id, facility } = facts.row;
  return html`<a href="${to('/lots')}">${portalBatches.title[language]}</a> <span aria-hidden="true">›</span> ${
    facts.facilityName === undefined ? name : html`<a href="${to(`/etablissements/${facility}`)}">${name}</a>`
  } <span class="chip mono">${shortId(id)}</span>`;
}

function actions({ viewer, language, to }: PageContext, facts: BatchFacts): Html {
  const say = teller(portalBatches, language);
  const { row } = facts;
  const acts = viewer.profile === 'regional-operator' || viewer.profile === 'hospital-admin';
  const days = daysOf(facts);
  const range = days === undefined ? '' : `?du=${days.from}&au=${days.to}`;
  return html`<div class="acts">${
    facts.receipts.length === 0
      ? nothing
      : html`<a class="btn" href="${to(`/lots/${row.id}/recus`)}">${say('receipts')}</a>`
  }${
    acts && facts.facilityName !== undefined
      ? html`<a class="btn" href="${to(`/etablissements/${row.facility}/renvoi${range}`)}">${say('ask')}</a>`
      : nothing
  }${
    viewer.profile === 'regional-operator' && isApplied(facts) && days !== undefined
      ? html`<a class="btn" href="${to(`/renvoi${range}&etablissement=${row.facility}`)}">${say('resend')}</a>`
      : nothing
  }</div>`;
}

/** The days it is about, in ISO. */
function daysOf({ outcome, manifest, changes }: BatchFacts): { from: string; to: string } | undefined {
  const window = outcome?.window ?? manifest?.window ?? undefined;
  if (window !== undefined && dayFromIso(window.from) !== undefined) return window;
  const [first, last] = [changes?.[0], changes?.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { from: dayToIso(first.day), to: dayToIso(last.day) };
}

function neighbours({ language, to }: PageContext, { before, after }: BatchFacts): Html {
  const say = teller(portalBatches, language);
  if (before === undefined && after === undefined) return nothing;
  const link = (id: string | undefined, name: 'previous' | 'next'): Html =>
    id === undefined ? nothing : html`<a class="btn" href="${to(`/lots/${id}`)}">${say(name)}</a>`;
  return html`<nav class="sec acts" aria-label="${say('neighbours')}">${link(before, 'previous')}${link(after, 'next')}</nav>`;
}
