import type { DestinationConfig } from '../config-destinations.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { permanent, transient, asFault } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { commitAnswers, type AnswerDeps } from '../forward/answers/record-answers.ts';
import { deliveryReceipts } from '../forward/delivery/delivery-receipts.ts';
import { requireApproval } from '../forward/delivery/queue.ts';
import type { AgencyAnswer, OutgoingFile } from '../forward/destination.ts';
import { dispatchNamed, stateFacts } from '../forward/find-dispatch.ts';
import type { Parcels } from '../forward/parcel.ts';
import { pauseOf } from '../forward/pause.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import type { StoreTx } from '../store/store.ts';

/**
 * What agencies that fetch may have: dispatches as parcels, the same bytes every time, and where each stands. Nothing is
 * sealed for a key that two people have not approved.
 */
export interface AgencyDesk {
  list(destination: string, state: AgencyState, after: number, limit: number): Promise<readonly Offered[]>;
  /** Throws `dispatch-unknown`, `agency-content-gone`, `agency-destination-paused` and the faults of keys. */
  fetch(
    destination: string,
    name: string,
  ): Promise<{ readonly row: DispatchRow; readonly file: OutgoingFile }>;
  /** It has arrived whole: noted with its receipts, after the answer. */
  fetched(row: DispatchRow): void;
  /** Throws `dispatch-unknown`, and `dispatch-not-sent` to who has not taken it. */
  answer(destination: string, name: string, said: AgencyAnswer): Promise<DispatchRow>;
  /** Resolves when everything fetched is noted. */
  drained(): Promise<void>;
}

export type AgencyState = 'waiting' | 'sent' | 'acknowledged' | 'refused';

export interface Offered {
  readonly row: DispatchRow;
  /** As it travels; null once its content is no longer kept. */
  readonly parcel: { readonly name: string; readonly digest: string; readonly bytes: number } | null;
}

export interface AgencyDeskDeps extends AnswerDeps {
  readonly destinations: readonly DestinationConfig[];
  readonly openParcels: (settings: DestinationConfig) => Promise<Parcels | undefined>;
  readonly logger: Logger;
  /** Receipts of these agents have been committed. */
  readonly onReceipts: (agents: ReadonlySet<string>) => void;
}

export function createAgencyDesk(deps: AgencyDeskDeps): AgencyDesk {
  const { store, clock, random, sign, logger } = deps;
  const opened = new Map<string, Parcels | undefined>();
  const noting = new Set<Promise<void>>();
  // An answer may be here before we have seen the last byte go.
  const taking = createTaking();

  /** Opened again after a fault: a key may have been put right. A fault of keys is ours to mend: agencies come back. */
  const withParcels = async <T>(
    name: string,
    work: (parcels: Parcels | undefined) => Promise<T>,
  ): Promise<T> => {
    try {
      const settings = deps.destinations.find((each) => each.name === name);
      if (settings !== undefined && !opened.has(name)) opened.set(name, await deps.openParcels(settings));
      const parcels = opened.get(name);
      const key = parcels?.key;
      if (key !== undefined) await store.read((tx) => requireApproval(tx, name, key));
      return await work(parcels);
    } catch (error) {
      const fault = asFault(error);
      if (fault.code === 'unexpected' || notOfKeys.has(fault.code)) throw error;
      opened.delete(name);
      throw transient(fault.code, { facts: fault.facts, cause: error });
    }
  };

  /** Undefined when the content is no longer kept. */
  const parcelOf = async (
    row: DispatchRow,
    parcels: Parcels | undefined,
  ): Promise<OutgoingFile | undefined> => {
    const { kept, content } = await store.read((tx) => keptOf(tx, row.id, parcels));
    if (kept !== undefined) return kept;
    if (content === undefined) return undefined;
    if (parcels === undefined) return { name: row.name, content, digest: row.digest };
    const made = await parcels.make(row.name, content);
    return store.transaction(async (tx) => {
      // Two who ask at once get the same bytes: what was written first stays.
      const first = (await keptOf(tx, row.id, parcels)).kept;
      if (first === undefined) await tx.dispatches.putSealed(row.id, { ...made, protection: parcels.id });
      return first ?? made;
    });
  };

  const note = async (row: DispatchRow): Promise<void> => {
    const now = clock.now();
    const agents = await store.transaction(async (tx) => {
      const moved = await tx.dispatches.setDelivery(row.id, ['waiting'], {
        ...{ state: 'sent', attempts: row.attempts + 1, nextAttemptAt: now, changedAt: now, code: null },
        sentAt: now,
      });
      const receipts = moved ? await deliveryReceipts(tx, row, 'forwarded', null, now, random) : [];
      if (receipts.length > 0) await tx.receipts.put(await sign(receipts.map(({ text }) => text)), receipts);
      crashPoint('before-fetched-commit');
      return new Set(receipts.map(({ agent }) => agent));
    });
    crashPoint('after-fetched-commit');
    taking.end(row.id);
    if (agents.size > 0) deps.onReceipts(agents);
    logger.info({ destination: row.destination, dispatch: row.name }, 'dispatch-fetched');
  };

  return {
    list: (destination, state, after, limit) =>
      withParcels(destination, async (parcels) => {
        const rows = await store.read((tx) => tx.dispatches.inDelivery(destination, state, after, limit));
        const offered: Offered[] = [];
        for (const row of rows) {
          const as =
            parcels === undefined ? undefined : await store.read((tx) => tx.dispatches.sealedAs(row.id));
          if (as !== undefined && as.protection === parcels?.id) offered.push({ row, parcel: as });
          else offered.push({ row, parcel: described(await parcelOf(row, parcels)) });
        }
        return offered;
      }),
    fetch: (destination, name) =>
      withParcels(destination, async (parcels) => {
        const row = await store.read(async (tx) => {
          const found = await dispatchNamed(tx, destination, name);
          // Set aside by a person: nobody gets it any more.
          if (found.state === 'dead')
            throw permanent('agency-content-gone', { facts: { destination, file: found.name } });
          if (pauseOf(await tx.destinations.get(destination), clock.now()) !== undefined)
            throw transient('agency-destination-paused', { facts: { destination } });
          return found;
        });
        const file = await parcelOf(row, parcels);
        if (file === undefined)
          throw permanent('agency-content-gone', { facts: { destination, file: row.name } });
        if (row.state === 'waiting') taking.begin(row.id);
        return { row, file };
      }),
    fetched: (row) => {
      // Not noted, it stays waiting: the agency finds it there once more.
      const done = note(row)
        .catch((error: unknown) => logger.error({ err: error, dispatch: row.name }, 'fetch-not-noted'))
        .finally(() => noting.delete(done));
      noting.add(done);
    },
    answer: async (destination, name, said) => {
      const row = await store.read((tx) => dispatchNamed(tx, destination, name));
      const { name: composed } = row;
      if (row.state === 'waiting' && taking.has(row.id)) await note(row);
      const { agents, changed, unknown } = await commitAnswers(deps, destination, [
        { name: composed, ...said },
      ]);
      if (unknown.length > 0)
        throw permanent('dispatch-not-sent', {
          facts: { destination, file: composed, ...stateFacts(row.state) },
        });
      if (agents.size > 0) deps.onReceipts(agents);
      if (changed.length > 0) {
        const level = said.verdict === 'refused' ? 'error' : 'info';
        logger[level]({ destination, dispatch: composed, code: said.code }, `dispatch-${said.verdict}`);
      }
      return store.read((tx) => dispatchNamed(tx, destination, composed));
    },
    drained: async () => {
      while (noting.size > 0) await Promise.all(noting);
    },
  };
}

const mostTaken = 10_000;

/** Dispatches that were asked for since this process started, until they are noted. */
function createTaking() {
  const ids = new Set<number>();
  return {
    begin: (id: number): void => {
      const [oldest] = ids;
      if (ids.size >= mostTaken && oldest !== undefined) ids.delete(oldest);
      ids.add(id);
    },
    has: (id: number): boolean => ids.has(id),
    end: (id: number): void => void ids.delete(id),
  };
}

/** Faults that opening the key again would not mend. */
const notOfKeys: ReadonlySet<string> = new Set([
  'dispatch-unknown',
  'agency-content-gone',
  'agency-destination-paused',
]);

async function keptOf(
  tx: StoreTx,
  id: number,
  parcels: Parcels | undefined,
): Promise<{ readonly kept?: OutgoingFile; readonly content?: Buffer | undefined }> {
  const sealed = parcels === undefined ? undefined : await tx.dispatches.sealed(id);
  if (sealed !== undefined && sealed.protection === parcels?.id) {
    const { name, content, digest } = sealed;
    return { kept: { name, content, digest } };
  }
  return { content: await tx.dispatches.content(id) };
}

function described(file: OutgoingFile | undefined): Offered['parcel'] {
  return file === undefined ? null : { name: file.name, digest: file.digest, bytes: file.content.length };
}
