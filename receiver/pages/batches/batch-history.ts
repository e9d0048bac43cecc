import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Receipt } from '../../../shared/protocol/receipts.ts';
import { dayFromIso, dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { counted } from '../counted.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { facts as factList } from '../parts.ts';
import type { BatchFacts } from '../reads/batch-reads.ts';
import { colon, teller } from '../typeset.ts';
import { count, dayWords } from '../words.ts';
import { rangeWords, reasonWords, secondWords } from './batch-words.ts';

/** What signed receipts tell of the batch, the latest first. */
export function batchHistory({ row, receipts }: BatchFacts, language: Language): Html {
  const say = teller(portalBatches, language);
  const events = [
    { at: row.receivedAt, text: say('eventReceived') as HtmlPart },
    ...receipts.map(({ receipt }) => ({ at: receipt.at, text: eventOf(receipt, language) })),
  ].reverse();
  return html`<div class="card"><div class="pad"><h2>${say('history')}</h2></div><ol class="log">${events.map(
    ({ at, text }) =>
      html`<li><time datetime="${new Date(at).toISOString()}">${dayWords(dayOfInstant(at), 'month', language)} ${secondWords(at)}</time><span>${text}</span></li>`,
  )}</ol></div>`;
}

function eventOf(receipt: Receipt, language: Language): string {
  const say = teller(portalBatches, language);
  switch (receipt.kind) {
    case 'stored':
      return say('eventReceived');
    case 'rejected':
      return say('eventRejected', { reason: reasonWords(receipt.code, '', language) });
    case 'decided':
      return receipt.decision === 'confirmed'
        ? say('eventConfirmed', { visits: counted(receipt.removed, 'visit', language) })
        : say(receipt.decision === 'kept' ? 'eventKept' : 'eventSuperseded');
    case 'processed':
      return processedText(receipt, language);
    case 'forwarded':
      return say('eventForwarded', { destination: receipt.destination, name: receipt.dispatch });
    case 'acknowledged':
      return say('eventAcknowledged', { destination: receipt.destination, name: receipt.dispatch });
    case 'refused': {
      const reason = reasonWords(receipt.code, say('fanNoReason'), language);
      return say('eventRefused', { destination: receipt.destination, name: receipt.dispatch, reason });
    }
  }
}

function processedText(receipt: Extract<Receipt, { kind: 'processed' }>, language: Language): string {
  const say = teller(portalBatches, language);
  const { result, hold, accepted, rejected, window, trusted } = receipt;
  if (result === 'duplicate') return say('eventDuplicate');
  const [from, to] = [dayFromIso(window?.from ?? ''), dayFromIso(window?.to ?? '')];
  const facts = { accepted: count(accepted, language), rejected: count(rejected, language) };
  return [
    hold === null ? say('eventProcessed', facts) : say('eventHeld', { reason: say(`hold_${hold}`) }),
    ...(from === undefined || to === undefined
      ? []
      : [`${say('window')}${colon(language)} ${rangeWords(from, to, language)}`]),
    ...(trusted || hold !== null ? [] : [say('eventUntrusted')]),
  ].join(' ');
}

/** What anybody can check without believing the region. */
export function batchProofs(facts: BatchFacts, language: Language): Html {
  const say = teller(portalBatches, language);
  const { row, manifest, envelopes, receipts, agentName } = facts;
  const [first, last] = [envelopes[0], envelopes.at(-1)];
  const seq =
    first === undefined || last === undefined
      ? say('notYet')
      : `${first.seq === last.seq ? first.seq : `${first.seq} → ${last.seq}`}, ${say('epoch', { epoch: first.epoch })}`;
  const processed = receipts.map(({ receipt }) => receipt).filter(({ kind }) => kind === 'processed');
  return html`<div class="card pad"><h2>${say('proofs')}</h2>${factList([
    [say('batch'), mono(row.id)],
    [say('digest'), mono(manifest?.digest ?? row.digest ?? say('notYet'))],
    [say('agent'), html`${agentName ?? ''} ${mono(row.agent)}`],
    [say('feedPart'), html`${mono(`${row.feed} · ${row.part}`)}`],
    [say('ledger'), seq],
    [say('receiptId'), mono(processed.at(-1)?.id ?? say('notYet'))],
    [say('verify'), mono('receiver verify')],
  ])}</div>`;
}

function mono(text: string): Html {
  return html`<span class="mono">${text}</span>`;
}
