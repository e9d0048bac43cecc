import { createHash } from 'node:crypto';
import type { AgencyReply } from '../../../receiver/forward/answers/answer-source.ts';
import { commitAnswers, type CommittedAnswers } from '../../../receiver/forward/answers/record-answers.ts';
import type { DeliveryState, DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import { deliveryReceipt, type DeliveryReceipt } from '../../../shared/protocol/receipts.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { facility, type Lab } from '../receiver/lab.ts';

/** Dispatches of one agent's export, for agencies of any name. */
export interface Rig {
  readonly agent: string;
  readonly export: string;
  put(destination: string, change?: PutChange): Promise<DispatchRow>;
  row(id: number): Promise<DispatchRow>;
  /** Every delivery receipt of the agent so far, its signature verified. */
  receipts(): Promise<readonly DeliveryReceipt[]>;
  answer(destination: string, ...replies: readonly AgencyReply[]): Promise<CommittedAnswers>;
}

interface PutChange {
  readonly name?: string;
  readonly content?: Buffer;
  readonly state?: DeliveryState;
  /** One, unless it waits and this says otherwise. */
  readonly attempts?: number;
  readonly code?: string;
  readonly from?: number;
  readonly to?: number;
}

let extract = 0;

export async function createRig(lab: Lab): Promise<Rig> {
  const { store, clock } = lab;
  const agent = systemRandom.uuid(1);
  const id = systemRandom.uuid(1);
  await store.transaction(async (tx) => {
    await tx.agents.put({ id: agent, name: 'Agent', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.exports.put({
      ...{ id, agent, facility, feed: 'ed-visits', part: '0', source: 's', receivedAt: 1 },
      ...{ reception: await tx.exports.nextReception(), slicesSeen: 1, manifest: null, digest: null },
      ...{ state: 'processed', extract: 1, outcome: '{}' },
    });
  });
  const row = async (of: number): Promise<DispatchRow> => {
    const found = await store.read((tx) => tx.dispatches.get(of));
    if (found === undefined) throw new Error(`no dispatch ${of}`);
    return found;
  };
  return {
    ...{ agent, export: id, row },
    put: async (destination, change = {}) => {
      extract += 1;
      const name = change.name ?? `dispatch-${extract}.xml`;
      const content = change.content ?? Buffer.from(`content of ${name}`);
      const dispatch = await store.transaction(async (tx) => {
        const put = await tx.dispatches.put(
          {
            ...{ name, destination, facility, feed: 'ed-visits', records: 1, extract },
            ...{ from: (change.from ?? 1) as Day, to: (change.to ?? 2) as Day, composedAt: clock.now() },
            ...{ export: id, cause: 'export' as const, format: 'f 1' },
            digest: createHash('sha256').update(content).digest('hex'),
          },
          content,
        );
        const { state = 'waiting', code = null } = change;
        const arrived = state === 'sent' || state === 'acknowledged' || state === 'refused';
        if (state !== 'waiting' || change.attempts !== undefined)
          await tx.dispatches.setDelivery(put, ['waiting'], {
            ...{ state, attempts: change.attempts ?? 1, nextAttemptAt: 0, changedAt: clock.now(), code },
            ...(arrived ? { sentAt: clock.now() } : {}),
          });
        return put;
      });
      return row(dispatch);
    },
    receipts: async () => {
      const found = await store.read((tx) => tx.receipts.after(agent, 0, 1000));
      return Promise.all(
        found.map(async ({ text, proof }) => {
          const [signed] = await store.read((tx) => tx.receipts.proofs([proof]));
          return deliveryReceipt.parse(await lab.verifier.verify(text, signed?.jws ?? ''));
        }),
      );
    },
    answer: (destination, ...replies) =>
      commitAnswers({ store, clock, random: systemRandom, sign: lab.sign }, destination, replies),
  };
}

export const acknowledged = (name: string): AgencyReply => ({ name, verdict: 'acknowledged', code: null });
export const refused = (name: string, code: string): AgencyReply => ({ name, verdict: 'refused', code });
