import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { genesis } from '../../../shared/envelope/header.ts';
import { createPusher, type Pusher } from '../../../agent/push/pusher.ts';
import type { Reply, ReceiverClient } from '../../../agent/push/receiver-client.ts';
import type { EnvelopeRow } from '../../../agent/outbox/rows.ts';
import type { PushAnswer, TombstoneRequest } from '../../../shared/protocol/push.ts';
import {
  envelopeOf,
  exportRow,
  fakeClock,
  fakeRandom,
  feed,
  openOutbox,
  quiet,
  ready,
  receiptKey,
  temporaryFolder,
} from './support.ts';

type Answer = Reply<PushAnswer>;
const failed = (status: number, code: string, more: object = {}): Answer => ({
  kind: 'failed',
  attempt: { kind: 'answered', status, code, class: 'permanent' },
  ...more,
});
const unreachable: Answer = {
  kind: 'failed',
  attempt: { kind: 'unanswered', code: 'receiver-unreachable', sent: false },
};

/** An outbox of so many envelopes, a pusher, and a receiver that answers as the test says. */
function lab(envelopes: number, options: { inFlight?: number; order?: 'oldest' | 'newest' } = {}) {
  const clock = fakeClock();
  const { database, outbox } = openOutbox(join(temporaryFolder(), 'agent.db'), clock);
  const { signer, verifier } = receiptKey(clock);
  let prev = genesis;
  for (let seq = 1; seq <= envelopes; seq += 1) {
    const envelope = envelopeOf(`e${seq}`, seq, prev);
    prev = envelope.digest;
    outbox.commit(
      [ready(exportRow(`e${seq}`), [envelope])],
      new Map([[feed, { epoch: 1, seq, digest: prev }]]),
    );
  }
  const row = (seq: number): EnvelopeRow | undefined =>
    database.get<EnvelopeRow>(`select *, next_attempt_at as nextAttemptAt from envelopes where seq = ?`, seq);

  const stored = async (seq: number, change: object = {}): Promise<Answer> => {
    const found = row(seq);
    const receipt = JSON.stringify({
      ...{ v: 1, id: fakeRandom().uuid(clock.now()), agent: 'a', at: clock.now(), kind: 'stored' },
      ...{
        envelope: found?.id,
        digest: found?.digest,
        feed,
        epoch: 1,
        seq,
        head: { seq, digest: found?.digest },
      },
      ...change,
    });
    return { kind: 'ok', body: { receipt, proof: await signer.sign([receipt]) } };
  };

  const pushed: number[] = [];
  const tombstones: TombstoneRequest[] = [];
  const script: {
    answer(seq: number): Promise<Answer>;
    epoch: Reply<{ feed: string; epoch: number; prev: string }>;
  } = {
    answer: (seq) => stored(seq),
    epoch: { kind: 'ok', body: { feed, epoch: 2, prev: genesis } },
  };
  const never = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const client: ReceiverClient = {
    push: async (content) => {
      const seq = Number(content.toString().split(' ').at(-1));
      pushed.push(seq);
      return script.answer(seq);
    },
    tombstone: async (request) => {
      tombstones.push(request);
      return stored(request.seq);
    },
    openEpoch: async () => script.epoch,
    receipts: never,
    heartbeat: never,
    scorecard: never,
    renew: never,
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const changes = watched();
  const reread: string[][] = [];
  const pusher: Pusher = createPusher({
    outbox,
    client,
    verifyReceipt: (text, jws) => verifier.verify(text, jws),
    signTombstone: async (dead) => ({
      ...{ v: 1, agent: '', feed, epoch: 1, seq: dead.seq, envelope: dead.id, digest: dead.digest },
      ...{ prev: dead.prev, code: dead.code ?? '', signature: '' },
    }),
    clock,
    random: fakeRandom(),
    logger: quiet,
    inFlight: options.inFlight ?? 8,
    order: options.order ?? 'oldest',
    onSettled: changes.notify,
    onReread: (exports) => {
      reread.push([...exports]);
      changes.notify();
    },
  });
  onTestFinished(async () => {
    await pusher.stop();
    database.close();
  });
  return { clock, outbox, database, pusher, script, stored, row, pushed, tombstones, reread, changes };
}

function watched() {
  let waiting: (() => void)[] = [];
  return {
    notify: (): void => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    /** Resolves once `holds` does, looked at after every change. */
    until: async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          setImmediate(resolve);
        });
      }
    },
  };
}

describe('pushing', () => {
  it('accepts what the receiver proves, in the order asked for, never more at once than allowed', async () => {
    const { pusher, script, stored, pushed, row, changes } = lab(20, { inFlight: 3 });
    let now = 0;
    let most = 0;
    script.answer = async (seq) => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return stored(seq);
    };
    await pusher.start();
    await changes.until(() => row(20)?.state === 'accepted');
    expect(most).toBe(3);
    expect(pushed).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('sends the newest first when asked to', async () => {
    const { pusher, pushed, row, changes } = lab(5, { inFlight: 1, order: 'newest' });
    await pusher.start();
    await changes.until(() => row(1)?.state === 'accepted');
    expect(pushed).toEqual([5, 4, 3, 2, 1]);
  });

  it.each([
    ['another digest', { digest: 'f'.repeat(64) }],
    ['another envelope', { envelope: '01a1ffda-c486-7d74-88f2-f4babc6652b6' }],
    ['another sequence', { seq: 9 }],
  ])('does not accept a receipt that names %s', async (_what, change) => {
    const { pusher, script, stored, row, changes, clock } = lab(1);
    script.answer = (seq) => stored(seq, change);
    await pusher.start();
    await changes.until(() => row(1)?.attempts === 1 && row(1)?.state === 'pending');
    expect(row(1)).toMatchObject({ code: 'receipt-invalid' });
    script.answer = (seq) => stored(seq);
    clock.pass(600_000);
    pusher.nudge();
    await changes.until(() => row(1)?.state === 'accepted');
  });

  it('does not accept a receipt whose proof another key signed', async () => {
    const { pusher, script, stored, row, changes, clock } = lab(1);
    const stranger = receiptKey(clock).signer;
    script.answer = async (seq) => {
      const answer = await stored(seq);
      if (answer.kind === 'failed') return answer;
      return { kind: 'ok', body: { ...answer.body, proof: await stranger.sign([answer.body.receipt]) } };
    };
    await pusher.start();
    await changes.until(() => row(1)?.attempts === 1 && row(1)?.state === 'pending');
    expect(row(1)?.state).toBe('pending');
  });

  it('an unreachable receiver stops the whole push, keeps everything due, and is tried again later', async () => {
    const { pusher, script, stored, row, pushed, changes, clock } = lab(30, { inFlight: 2 });
    script.answer = async () => unreachable;
    await pusher.start();
    await changes.until(
      () => pusher.problem() !== null && row(1)?.state === 'pending' && row(2)?.state === 'pending',
    );
    expect(pusher.problem()).toBe('receiver-unreachable');
    expect(pushed).toHaveLength(2);
    script.answer = (seq) => stored(seq);
    clock.pass(120_000);
    pusher.nudge();
    await changes.until(() => row(30)?.state === 'accepted');
    expect(pusher.problem()).toBeNull();
  });

  it('a refused identity kills nothing', async () => {
    const { pusher, script, row, changes } = lab(3);
    script.answer = async () => failed(403, 'certificate-revoked');
    await pusher.start();
    await changes.until(() => pusher.problem() === 'certificate-revoked' && row(3)?.state === 'pending');
    expect([1, 2, 3].map((seq) => row(seq)?.state)).toEqual(['pending', 'pending', 'pending']);
  });

  it('a poisoned envelope does not hold up the others', async () => {
    const { pusher, script, stored, row, changes } = lab(20, { inFlight: 2 });
    script.answer = (seq) => (seq === 1 ? Promise.resolve(failed(500, 'unexpected')) : stored(seq));
    await pusher.start();
    await changes.until(() => row(20)?.state === 'accepted');
    expect(row(1)?.state).toBe('pending');
  });

  it('an envelope refused for good is dead, its export rejected, and a tombstone says so', async () => {
    const { pusher, script, stored, row, tombstones, database, changes } = lab(3);
    script.answer = (seq) => (seq === 2 ? Promise.resolve(failed(422, 'envelope-malformed')) : stored(seq));
    await pusher.start();
    await changes.until(() => tombstones.length === 1 && row(3)?.state === 'accepted');
    expect(row(2)).toMatchObject({ state: 'dead', code: 'envelope-malformed' });
    expect(tombstones[0]).toMatchObject({ seq: 2, code: 'envelope-malformed' });
    expect(database.get(`select outcome, error_code as code from exports where id = 'e2'`)).toEqual({
      outcome: 'rejected',
      code: 'envelope-malformed',
    });
  });

  it('a fork opens a new epoch: what was not accepted is dropped and asked for again from its source', async () => {
    const { pusher, script, stored, outbox, database, reread, changes } = lab(4, { inFlight: 1 });
    script.answer = (seq) =>
      seq <= 2
        ? stored(seq)
        : Promise.resolve(failed(409, 'ledger-fork', { head: { epoch: 1, seq: 7, digest: genesis } }));
    await pusher.start();
    await changes.until(() => reread.length > 0);
    expect(reread).toEqual([['e3', 'e4']]);
    expect(outbox.tail(feed)).toEqual({ epoch: 2, seq: 0, digest: genesis });
    expect(database.all(`select state from envelopes order by seq`)).toEqual([
      { state: 'accepted' },
      { state: 'accepted' },
    ]);
    expect(database.all(`select export from rereads order by export`)).toEqual([
      { export: 'e3' },
      { export: 'e4' },
    ]);
  });

  it('a new epoch explains at once the places that later envelopes had overtaken', async () => {
    const { pusher, script, stored, tombstones, row, changes } = lab(3, { inFlight: 8 });
    script.answer = (seq) =>
      seq === 3
        ? stored(3)
        : Promise.resolve(failed(409, 'ledger-fork', { head: { epoch: 1, seq: 7, digest: genesis } }));
    await pusher.start();
    await changes.until(() => tombstones.length === 2);
    await pusher.stop();
    expect(tombstones.map(({ seq }) => seq)).toEqual([1, 2]);
    expect([row(1)?.state, row(2)?.state, row(3)?.state]).toEqual(['dead', 'dead', 'accepted']);
  });

  it('keeps what came back while nothing can be written, and settles it once there is room', async () => {
    const { pusher, outbox, script, stored, database, changes, row, pushed } = lab(1);
    let failures = 0;
    const turn: typeof outbox.turn = outbox.turn.bind(outbox);
    Object.assign(outbox, {
      turn: (...given: Parameters<typeof outbox.turn>) => {
        try {
          return turn(...given);
        } catch (error) {
          failures += 1;
          database.db.pragma('query_only = 0');
          throw error;
        }
      },
    });
    script.answer = (seq) => {
      database.db.pragma('query_only = 1');
      return stored(seq);
    };
    await pusher.start();
    await changes.until(() => row(1)?.state === 'accepted');
    expect(failures).toBe(1);
    expect(pushed).toEqual([1]);
  });

  it('stopping leaves what was on its way pending', async () => {
    const { pusher, script, row, pushed, changes } = lab(1);
    let answer: (reply: Answer) => void = () => undefined;
    script.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await pusher.start();
    await changes.until(() => pushed.length === 1);
    expect(row(1)?.state).toBe('sending');
    const stopped = pusher.stop();
    answer(unreachable);
    await stopped;
    expect(row(1)?.state).toBe('pending');
  });
});
