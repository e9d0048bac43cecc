import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { genesis } from '../../../shared/envelope/header.ts';
import type { Receipt } from '../../../shared/protocol/receipts.ts';
import { createExportBook, type ExportBook } from '../../../agent/outbox/export-book.ts';
import { finalState } from '../../../agent/commands/export-document.ts';
import {
  envelopeId,
  envelopeOf,
  exportRow,
  fakeClock,
  feed,
  openOutbox,
  ready,
  temporaryFolder,
} from './support.ts';

const base = { v: 1 as const, id: '', agent: 'a', at: 5 };
const of = (id: string) => ({ ...base, export: id, feed, facility: '990000010', part: '0' });

function processed(id: string, dispatches: readonly string[], change: object = {}): Receipt {
  return {
    ...of(id),
    ...{ kind: 'processed', result: 'applied', hold: null, trusted: true, window: null },
    ...{ accepted: 10, rejected: 0, added: 7, updated: 1, removed: 2, unchanged: 2, stale: 0, suspended: 0 },
    ...{ findingsTotal: 1, original: null },
    findings: [{ rule: 'possible-duplicate', severity: 'warning', field: null, line: 3, record: 1 }],
    dispatches: dispatches.map((name) => ({
      name,
      from: '2026-01-20',
      to: '2026-01-20',
      destination: 'oscour',
    })),
    ...change,
  };
}

function delivery(
  id: string,
  dispatch: string,
  kind: 'forwarded' | 'acknowledged' | 'refused' = 'forwarded',
): Receipt {
  return {
    ...of(id),
    kind,
    dispatch,
    from: '2026-01-20',
    to: '2026-01-20',
    destination: 'oscour',
    code: kind === 'refused' ? 'R1' : null,
  };
}

function bookWith(...ids: readonly string[]): {
  readonly book: ExportBook;
  readonly take: (...receipts: readonly Receipt[]) => void;
} {
  const { database, outbox } = openOutbox(join(temporaryFolder(), 'agent.db'), fakeClock());
  const book = createExportBook(database);
  let prev = genesis;
  ids.forEach((id, index) => {
    const envelope = envelopeOf(id, index + 1, prev);
    prev = envelope.digest;
    outbox.commit(
      [ready(exportRow(id), [envelope])],
      new Map([[feed, { epoch: 1, seq: index + 1, digest: prev }]]),
    );
  });
  let cursor = 0;
  const take = (...receipts: readonly Receipt[]): void => {
    const page = receipts.map((receipt) => {
      cursor += 1;
      return { cursor, receipt, text: JSON.stringify(receipt), jws: 'proof' };
    });
    book.apply(page, cursor);
  };
  return { book, take };
}

describe('what receipts make of an export', () => {
  it('is forwarded only when every dispatch it lists is', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', ['d1', 'd2']));
    expect(book.get('e1')).toMatchObject({
      outcome: 'processed',
      added: 7,
      trusted: 1,
      receiverFindingsTotal: 1,
    });
    take(delivery('e1', 'd1'));
    expect(book.get('e1')?.outcome).toBe('processed');
    take(delivery('e1', 'd2'));
    expect(book.get('e1')).toMatchObject({ outcome: 'forwarded', settledAt: 5 });
  });

  it('is forwarded at once when it changes nothing and the dispatch in force went out for another export', () => {
    const { book, take } = bookWith('e1', 'e2');
    take(processed('e1', ['d1']), delivery('e1', 'd1'));
    take(processed('e2', ['d1'], { added: 0, unchanged: 10 }));
    expect(book.get('e2')?.outcome).toBe('forwarded');
  });

  it('is forwarded when the delivery is told to the other export that lists the dispatch', () => {
    const { book, take } = bookWith('e1', 'e2');
    take(processed('e1', ['d1']), processed('e2', ['d1']));
    take(delivery('e1', 'd1'));
    expect([book.get('e1')?.outcome, book.get('e2')?.outcome]).toEqual(['forwarded', 'forwarded']);
  });

  it('counts a delivery that is told before the processing', () => {
    const { book, take } = bookWith('e1');
    take(delivery('e1', 'd1'), processed('e1', ['d1']));
    expect(book.get('e1')?.outcome).toBe('forwarded');
  });

  it('with nothing to dispatch is done once processed', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', []));
    expect(book.get('e1')?.outcome).toBe('forwarded');
  });

  it('shows the worst of its deliveries', () => {
    const { book, take } = bookWith('e1');
    take(
      processed('e1', ['d1', 'd2']),
      delivery('e1', 'd1', 'acknowledged'),
      delivery('e1', 'd2', 'refused'),
    );
    expect(book.get('e1')?.outcome).toBe('refused');
  });

  it('stays held however its dispatches fare, until the region decides', () => {
    const { book, take } = bookWith('e1');
    take(
      processed('e1', ['d1'], { result: 'held', hold: 'removals', suspended: 40, removed: 0 }),
      delivery('e1', 'd1'),
    );
    expect(book.get('e1')).toMatchObject({ outcome: 'held', hold: 'removals', suspended: 40 });
    take({ ...of('e1'), kind: 'decided', decision: 'confirmed', removed: 40, pending: 0, dispatches: [] });
    expect(book.get('e1')).toMatchObject({ outcome: 'forwarded', removed: 40, suspended: 0 });
  });

  it('stays held until the last of its days is decided, and adds up what went', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', [], { result: 'held', hold: 'removals', suspended: 40, removed: 0 }));
    take({ ...of('e1'), kind: 'decided', decision: 'confirmed', removed: 15, pending: 25, dispatches: [] });
    expect(book.get('e1')).toMatchObject({ outcome: 'held', removed: 15, suspended: 25 });
    take({ ...of('e1'), kind: 'decided', decision: 'kept', removed: 0, pending: 20, dispatches: [] });
    expect(book.get('e1')).toMatchObject({ outcome: 'held', removed: 15, suspended: 20 });
    take({ ...of('e1'), kind: 'decided', decision: 'confirmed', removed: 20, pending: 0, dispatches: [] });
    expect(book.get('e1')).toMatchObject({ outcome: 'forwarded', removed: 35, suspended: 0 });
  });

  it('an agent enrolled anew keeps the receipts of exports it never saw, and uses their deliveries', () => {
    const { book, take } = bookWith('e1');
    take(
      processed('lost', ['d1']),
      { ...of('lost'), kind: 'decided', decision: 'kept', removed: 0, pending: 0, dispatches: [] },
      delivery('lost', 'd1'),
    );
    expect(book.receipts('lost')).toHaveLength(3);
    take(processed('e1', ['d1']));
    expect(book.get('e1')?.outcome).toBe('forwarded');
  });

  it('a facility registered later turns held into processed', () => {
    const { book, take } = bookWith('e1');
    take(processed('e1', [], { result: 'held', hold: 'facility-unknown' }));
    expect(book.get('e1')?.outcome).toBe('held');
    take(processed('e1', ['d1']));
    expect(book.get('e1')).toMatchObject({ outcome: 'processed', hold: null });
  });

  it('a rejection that cannot name the export finds it by its envelope', () => {
    const { book, take } = bookWith('e1');
    take({ ...base, kind: 'rejected', export: null, envelope: envelopeId('e1', 1), code: 'slice-malformed' });
    expect(book.get('e1')).toMatchObject({ outcome: 'rejected', errorCode: 'slice-malformed' });
  });

  it('a duplicate names the export that answers', () => {
    const { book, take } = bookWith('e1', 'e2');
    take(processed('e2', [], { result: 'duplicate', original: 'e1' }));
    expect(book.get('e2')).toMatchObject({ outcome: 'duplicate', original: 'e1' });
  });

  it('a page told twice changes nothing', () => {
    const { book } = bookWith('e1');
    const receipt: Receipt = {
      ...of('e1'),
      kind: 'decided',
      decision: 'confirmed',
      removed: 4,
      pending: 0,
      dispatches: [],
    };
    const page = [
      { cursor: 1, receipt: processed('e1', [], { result: 'held', hold: 'removals' }), text: 'a', jws: 'p' },
      { cursor: 2, receipt, text: 'b', jws: 'p' },
    ];
    book.apply(page, 2);
    const once = book.get('e1');
    book.apply(page, 2);
    expect(book.get('e1')).toEqual(once);
    expect(book.cursor()).toBe(2);
  });

  it('knows the final states from those on the way', () => {
    expect(finalState({ outcome: 'unknown', slices: 0 })).toBeUndefined();
    expect(finalState({ outcome: 'processed', slices: 1 })).toBeUndefined();
    expect(finalState({ outcome: 'processed', slices: 0 })).toBe('processed');
    expect(finalState({ outcome: 'refused', slices: 1 })).toBe('forwarded');
    expect(finalState({ outcome: 'held', slices: 1 })).toBe('held');
  });
});
