import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genesis } from '../../shared/envelope/header.ts';
import type { Settled } from '../../agent/outbox/outbox.ts';
import { envelopeStates, mayMove, type EnvelopeState } from '../../agent/outbox/states.ts';
import type { ClaimedEnvelope, LedgerTail, ReadyExport, SealedEnvelope } from '../../agent/outbox/rows.ts';
import {
  envelopeOf,
  exportRow,
  fakeClock,
  feed,
  openOutbox,
  ready,
  temporaryFolder,
  type FakeClock,
  type OpenOutbox,
} from '../unit/agent/support.ts';

/** What the outbox must be, in plain maps. */
interface Model {
  readonly states: Map<number, 'pending' | 'sending' | 'accepted' | 'dead'>;
  readonly dueAt: Map<number, number>;
  tail: LedgerTail;
  nextExport: number;
  /** Seqs of the last finished export still staged on disk, read to its end but not committed. */
  staged: { readonly id: string; readonly envelopes: readonly SealedEnvelope[] } | undefined;
}

interface Real {
  open: OpenOutbox;
  readonly path: string;
  readonly clock: FakeClock;
  claimed: Map<number, ClaimedEnvelope>;
  /** Every envelope's state as it was last seen in the table. */
  seen: ReadonlyMap<string, EnvelopeState>;
  /** `from to`. */
  readonly moves: Set<string>;
}

type Step = fc.Command<Model, Real>;

const start: LedgerTail = { epoch: 1, seq: 0, digest: genesis };

function seal(
  model: Model,
  slices: number,
): { readonly id: string; readonly envelopes: readonly SealedEnvelope[] } {
  const id = `e${String(model.nextExport).padStart(4, '0')}`;
  let { seq, digest } = model.tail;
  const envelopes = Array.from({ length: slices }, (_, index) => {
    const envelope = envelopeOf(id, seq + 1, digest, { slice: index + 1 });
    seq += 1;
    digest = envelope.digest;
    return envelope;
  });
  return { id, envelopes };
}

function tailAfter(envelopes: readonly SealedEnvelope[], before: LedgerTail): LedgerTail {
  const last = envelopes.at(-1);
  return last === undefined ? before : { epoch: 1, seq: last.seq, digest: last.digest };
}

/** Every move seen in the table is one that the states' own table allows. */
function checkMoves(real: Real): void {
  const rows = real.open.database.all<{ id: string; state: EnvelopeState }>(
    `select id, state from envelopes`,
  );
  for (const { id, state } of rows) {
    const before = real.seen.get(id);
    if (before === undefined) expect(['staged', 'pending']).toContain(state);
    else if (before !== state) {
      expect([before, state, mayMove(before, state)]).toEqual([before, state, true]);
      real.moves.add(`${before} ${state}`);
    }
  }
  const present = new Set(rows.map(({ id }) => id));
  for (const [id, state] of real.seen) if (!present.has(id)) expect(state).toBe('staged');
  real.seen = new Map(rows.map(({ id, state }) => [id, state]));
}

function check(model: Model, real: Real): void {
  checkMoves(real);
  const { database, outbox } = real.open;
  const rows = database.all<{ seq: number; state: string }>(
    `select seq, state from envelopes where state <> 'staged' order by seq`,
  );
  expect(new Map(rows.map(({ seq, state }) => [seq, state]))).toEqual(model.states);
  expect(outbox.tail(feed) ?? start).toEqual(model.tail);
  // No gap, no fork: the chain of what is committed is whole.
  const chain = database.all<{ seq: number; prev: string; digest: string }>(
    `select seq, prev, digest from envelopes where state <> 'staged' order by seq`,
  );
  let before: { seq: number; digest: string } = start;
  for (const row of chain) {
    expect(row.seq).toBe(before.seq + 1);
    expect(row.prev).toBe(before.digest);
    before = row;
  }
  // Counters kept beside the rows are what counting would give.
  const counted = database.all(
    `select feed, state, count(*) as n, sum(bytes) as bytes from envelopes group by feed, state order by feed, state`,
  );
  const kept = database.all(`select feed, state, n, bytes from backlog where n > 0 order by feed, state`);
  expect(kept).toEqual(counted);
}

const step = (
  name: string,
  ready: (model: Model) => boolean,
  run: (model: Model, real: Real) => void,
): Step => ({
  check: (model) => ready(model),
  run: (model, real) => {
    run(model, real);
    check(model, real);
  },
  toString: () => name,
});

const commitSmall = (slices: number): Step =>
  step(
    `commit(${slices})`,
    (model) => model.staged === undefined,
    (model, { open: { outbox } }) => {
      const { id, envelopes } = seal(model, slices);
      const tail = tailAfter(envelopes, model.tail);
      outbox.commit([ready(exportRow(id), envelopes)], new Map([[feed, tail]]));
      for (const { seq } of envelopes) {
        model.states.set(seq, 'pending');
        model.dueAt.set(seq, 0);
      }
      model.tail = tail;
      model.nextExport += 1;
    },
  );

const stage = (slices: number): Step =>
  step(
    `stage(${slices})`,
    (model) => model.staged === undefined,
    (model, { open: { outbox } }) => {
      const sealed = seal(model, slices);
      const { source, name, path, readAt } = exportRow(sealed.id);
      outbox.stage({ id: sealed.id, source, name, path, readAt }, sealed.envelopes);
      model.staged = sealed;
      model.nextExport += 1;
    },
  );

const abort = step(
  'abort',
  (model) => model.staged !== undefined,
  (model, { open: { outbox } }) => {
    outbox.drop(model.staged?.id ?? '');
    model.staged = undefined;
  },
);

const publish = step(
  'publish',
  (model) => model.staged !== undefined,
  (model, { open: { outbox } }) => {
    const { id = '', envelopes = [] } = model.staged ?? {};
    const tail = tailAfter(envelopes, model.tail);
    const whole: ReadyExport = ready(exportRow(id), [], { stagedSlices: envelopes.length });
    outbox.commit([whole], new Map([[feed, tail]]));
    for (const { seq } of envelopes) {
      model.states.set(seq, 'pending');
      model.dueAt.set(seq, 0);
    }
    model.tail = tail;
    model.staged = undefined;
  },
);

const claim = (limit: number, order: 'oldest' | 'newest'): Step =>
  step(
    `claim(${limit}, ${order})`,
    () => true,
    (model, real) => {
      const claimed = real.open.outbox.turn([], { limit, order });
      const due = [...model.states]
        .filter(([seq, state]) => state === 'pending' && (model.dueAt.get(seq) ?? 0) <= real.clock.now())
        .map(([seq]) => seq)
        .sort((a, b) => (model.dueAt.get(a) ?? 0) - (model.dueAt.get(b) ?? 0) || a - b);
      const expected = (order === 'oldest' ? due : due.reverse()).slice(0, limit);
      expect(claimed.map(({ seq }) => seq)).toEqual(expected);
      for (const envelope of claimed) {
        expect(envelope.content.toString()).toBe(`sealed ${envelope.export} ${envelope.seq}`);
        real.claimed.set(envelope.seq, envelope);
        model.states.set(envelope.seq, 'sending');
      }
    },
  );

const settle = (kinds: readonly ('accepted' | 'retry' | 'dead')[]): Step =>
  step(
    `settle(${kinds.join()})`,
    (model) => [...model.states.values()].includes('sending'),
    (model, real) => {
      const sending = [...real.claimed.values()].slice(0, kinds.length);
      const settled = sending.map((envelope, index): Settled => {
        const { n, id, seq, digest, epoch, export: of } = envelope;
        switch (kinds[index]) {
          case 'dead':
            return { kind: 'dead', n, export: of, code: 'envelope-malformed' };
          case 'retry':
            return { kind: 'retry', n, nextAttemptAt: real.clock.now() + 1000, code: 'x' };
          default:
            return {
              kind: 'accepted',
              n,
              id,
              receipt: `r${seq}`,
              proof: 'p',
              feed,
              epoch,
              head: { seq, digest },
            };
        }
      });
      real.open.outbox.turn(settled, { limit: 0, order: 'oldest' });
      sending.forEach(({ seq }, index) => {
        real.claimed.delete(seq);
        const kind = kinds[index] ?? 'accepted';
        model.states.set(seq, kind === 'retry' ? 'pending' : kind);
        if (kind === 'retry') model.dueAt.set(seq, real.clock.now() + 1000);
      });
    },
  );

const wait = step(
  'wait',
  () => true,
  (_model, real) => real.clock.pass(600),
);

/** The receiver comes back from a copy in which the last `behind` envelopes are not. */
const restoreReceiver = (behind: number): Step =>
  step(
    `restoreReceiver(${behind})`,
    (model) => model.tail.seq > 0,
    (model, { open: { outbox } }) => {
      const seq = Math.max(0, model.tail.seq - behind);
      outbox.receiverBehind(feed, { epoch: 1, seq, digest: genesis });
      for (const [at, state] of model.states) {
        if (at <= seq || state !== 'accepted') continue;
        model.states.set(at, 'pending');
        model.dueAt.set(at, 0);
      }
    },
  );

const killAndReopen = step(
  'kill',
  () => true,
  (model, real) => {
    // Whatever was not committed is gone; closing without a checkpoint is what a dead process leaves.
    real.open.database.close();
    real.open = openOutbox(real.path, real.clock);
    real.open.outbox.recover();
    real.claimed = new Map();
    for (const [seq, state] of model.states) if (state === 'sending') model.states.set(seq, 'pending');
    model.staged = undefined;
    expect(real.open.database.all(`select n from envelopes where state = 'staged'`)).toEqual([]);
    expect(real.open.database.all(`select id from exports where state = 'reading'`)).toEqual([]);
  },
);

/** Runs the steps on an outbox of their own. Answers the moves seen in its table. */
function runSteps(path: string, steps: Iterable<Step>): ReadonlySet<string> {
  const clock = fakeClock();
  const open = openOutbox(path, clock);
  const real: Real = { open, path, clock, claimed: new Map(), seen: new Map(), moves: new Set() };
  try {
    fc.modelRun(
      () => ({
        model: { states: new Map(), dueAt: new Map(), tail: start, nextExport: 0, staged: undefined },
        real,
      }),
      steps,
    );
    return real.moves;
  } finally {
    real.open.database.close();
  }
}

describe('the outbox', () => {
  it('does what its model does, whatever the order of staging, committing, claiming, settling and dying', () => {
    const commands = [
      fc.integer({ min: 1, max: 3 }).map(commitSmall),
      fc.integer({ min: 1, max: 3 }).map(stage),
      fc.constant(abort),
      fc.constant(publish),
      fc
        .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('oldest' as const, 'newest' as const))
        .map(([n, order]) => claim(n, order)),
      fc
        .array(fc.constantFrom('accepted' as const, 'retry' as const, 'dead' as const), {
          minLength: 1,
          maxLength: 4,
        })
        .map(settle),
      fc.constant(wait),
      fc.integer({ min: 0, max: 3 }).map(restoreReceiver),
      fc.constant(killAndReopen),
    ];
    const folder = temporaryFolder();
    let run = 0;
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 40, size: 'max' }), (steps) => {
        runSteps(join(folder, `agent-${(run += 1)}.db`), steps);
      }),
      { numRuns: 60 },
    );
  });

  it('makes every move its table allows', () => {
    const story = [
      ...[commitSmall(3), claim(3, 'oldest'), settle(['accepted', 'dead', 'retry']), restoreReceiver(3)],
      ...[stage(2), publish],
    ];
    const allowed = envelopeStates.flatMap((from) =>
      envelopeStates.filter((to) => mayMove(from, to)).map((to) => `${from} ${to}`),
    );
    const moves = runSteps(join(temporaryFolder(), 'agent.db'), story);
    expect([...moves].sort()).toEqual(allowed.sort());
  });
});
