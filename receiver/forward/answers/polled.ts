import { Fault } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';
import { openUploadClient, type UploadClient } from '../transports/upload-client.ts';
import { failureFrom } from '../transports/upload-delivery.ts';
import { filledUrl } from '../transports/upload-form.ts';
import type { UploadFailure } from '../transports/upload-answer.ts';
import { agencyCode } from './agency-code.ts';
import type { AgencyReply, AnswerSource, AwaitedDispatch } from './answer-source.ts';
import { readJsonAnswer, textAt } from './json-answer.ts';

export interface PolledAnswersDeps {
  readonly destination: string;
  readonly transport: TransportOf<'submission'>;
  /** Told once for each state, and once for each deposit, that means nothing to us: nothing is decided of it. */
  readonly report: (fault: Fault, dispatch: string) => void;
}

/** Dispatches asked about in one call: those asked about longest ago first. */
const asksPerCall = 50;
const turnsMax = 10_000;
const reportsMax = 1000;

/**
 * The answers of a service that is polled, by the id that delivery was given. `collect` throws `delivery-unavailable`,
 * `peer-identity-refused`, `peer-login-refused`, `upload-*`: what of a round was answered before such a fault is kept.
 */
export function createPolledAnswers({ destination, transport, report }: PolledAnswersDeps): AnswerSource {
  const { everySeconds } = transport.poll;
  const turns = createTurns();
  const reported = new Set<string>();
  let roundsToSkip = 0;

  const tell = (key: string, fault: Fault, dispatch: string): void => {
    if (reported.has(key)) return;
    if (reported.size >= reportsMax) reported.clear();
    reported.add(key);
    report(fault, dispatch);
  };

  const collect: AnswerSource['collect'] = async (awaited, signal) => {
    if (roundsToSkip > 0) {
      roundsToSkip -= 1;
      return [];
    }
    const asked = turns.next(awaited);
    if (asked.length === 0) return [];
    const replies: AgencyReply[] = [];
    // Opened for each round: a login put right is read again.
    const client = await openUploadClient(destination, transport);
    try {
      for (const dispatch of asked) {
        turns.took(dispatch.name);
        const found = await ask({ client, destination, transport, signal }, dispatch);
        if (found.kind === 'answer') replies.push(found.reply);
        else if (found.kind === 'unclear') tell(found.key, found.fault, dispatch.name);
        else if (found.kind === 'failed') {
          roundsToSkip = Math.floor((found.failure.retryAfterMs ?? 0) / (everySeconds * 1000));
          throw found.failure.fault;
        }
      }
      return replies;
    } catch (error) {
      if (replies.length === 0) throw error;
      return replies;
    } finally {
      await client.close();
    }
  };

  return { everySeconds, collect, forget: async () => undefined };
}

interface Turns {
  next(awaited: readonly AwaitedDispatch[]): readonly Referenced[];
  took(name: string): void;
}

type Referenced = AwaitedDispatch & { readonly reference: string };

/** Who was asked about, oldest first. */
function createTurns(): Turns {
  const asked = new Map<string, number>();
  let turn = 0;
  return {
    next: (awaited) =>
      awaited
        .filter((each): each is Referenced => each.reference !== null)
        .sort((a, b) => (asked.get(a.name) ?? 0) - (asked.get(b.name) ?? 0))
        .slice(0, asksPerCall),
    took: (name) => {
      turn += 1;
      asked.delete(name);
      asked.set(name, turn);
      const [oldest] = asked.keys();
      if (asked.size > turnsMax && oldest !== undefined) asked.delete(oldest);
    },
  };
}

type Found =
  | { readonly kind: 'answer'; readonly reply: AgencyReply }
  | { readonly kind: 'pending' }
  | { readonly kind: 'unclear'; readonly key: string; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly failure: UploadFailure };

interface Asking {
  readonly client: UploadClient;
  readonly destination: string;
  readonly transport: TransportOf<'submission'>;
  readonly signal: AbortSignal;
}

async function ask(asking: Asking, { name, sealedName, digest, reference }: Referenced): Promise<Found> {
  const { client, destination, transport, signal } = asking;
  const { poll, states } = transport;
  const words = { name: sealedName, digest, reference };
  const reply = await client.request({ method: poll.method, url: filledUrl(poll.url, words) }, signal);
  const facts = { destination, file: name };
  if (reply.status === 404 || reply.status === 410)
    return {
      kind: 'unclear',
      key: `reference ${name}`,
      fault: new Fault('answer-reference-unknown', 'ambiguous', { facts }),
    };
  if (reply.status < 200 || reply.status >= 300)
    return { kind: 'failed', failure: failureFrom(reply, destination) };
  const state = textAt(readJsonAnswer(reply.body), poll.statePath);
  if (state === undefined)
    return {
      kind: 'failed',
      failure: { fault: new Fault('answer-unreadable', 'ambiguous', { facts: { destination } }) },
    };
  if (states.pending.includes(state)) return { kind: 'pending' };
  const base = { name, reference };
  if (states.accepted.includes(state))
    return { kind: 'answer', reply: { ...base, verdict: 'acknowledged', code: null } };
  if (states.refused.includes(state)) return refusal(asking, base, words);
  // `prepared` too: what was delivered cannot still be awaited there.
  const shown = agencyCode(state) ?? '';
  return {
    kind: 'unclear',
    key: `state ${shown}`,
    fault: new Fault('answer-state-unknown', 'permanent', { facts: { ...facts, state: shown } }),
  };
}

/** Decided once its code is known, where there is one to ask for. */
async function refusal(
  { client, destination, transport, signal }: Asking,
  base: { readonly name: string; readonly reference: string },
  words: Readonly<Record<string, string>>,
): Promise<Found> {
  const { result } = transport;
  if (result === undefined) return { kind: 'answer', reply: { ...base, verdict: 'refused', code: null } };
  const reply = await client.request({ method: result.method, url: filledUrl(result.url, words) }, signal);
  if (reply.status < 200 || reply.status >= 300)
    return { kind: 'failed', failure: failureFrom(reply, destination) };
  const code = agencyCode(textAt(readJsonAnswer(reply.body), result.codePath) ?? '');
  return { kind: 'answer', reply: { ...base, verdict: 'refused', code } };
}
