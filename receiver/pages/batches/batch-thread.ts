import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { ProcessedReceipt } from '../../../shared/protocol/receipts.ts';
import { counted } from '../counted.ts';
import type { Glyph } from '../glyphs.ts';
import type { Html } from '../html.ts';
import { thread, type Postmark } from '../parts.ts';
import type { BatchFacts } from '../reads/batch-reads.ts';
import { teller } from '../typeset.ts';
import { hourWords } from '../words.ts';
import type { FanBlade } from './batch-fan.ts';
import { instantOfId, secondWords } from './batch-words.ts';

type Say = ReturnType<typeof teller<keyof typeof portalBatches>>;

/** From the hospital's file to the acknowledgement: what the region knows, and what it does not. */
export function batchThread(facts: BatchFacts, blades: readonly FanBlade[], language: Language): Html {
  const say = teller(portalBatches, language);
  const marks: readonly Postmark[] = [
    ...atHospital(facts, say),
    receivedMark(facts, say, language),
    checkedMark(facts, say, language),
    storedMark(facts, say, language),
    ...deliveryMarks(facts, blades, say),
  ];
  return thread(say('threadLabel'), marks);
}

function mark(
  tone: Postmark['tone'],
  glyph: Glyph,
  name: string,
  ...lines: readonly (string | undefined)[]
): Postmark {
  return { tone, mark: { glyph }, name, lines: lines.filter((line) => line !== undefined) };
}

/** Both instants are the agent's own: its ids carry them. */
function atHospital({ row, envelopes }: BatchFacts, say: Say): readonly Postmark[] {
  const taken = instantOfId(row.id, row.receivedAt);
  const [first] = envelopes;
  const sealed = first === undefined ? undefined : instantOfId(first.id, row.receivedAt);
  return [
    mark(
      'done',
      'file',
      say('dropped'),
      taken === undefined ? say('droppedUnknown') : say('droppedTaken', { at: secondWords(taken) }),
      say('source', { source: row.source }),
    ),
    mark(
      'done',
      'lock',
      say('sealed'),
      sealed === undefined ? say('unknownHere') : secondWords(sealed),
      say('sealedHere'),
    ),
  ];
}

function receivedMark({ row, envelopes }: BatchFacts, say: Say, language: Language): Postmark {
  const last = envelopes.at(-1);
  return mark(
    row.state === 'receiving' ? 'late' : 'done',
    'inbox',
    say('receivedMark'),
    secondWords(row.receivedAt),
    last === undefined
      ? undefined
      : `${counted(envelopes.length, 'envelope', language)}, ${say('sequence', { seq: last.seq })}`,
  );
}

function processedAt({ receipts }: BatchFacts): number | undefined {
  return receipts.map(({ receipt }) => receipt).find(({ kind }) => kind === 'processed')?.at;
}

function checkedMark(facts: BatchFacts, say: Say, language: Language): Postmark {
  const { row, outcome, findings } = facts;
  const at = processedAt(facts);
  const when = at === undefined ? undefined : secondWords(at);
  switch (row.state) {
    case 'receiving':
    case 'complete':
      return mark('todo', 'k', say('checked'), say('toCome'));
    case 'held':
    case 'waiting':
      return mark(
        'held',
        'q',
        say('held'),
        when,
        outcome?.hold == null ? undefined : say(`hold_${outcome.hold}`),
      );
    case 'rejected':
      return mark('silent', 's', say('rejected'), when);
    case 'processed': {
      const flagged = Object.values(findings.totals).reduce((sum, each) => sum + each, 0);
      const said = flagged === 0 ? say('noFinding') : counted(flagged, 'flag', language);
      return mark('done', 'k', say('checked'), when, said);
    }
  }
}

/** Held for its removals: what it adds and corrects is stored. */
export function isApplied({ row, outcome }: BatchFacts): boolean {
  const hold: ProcessedReceipt['hold'] | undefined = outcome?.hold;
  return row.state === 'processed' || (row.state === 'held' && hold === 'removals');
}

function storedMark(facts: BatchFacts, say: Say, language: Language): Postmark {
  const { row, outcome } = facts;
  const at = processedAt(facts);
  if (isApplied(facts))
    return mark(
      'done',
      'store',
      say('stored'),
      at === undefined ? undefined : secondWords(at),
      counted(outcome?.accepted ?? 0, 'visit', language),
    );
  const isHeld = row.state === 'held' || row.state === 'waiting';
  const said = isHeld
    ? say('afterDecision')
    : row.state === 'rejected'
      ? say('nothingStored')
      : say('toCome');
  return mark('todo', 'store', say('stored'), said);
}

function deliveryMarks(facts: BatchFacts, blades: readonly FanBlade[], say: Say): readonly Postmark[] {
  if (!isApplied(facts)) {
    const said = facts.row.state === 'rejected' ? say('nothingStored') : say('toCome');
    return [mark('todo', 'send', say('sent'), said), mark('todo', 'wave', say('acknowledged'), said)];
  }
  const takers = blades.filter(({ word }) => word !== 'idle');
  const sent = takers.filter(({ word }) => ['sent', 'acknowledged', 'refused'].includes(word));
  const acknowledged = takers.filter(({ word }) => word === 'acknowledged');
  const refused = takers.some(({ word }) => word === 'refused');
  const of = takers.length;
  const share = (n: number): string => (of === 0 ? say('nobody') : say('ofDestinations', { n, of }));
  const tone = (n: number): Postmark['tone'] => (n > 0 ? 'done' : 'todo');
  return [
    mark(
      tone(sent.length),
      'send',
      say('sent'),
      span(sent, ({ sentAt }) => sentAt),
      share(sent.length),
    ),
    mark(
      refused ? 'silent' : tone(acknowledged.length),
      'wave',
      say('acknowledged'),
      span(acknowledged, ({ changedAt }) => changedAt),
      share(acknowledged.length),
    ),
  ];
}

/** "02:30 – 06:00". */
function span(
  blades: readonly FanBlade[],
  at: (file: FanBlade['files'][number]) => number | null,
): string | undefined {
  const instants = blades.flatMap(({ files }) => files.map(at).filter((each) => each !== null));
  if (instants.length === 0) return undefined;
  const [first, last] = [hourWords(Math.min(...instants)), hourWords(Math.max(...instants))];
  return first === last ? first : `${first} – ${last}`;
}
