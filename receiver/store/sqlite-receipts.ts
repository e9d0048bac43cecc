import { sql, type Statements } from './sqlite-statements.ts';
import type { ReceiptTable } from './store.ts';

export const receiptSql = {
  putProof: sql<{ id: number }>('insert into proof (jws) values (?) returning id'),
  put: sql<{ cursor: number }>(`
    insert into receipt (agent, text, kind, export, envelope, proof)
    values (?, ?, ?, ?, ?, ?)
 returning cursor`),
  noteCursor: sql(`
    insert into sqlite_sequence (name, seq)
    select 'receipt', 0 where not exists (select 1 from sqlite_sequence where name = 'receipt')`),
  startAfter: sql(`update sqlite_sequence set seq = max(seq, ?) where name = 'receipt'`),
  after: sql<{ cursor: number; text: string; proof: number }>(
    'select cursor, text, proof from receipt where agent = ? and cursor > ? order by cursor limit ?',
  ),
  proof: sql<Proof>('select id, jws from proof where id = ?'),
  stored: sql<{ text: string; jws: string }>(`
    select receipt.text, proof.jws
      from receipt
      join proof on proof.id = receipt.proof
     where receipt.envelope = ? and receipt.kind = 'stored'
     order by receipt.cursor
     limit 1`),
  ofExport: sql<{ cursor: number; text: string }>(
    'select cursor, text from receipt where export = ? order by cursor',
  ),
} as const;

interface Proof {
  readonly id: number;
  readonly jws: string;
}

export function createReceiptTable({ all, get, run, prepare }: Statements): ReceiptTable {
  return {
    put: async (jws, receipts) => {
      const proof = get(receiptSql.putProof, jws)?.id ?? 0;
      const put = prepare(receiptSql.put);
      return receipts.map(
        (receipt) =>
          put.get(receipt.agent, receipt.text, receipt.kind, receipt.export, receipt.envelope, proof)
            ?.cursor ?? 0,
      );
    },
    startAfter: async (cursor) => {
      run(receiptSql.noteCursor);
      run(receiptSql.startAfter, cursor);
    },
    after: async (agent, cursor, limit) => all(receiptSql.after, agent, cursor, limit),
    proofs: async (ids) => ids.flatMap((id) => prepare(receiptSql.proof).all(id)),
    stored: async (envelope) => get(receiptSql.stored, envelope),
    ofExport: async (exportId) => all(receiptSql.ofExport, exportId),
  };
}
