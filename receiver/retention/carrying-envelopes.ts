import { asFault } from '../../shared/runtime/errors.ts';
import { readRecord } from '../apply/content.ts';
import type { OpenSlice } from '../inbox/open-envelope.ts';
import { isSameVisit, type KeptEnvelope } from '../store/erasure-tables.ts';
import type { StoreTx } from '../store/store.ts';
import type { FoundVisit } from './find-visit.ts';
import { nameOfIncoming } from './visit-names.ts';

/** Which of the envelopes still kept carry a visit; and how many could not be looked into. */
export interface Carrying {
  readonly envelopes: readonly KeptEnvelope[];
  readonly unopened: number;
  /** The last one looked at. */
  readonly arrival: number;
}

export type Reading = <T>(work: (tx: StoreTx) => Promise<T>) => Promise<T>;

const page = 50;

/** Every envelope kept of agents that send for these facilities is opened: unchanged repeats leave no other trace. */
export async function carryingEnvelopes(
  reading: Reading,
  open: OpenSlice,
  visit: FoundVisit,
  after: number,
): Promise<Carrying> {
  const facilities = new Set(visit.names.map(({ by }) => by.facility));
  const agents = new Set(
    (await reading((tx) => tx.agents.list()))
      .filter((agent) => agent.facilities.some((facility) => facilities.has(facility)))
      .map(({ id }) => id),
  );
  const envelopes: KeptEnvelope[] = [];
  let [unopened, arrival] = [0, after];
  for (;;) {
    const from = arrival;
    const kept = await reading((tx) => tx.erasure.keptEnvelopes(from, page));
    for (const envelope of kept) {
      arrival = envelope.arrival;
      if (!agents.has(envelope.agent) || envelope.feed !== visit.feed.name) continue;
      const content = await reading((tx) => tx.inbox.content(envelope.id));
      const found = content === undefined ? false : await carries(open, content, visit);
      if (found === undefined) unopened += 1;
      else if (found) envelopes.push(envelope);
    }
    if (kept.length < page) return { envelopes, unopened, arrival };
  }
}

/** Undefined when it cannot be opened: it was refused for that, and nothing of it was ever taken in. */
async function carries(open: OpenSlice, content: Buffer, visit: FoundVisit): Promise<boolean | undefined> {
  const slice = await open(content).catch((error: unknown) => {
    if (asFault(error).class !== 'permanent') throw error;
    return undefined;
  });
  if (slice === undefined) return undefined;
  return slice.slice.records.some((record) => isOf(visit, record));
}

function isOf(
  { feed, names }: FoundVisit,
  record: { readonly record: number; readonly line: number; readonly body: string },
): boolean {
  try {
    const incoming = readRecord(feed, record);
    return names.some(({ by, names: own }) =>
      own.some((name) => isSameVisit(name, nameOfIncoming(by.keys, incoming))),
    );
  } catch (error) {
    if (asFault(error).code === 'record-not-valid') return false;
    throw error;
  }
}
