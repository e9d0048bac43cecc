import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClaimOrder } from '../../../agent/outbox/outbox.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import {
  envelopeOf,
  exportRow,
  fakeClock,
  feed,
  openOutbox,
  ready,
  startAt,
  temporaryFolder,
} from '../agent/support.ts';

const hour = 3_600_000;

/** Envelopes 1, 2, 3, ... created at these moments; `undated` ones come from exports without dates of their own. */
function lab(createdAt: readonly number[], undated: readonly number[] = []) {
  const clock = fakeClock();
  const { database, outbox } = openOutbox(join(temporaryFolder(), 'agent.db'), clock);
  onTestFinished(() => database.close());
  let prev = genesis;
  createdAt.forEach((at, index) => {
    const seq = index + 1;
    const envelope = envelopeOf(`e${seq}`, seq, prev, { createdAt: at });
    prev = envelope.digest;
    const dates = undated.includes(seq) ? { windowFrom: null, windowTo: null } : {};
    outbox.commit(
      [ready(exportRow(`e${seq}`, dates), [envelope])],
      new Map([[feed, { epoch: 1, seq, digest: prev }]]),
    );
  });
  return {
    claim: (limit: number, order: ClaimOrder): readonly number[] =>
      outbox.turn([], { limit, order }).map(({ seq }) => seq),
  };
}

/** Noon of the fake clock's day; the backlog began two days before. */
const backlog = [startAt - 48 * hour, startAt - 30 * hour, startAt - 14 * hour];
const today = [startAt - 3 * hour, startAt - 60_000];

describe('what travels first', () => {
  it('is the oldest, as long as nothing has waited for long', () => {
    const { claim } = lab([startAt - 1.9 * hour, startAt - hour, startAt]);
    expect(claim(2, 'auto')).toEqual([1, 2]);
    expect(claim(2, 'auto')).toEqual([3]);
  });

  it('after a long outage is today’s, the newest of it first, then the backlog from its oldest end', () => {
    const { claim } = lab([...backlog, ...today]);
    expect(claim(3, 'auto')).toEqual([5, 4, 1]);
    expect(claim(3, 'auto')).toEqual([2, 3]);
  });

  it('leaves in their place exports that only their arrival orders', () => {
    const { claim } = lab([...backlog, ...today], [5]);
    expect(claim(2, 'auto')).toEqual([4, 1]);
    expect(claim(9, 'auto')).toEqual([2, 3, 5]);
  });

  it('never is one envelope twice, and never more than asked for', () => {
    const { claim } = lab([...backlog, ...today]);
    const all = [1, 1, 1, 1, 1, 1].flatMap((limit) => claim(limit, 'auto'));
    expect(all).toEqual([5, 4, 1, 2, 3]);
  });

  it('is what the setting says, when it says so', () => {
    expect(lab([...backlog, ...today]).claim(9, 'oldest')).toEqual([1, 2, 3, 4, 5]);
    expect(lab([...backlog, ...today]).claim(9, 'newest')).toEqual([5, 4, 3, 2, 1]);
  });
});
