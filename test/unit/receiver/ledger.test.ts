import { describe, expect, it } from 'vitest';
import { judge, type Arrival, type LedgerView } from '../../../receiver/inbox/ledger.ts';

const head = { epoch: 2, seq: 5, digest: 'head' };
const arrival: Arrival = { id: 'new', digest: 'own', prev: 'head', epoch: 2, seq: 6 };
const empty: LedgerView = {
  sameId: undefined,
  head,
  sameSeq: undefined,
  before: undefined,
  after: undefined,
};

const cases: readonly (readonly [string, Partial<Arrival>, Partial<LedgerView>, string])[] = [
  ['fills the place after the head', {}, {}, 'next'],
  ['is kept when it comes ahead of a gap', { seq: 8, prev: 'unknown' }, {}, 'ahead'],
  [
    'is kept when the one before it, also ahead, agrees',
    { seq: 8, prev: 'b' },
    { before: { digest: 'b' } },
    'ahead',
  ],
  ['is a repeat when the same id came with the same digest', {}, { sameId: { digest: 'own' } }, 'repeat'],
  ['is a repeat even from a closed epoch', { epoch: 1 }, { sameId: { digest: 'own' } }, 'repeat'],
  ['is refused when its id came with another digest', {}, { sameId: { digest: 'x' } }, 'ledger-id-reused'],
  ['is refused in a closed epoch', { epoch: 1 }, {}, 'ledger-old-epoch'],
  ['is refused in an epoch nobody opened', { epoch: 3 }, {}, 'ledger-epoch-unopened'],
  ['is a fork when another holds its place', {}, { sameSeq: { id: 'x', digest: 'x' } }, 'ledger-fork'],
  ['is a fork when its place is behind the head', { seq: 5 }, {}, 'ledger-fork'],
  ['breaks the chain when it does not follow the head', { prev: 'x' }, {}, 'ledger-chain-broken'],
  [
    'breaks the chain when it does not follow its neighbour',
    { seq: 8 },
    { before: { digest: 'b' } },
    'ledger-chain-broken',
  ],
  ['breaks the chain when the next one follows another', {}, { after: { prev: 'x' } }, 'ledger-chain-broken'],
  ['fills a gap when both neighbours agree', {}, { after: { prev: 'own' } }, 'next'],
  ['is not believed absurdly far ahead', { seq: 10_000_006 }, {}, 'ledger-too-far-ahead'],
  ['is kept at the edge of belief', { seq: 10_000_005 }, {}, 'ahead'],
];

describe('an envelope at the ledger', () => {
  it.each(cases)('%s', (_sentence, changed, view, expected) => {
    const verdict = judge({ ...arrival, ...changed }, { ...empty, ...view });
    expect(verdict.kind === 'conflict' ? verdict.code : verdict.kind).toBe(expected);
  });
});
