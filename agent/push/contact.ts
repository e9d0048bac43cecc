import type { Clock } from '../../shared/runtime/clock.ts';
import type { Notes } from '../outbox/notes.ts';
import type { ReceiverClient, Reply } from './receiver-client.ts';

/** When the region was last heard, and why it is not: seen on every answer, whoever asked. */
export interface Contact {
  /** The same client; its answers are noted. */
  watch(client: ReceiverClient): ReceiverClient;
  /** Epoch ms of the last authenticated answer; undefined = never. */
  readonly lastAt: () => number | undefined;
}

/** A commit costs a sync of the disk: the moment is kept no finer than this. */
const keptEveryMs = 30_000;

export function createContact({
  notes,
  clock,
  onHeard = () => undefined,
}: {
  readonly notes: Notes;
  readonly clock: Clock;
  /** After every question: how it ended; undefined = the region answered us as it should. */
  readonly onHeard?: (problem: string | undefined) => void;
}): Contact {
  let lastAt = notes.read('last-contact-at');
  let keptAt = lastAt ?? -Infinity;
  let problem = notes.read('contact-problem')?.code;

  const reached = (code: string | undefined): void => {
    const now = clock.now();
    lastAt = now;
    if (code === problem && Math.abs(now - keptAt) < keptEveryMs) return;
    notes.put('last-contact-at', now);
    keptAt = now;
    setProblem(code);
  };
  const setProblem = (code: string | undefined): void => {
    if (code === problem) return;
    if (code === undefined) notes.drop('contact-problem');
    else notes.put('contact-problem', { code, since: clock.now() });
    problem = code;
  };

  const note = (reply: Reply<unknown>): void => {
    if (reply.kind === 'ok') {
      reached(undefined);
      onHeard(undefined);
      return;
    }
    const { attempt } = reply;
    const { code } = attempt;
    // A code and a class: the receiver's own words. Anything else may come from a machine in between.
    const isItself = attempt.kind === 'answered' && attempt.class !== undefined;
    const isRefusal = isItself && (attempt.status === 401 || attempt.status === 403);
    if (isItself) reached(isRefusal ? code : problem);
    else setProblem(code);
    onHeard(isItself && !isRefusal ? undefined : code);
  };
  const seen = async <T>(asked: Promise<Reply<T>>, signal: AbortSignal): Promise<Reply<T>> => {
    const reply = await asked;
    if (!signal.aborted) note(reply);
    return reply;
  };

  return {
    lastAt: () => lastAt,
    watch: (client) => ({
      push: (envelope, signal) => seen(client.push(envelope, signal), signal),
      tombstone: (request, signal) => seen(client.tombstone(request, signal), signal),
      receipts: (after, wait, signal) => seen(client.receipts(after, wait, signal), signal),
      heartbeat: (request, signal) => seen(client.heartbeat(request, signal), signal),
      openEpoch: (feed, epoch, signal) => seen(client.openEpoch(feed, epoch, signal), signal),
      scorecard: (facility, signal) => seen(client.scorecard(facility, signal), signal),
      renew: (request, signal) => seen(client.renew(request, signal), signal),
      finish: () => client.finish(),
      close: () => client.close(),
    }),
  };
}
