import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adoptLedgers } from '../../../agent/outbox/adopt-ledgers.ts';
import { createBacklog } from '../../../agent/outbox/backlog.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import {
  envelopeOf,
  exportRow,
  fakeClock,
  feed,
  openOutbox,
  ready,
  temporaryFolder,
  type OpenOutbox,
} from './support.ts';

const open = (): OpenOutbox => openOutbox(join(temporaryFolder(), 'agent.db'), fakeClock());
const head = 'a'.repeat(64);
const rereads = ({ database }: OpenOutbox): readonly unknown[] =>
  database.all(`select export from rereads order by export`);

/** Two exports of one envelope each; the first one accepted. */
function halfSent(one: OpenOutbox): string {
  const first = envelopeOf('e1', 1, genesis);
  const second = envelopeOf('e2', 2, first.digest);
  const tail = { epoch: 1, seq: 2, digest: second.digest };
  one.outbox.commit(
    [ready(exportRow('e1'), [first]), ready(exportRow('e2'), [second])],
    new Map([[feed, tail]]),
  );
  const [claimed] = one.outbox.turn([], { limit: 1, order: 'oldest' });
  if (claimed === undefined) throw new Error('nothing claimed');
  const { n, id, digest } = claimed;
  const receipt = { receipt: 'r', proof: 'p', feed, epoch: 1, head: { seq: 1, digest } };
  one.outbox.turn([{ kind: 'accepted', n, id, ...receipt }], { limit: 0, order: 'oldest' });
  return digest;
}

describe('ledgers at enrolment', () => {
  it('go on where the region says, once', () => {
    const one = open();
    const enrolled = { enrolment: 'first', ledgers: [{ feed, epoch: 3, seq: 0, digest: head }] };
    expect(adoptLedgers(one, enrolled)).toEqual([]);
    expect(one.outbox.tail(feed)).toEqual({ epoch: 3, seq: 0, digest: head });
    const later = { epoch: 3, seq: 1, digest: 'b'.repeat(64) };
    one.outbox.commit([], new Map([[feed, later]]));
    adoptLedgers(one, enrolled);
    expect(one.outbox.tail(feed)).toEqual(later);
    expect(createBacklog(one.database).epochs()).toEqual([{ feed, epoch: 3, prev: head, first: 1 }]);
  });

  it('of an agent enrolled again: what was not sent is dropped and read again, in the epoch of the region', () => {
    const one = open();
    adoptLedgers(one, { enrolment: 'first', ledgers: [] });
    const digest = halfSent(one);
    const again = { enrolment: 'second', ledgers: [{ feed, epoch: 2, seq: 0, digest }] };
    expect(adoptLedgers(one, again)).toEqual(['e2']);
    expect(rereads(one)).toEqual([{ export: 'e2' }]);
    expect(one.outbox.tail(feed)).toEqual({ epoch: 2, seq: 0, digest });
    expect(one.outbox.turn([], { limit: 9, order: 'oldest' })).toEqual([]);
    expect(adoptLedgers(one, again)).toEqual([]);
  });

  it('of a feed the region has never heard of: it begins again', () => {
    const one = open();
    adoptLedgers(one, { enrolment: 'first', ledgers: [] });
    const envelope = envelopeOf('e1', 1, genesis);
    const tail = { epoch: 1, seq: 1, digest: envelope.digest };
    one.outbox.commit([ready(exportRow('e1'), [envelope])], new Map([[feed, tail]]));
    expect(adoptLedgers(one, { enrolment: 'second', ledgers: [] })).toEqual(['e1']);
    expect(one.outbox.tail(feed)).toEqual({ epoch: 1, seq: 0, digest: genesis });
    const resealed = envelopeOf('e3', 1, genesis);
    const after = { epoch: 1, seq: 1, digest: resealed.digest };
    one.outbox.commit([ready(exportRow('e3'), [resealed])], new Map([[feed, after]]));
    expect(one.outbox.tail(feed)).toEqual(after);
  });
});
