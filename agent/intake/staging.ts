import type { Sealer } from '../../shared/envelope/seal.ts';
import { genesis } from '../../shared/envelope/header.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LedgerTail, ReadyExport, SealedEnvelope } from '../outbox/rows.ts';

/** A slice ready to be sealed. */
export interface SlicePart {
  readonly slice: number;
  readonly records: number;
  readonly firstRecord: number;
  readonly lastRecord: number;
  readonly compressed: Buffer;
}

interface Sealing {
  readonly envelope: Omit<SealedEnvelope, 'content'>;
  readonly bytes: Promise<Buffer>;
}

/** The slices of one export on their way to the outbox. Only one draft is open at a time. */
export interface Draft {
  /** Gives the slice its place in the ledger. A large draft is written as `staged` rows as it grows. */
  add(part: SlicePart): Promise<void>;
  /** The export did not end well: its rows and sequence numbers are given back. */
  abort(): void;
  /** The export is whole: it joins the batch. */
  finish(ready: Omit<ReadyExport, 'envelopes' | 'stagedSlices'>): void;
}

export interface Reading {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly path: Buffer;
  readonly readAt: number;
  readonly feed: string;
  readonly schema: number;
}

/** Several small exports, or one large one, between two commits. The single writer of the ledger's tail. */
export interface Staging {
  open(reading: Reading): Draft;
  /** An export without envelopes: rejected, or duplicate. */
  add(ready: Omit<ReadyExport, 'envelopes' | 'stagedSlices'>): void;
  readonly isFull: () => boolean;
  readonly isEmpty: () => boolean;
  /** One transaction. On any throw the batch is gone, nothing of it is in the outbox, and its files may be taken again. */
  commit(): Promise<readonly ReadyExport[]>;
  /** The ledger's tails changed in the database. */
  forgetTails(): void;
}

interface Batched {
  readonly ready: Omit<ReadyExport, 'envelopes'>;
  readonly sealing: readonly Sealing[];
}

export function createStaging(deps: {
  readonly outbox: Outbox;
  readonly sealer: () => Sealer;
  readonly agent: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxExports: number;
  readonly maxBytes: number;
}): Staging {
  const { outbox, clock, random } = deps;
  const tails = new Map<string, LedgerTail>();
  /** Reads whose staged rows could not be taken back (a full disk): they hold sequence numbers until they are. */
  const leftovers = new Set<string>();
  let batch: Batched[] = [];
  let batchBytes = 0;

  const takeBack = (exportId: string): void => {
    leftovers.add(exportId);
    outbox.drop(exportId);
    leftovers.delete(exportId);
  };

  const tailOf = (feed: string): LedgerTail =>
    tails.get(feed) ?? outbox.tail(feed) ?? { epoch: 1, seq: 0, digest: genesis };

  const open = (reading: Reading): Draft => {
    for (const exportId of leftovers) takeBack(exportId);
    const before = tailOf(reading.feed);
    let sealing: Sealing[] = [];
    let bytes = 0;
    let staged = 0;

    const spill = async (): Promise<void> => {
      outbox.stage(reading, await contents(sealing));
      staged += sealing.length;
      sealing = [];
      bytes = 0;
    };

    return {
      add: async (part) => {
        const tail = tailOf(reading.feed);
        const id = random.uuid(clock.now());
        const place = { epoch: tail.epoch, seq: tail.seq + 1, prev: tail.digest };
        const created = clock.now();
        const sealed = deps
          .sealer()
          .seal(
            { id, agent: deps.agent, feed: reading.feed, ...place, created, schema: reading.schema },
            part.compressed,
          );
        // A refused signature is met where the bytes are awaited.
        sealed.bytes.catch(() => undefined);
        tails.set(reading.feed, { epoch: tail.epoch, seq: place.seq, digest: sealed.digest });
        const { compressed, ...counts } = part;
        sealing.push({
          envelope: {
            ...counts,
            ...place,
            id,
            export: reading.id,
            feed: reading.feed,
            digest: sealed.digest,
            createdAt: created,
          },
          bytes: sealed.bytes,
        });
        bytes += compressed.length;
        crashPoint('after-seal');
        if (bytes > deps.maxBytes / 2) await spill();
      },
      abort: () => {
        tails.set(reading.feed, before);
        if (staged > 0) takeBack(reading.id);
      },
      finish: (ready) => {
        batch.push({ ready: { ...ready, stagedSlices: staged }, sealing });
        batchBytes += bytes;
      },
    };
  };

  return {
    open,
    add: (ready) => batch.push({ ready: { ...ready, stagedSlices: 0 }, sealing: [] }),
    isFull: () => batch.length >= deps.maxExports || batchBytes >= deps.maxBytes,
    isEmpty: () => batch.length === 0,
    forgetTails: () => {
      tails.clear();
    },
    commit: async () => {
      const group = batch;
      batch = [];
      batchBytes = 0;
      try {
        const exports: ReadyExport[] = [];
        for (const { ready, sealing } of group)
          exports.push({ ...ready, envelopes: await contents(sealing) });
        outbox.commit(exports, tails);
        return exports;
      } catch (error) {
        tails.clear();
        const staged = group.filter(({ ready }) => ready.stagedSlices > 0).map(({ ready }) => ready.row.id);
        for (const exportId of staged) leftovers.add(exportId);
        for (const exportId of staged) takeBack(exportId);
        throw error;
      }
    },
  };
}

async function contents(sealing: readonly Sealing[]): Promise<readonly SealedEnvelope[]> {
  return Promise.all(sealing.map(async ({ envelope, bytes }) => ({ ...envelope, content: await bytes })));
}
