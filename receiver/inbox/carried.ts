import type { Carry, CarriedAnswers, CarryEntry, CarriedPage } from '../../shared/protocol/carry.ts';
import { tombstoneRequest } from '../../shared/protocol/push.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Store } from '../store/store.ts';
import type { Admission } from './admission.ts';
import type { Intake, IntakeResult, VerifiedArrival } from './intake.ts';
import { receiptsAfter } from './receipt-page.ts';

export interface CarriedIn {
  readonly stored: number;
  readonly repeats: number;
  /** Codes of what the ledger does not accept, with how many. */
  readonly refused: Readonly<Record<string, number>>;
  readonly envelopes: readonly string[];
  readonly answers: readonly CarriedAnswers[];
}

/** As many as one group commit takes. */
const atOnce = 256;

/**
 * Envelopes that a person brought, through the same door as those that are pushed. Every one is verified before the first is
 * stored; what the ledger then says of each is its answer. Throws what `admission` throws, with nothing stored.
 */
export async function takeCarried(
  carry: Carry,
  deps: { readonly admission: Admission; readonly intake: Intake },
): Promise<CarriedIn> {
  const { agent } = carry.header;
  for await (const entry of carry.entries()) await admit(deps.admission, agent, entry);

  const tally = { stored: 0, repeats: 0, refused: {} as Record<string, number> };
  const envelopes: string[] = [];
  const answers: CarriedAnswers[] = [];
  for await (const group of groupsOf(carry)) {
    const arrivals = await Promise.all(group.map((entry) => admit(deps.admission, agent, entry)));
    const results = await Promise.all(arrivals.map((arrival) => deps.intake.put(arrival)));
    for (const result of results) count(tally, result);
    envelopes.push(...arrivals.map(({ id }) => id));
    answers.push(answersOf(arrivals, results));
  }
  return { ...tally, envelopes, answers };
}

function admit(admission: Admission, agent: string, { kind, bytes }: CarryEntry): Promise<VerifiedArrival> {
  if (kind === 'envelope') return admission.envelope(agent, bytes);
  const request = tombstoneRequest.safeParse(jsonOf(bytes));
  if (kind !== 'tombstone' || !request.success) throw permanent('message-malformed');
  return admission.tombstone(agent, request.data);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw permanent('message-malformed', { cause });
  }
}

async function* groupsOf(carry: Carry): AsyncGenerator<readonly CarryEntry[]> {
  let group: CarryEntry[] = [];
  for await (const entry of carry.entries()) {
    group.push(entry);
    if (group.length < atOnce) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function count(
  tally: { stored: number; repeats: number; refused: Record<string, number> },
  result: IntakeResult,
): void {
  if (result.kind === 'conflict') tally.refused[result.code] = (tally.refused[result.code] ?? 0) + 1;
  else if (result.repeat) tally.repeats += 1;
  else tally.stored += 1;
}

/** One proof usually covers the whole group: it is written once. */
function answersOf(arrivals: readonly VerifiedArrival[], results: readonly IntakeResult[]): CarriedAnswers {
  const proofs: string[] = [];
  const proofAt = (jws: string): number => {
    const known = proofs.indexOf(jws);
    return known >= 0 ? known : proofs.push(jws) - 1;
  };
  const answers = results.map((result, index) => {
    const envelope = arrivals[index]?.id ?? '';
    return result.kind === 'conflict'
      ? { envelope, refused: result.code }
      : { envelope, receipt: result.answer.receipt, proof: proofAt(result.answer.proof) };
  });
  return { proofs, answers };
}

/** Every receipt written for an agent after `cursor`, page by page, signed in its place. */
export async function carriedReceipts(
  { store, sign }: { readonly store: Store; readonly sign: (texts: readonly string[]) => Promise<string> },
  { agent, cursor }: { readonly agent: string; readonly cursor: number },
): Promise<readonly { readonly text: string; readonly proof: string }[]> {
  const pages: { readonly text: string; readonly proof: string }[] = [];
  for (let after = cursor; ;) {
    const page = await receiptsAfter(store, agent, after);
    if (page.receipts.length === 0) return pages;
    const claims: CarriedPage = { typ: 'vaguemestre-carried-receipts', agent, after, page };
    const text = JSON.stringify(claims);
    pages.push({ text, proof: await sign([text]) });
    after = page.cursor;
  }
}
