import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { genesis } from '../../../shared/envelope/header.ts';
import { envelopeOf, exportRow, fakeClock, feed, openOutbox, ready, temporaryFolder } from './support.ts';

it('a new epoch drops what waits at the end of the old one, and leaves no hole where something was overtaken', () => {
  const { database, outbox } = openOutbox(join(temporaryFolder(), 'agent.db'), fakeClock());
  onTestFinished(() => database.close());
  let prev = genesis;
  for (const seq of [1, 2, 3, 4]) {
    const envelope = envelopeOf(`e${seq}`, seq, prev);
    prev = envelope.digest;
    outbox.commit(
      [ready(exportRow(`e${seq}`), [envelope])],
      new Map([[feed, { epoch: 1, seq, digest: prev }]]),
    );
  }
  const claimed = outbox.turn([], { limit: 4, order: 'oldest' });
  outbox.turn(
    claimed.map(({ n, id, seq }) =>
      seq % 2 === 1
        ? {
            kind: 'accepted',
            n,
            id,
            receipt: '{}',
            proof: 'jws',
            feed,
            epoch: 1,
            head: { seq: 1, digest: 'a' },
          }
        : { kind: 'retry', n, nextAttemptAt: 0, code: 'busy' },
    ),
    { limit: 0, order: 'oldest' },
  );
  expect(outbox.openEpoch(feed, 2, 'b'.repeat(64))).toEqual(['e2', 'e4']);
  expect(database.all('select seq, state, code from envelopes order by seq')).toEqual([
    { seq: 1, state: 'accepted', code: null },
    { seq: 2, state: 'dead', code: 'ledger-old-epoch' },
    { seq: 3, state: 'accepted', code: null },
  ]);
  expect(outbox.tail(feed)).toMatchObject({ epoch: 2, seq: 0 });
});
