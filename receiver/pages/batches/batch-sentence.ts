import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { counted } from '../counted.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import type { BatchFacts } from '../reads/batch-reads.ts';
import { teller } from '../typeset.ts';
import type { FanBlade } from './batch-fan.ts';
import { reasonWords, shortId } from './batch-words.ts';

export interface Sentence {
  readonly sentence: HtmlPart;
  readonly lede?: HtmlPart;
}

/** Where the batch is, and what is still to come. `link`: to another batch. */
export function batchSentence(
  facts: BatchFacts,
  blades: readonly FanBlade[],
  language: Language,
  link: (id: string) => string,
): Sentence {
  const say = teller(portalBatches, language);
  const { row, outcome, receipts } = facts;
  switch (row.state) {
    case 'receiving':
      return {
        sentence: say('sentenceReceiving', {
          envelopes: counted(facts.envelopes.length, 'envelope', language),
        }),
      };
    case 'complete':
      return { sentence: say('sentenceComplete') };
    case 'waiting':
      return { sentence: say('sentenceWaiting'), lede: say('ledeWaiting', { finess: row.facility }) };
    case 'held':
      return heldSentence(facts, language);
    case 'rejected': {
      const refusal = receipts.map(({ receipt }) => receipt).find(({ kind }) => kind === 'rejected');
      const code = refusal?.kind === 'rejected' ? refusal.code : null;
      return { sentence: say('sentenceRejected'), lede: reasonWords(code, say('ledeDropped'), language) };
    }
    case 'processed':
      if (outcome?.result === 'duplicate')
        return { sentence: say('sentenceDuplicate'), lede: original(facts, language, link) };
      return appliedSentence(facts, blades, language);
  }
}

function original({ outcome }: BatchFacts, language: Language, link: (id: string) => string): Html | string {
  const id = outcome?.original ?? null;
  if (id === null) return '';
  return html`${portalBatches.ledeDuplicate[language]}<a class="mono" href="${link(id)}">${shortId(id)}</a>.`;
}

function heldSentence({ outcome, pendingDays }: BatchFacts, language: Language): Sentence {
  const say = teller(portalBatches, language);
  if (outcome?.hold === 'rekeying')
    return { sentence: say('sentenceRekeying'), lede: say('ledeNothingApplied') };
  if (outcome?.hold === 'removals' || pendingDays > 0) {
    const visits = counted(outcome?.suspended ?? 0, 'visit', language);
    return {
      sentence: html`${say('sentenceHeldBefore')}<em>${visits}</em>${say('sentenceHeldAfter')}`,
      lede: say('ledeHeld'),
    };
  }
  return { sentence: say('sentenceSecondSource'), lede: say('ledeNothingApplied') };
}

function appliedSentence(
  { outcome, inForce }: BatchFacts,
  blades: readonly FanBlade[],
  language: Language,
): Sentence {
  const say = teller(portalBatches, language);
  const visits = counted(outcome?.accepted ?? 0, 'visit', language);
  const names = (of: readonly FanBlade[]): string => of.map(({ title }) => title).join(', ');
  const refused = blades.filter(({ word }) => word === 'refused');
  const acknowledged = blades.filter(({ word }) => word === 'acknowledged');
  const rest = blades.filter(({ word }) => !['acknowledged', 'idle'].includes(word));
  const lede = rest.length === 0 ? say('ledeFine') : say('ledeRest', { names: names(rest) });
  const takers = blades.filter(({ word }) => word !== 'idle');
  const unchanged = outcome !== undefined && outcome.added + outcome.updated + outcome.removed === 0;
  if (unchanged && inForce) return { sentence: say('sentenceUnchanged', { visits }), lede };
  if (refused.length > 0) return { sentence: say('sentenceRefused', { names: names(refused) }), lede };
  if (takers.length === 0) return { sentence: say('sentenceNowhere', { visits }) };
  const of = takers.length;
  if (acknowledged.length === of) return { sentence: say('sentenceAllAcknowledged', { visits }), lede };
  if (acknowledged.length > 0)
    return { sentence: say('sentenceAcknowledged', { visits, n: acknowledged.length, of }), lede };
  const sent = takers.filter(({ word }) => word === 'sent').length;
  return {
    sentence: sent > 0 ? say('sentenceSent', { visits, n: sent, of }) : say('sentenceStored', { visits }),
    lede,
  };
}
