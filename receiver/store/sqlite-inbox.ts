import type { EnvelopeRow, EnvelopeState, InboxTable, LedgerHead } from './store.ts';
import { countersOf, sql, type Query, type Statements } from './sqlite-statements.ts';

const states: readonly EnvelopeState[] = ['stored', 'opened', 'done', 'refused', 'tombstone'];
const columns =
  'id, agent, feed, epoch, seq, digest, prev, received_at as receivedAt, bytes, state, export, slice';

/** The state is written into the text: a bound value would keep the planner from the partial indexes. */
const inState = (state: EnvelopeState): Query<EnvelopeRow> =>
  sql(`select ${columns} from envelope where state = '${state}' order by arrival limit ?`);

export const inboxSql = {
  byId: sql<EnvelopeRow>(`select ${columns} from envelope where id = ?`),
  bySequence: sql<EnvelopeRow>(
    `select ${columns} from envelope where agent = ? and feed = ? and epoch = ? and seq = ?`,
  ),
  put: sql(`
    insert into envelope (id, agent, feed, epoch, seq, digest, prev, received_at, bytes, state, export, slice)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  putContent: sql(`
    insert into envelope_content (envelope, received_at, content)
    select arrival, received_at, ? from envelope where id = ?`),
  content: sql<{ content: Buffer }>(`
    select content.content
      from envelope
      join envelope_content as content on content.envelope = envelope.arrival
     where envelope.id = ?`),
  inState: {
    stored: inState('stored'),
    opened: inState('opened'),
    done: inState('done'),
    refused: inState('refused'),
    tombstone: inState('tombstone'),
  },
  setState: sql('update envelope set state = ? where id = ?'),
  place: sql('update envelope set state = ?, export = ?, slice = ? where id = ?'),
  ofExport: sql<EnvelopeRow>(`select ${columns} from envelope where export = ? order by slice, arrival`),
  head: sql<LedgerHead>(`
    select agent, feed, epoch, seq, digest
      from ledger_head
     where agent = ? and feed = ?
     order by epoch desc
     limit 1`),
  putHead: sql('insert or replace into ledger_head (agent, feed, epoch, seq, digest) values (?, ?, ?, ?, ?)'),
  heads: sql<LedgerHead>(`
    select agent, feed, max(epoch) as epoch, seq, digest
      from ledger_head
     where agent = ?
     group by feed
     order by feed`),
  ledger: sql<EnvelopeRow>(`
    select ${columns}
      from envelope
     where agent = ? and feed = ? and epoch = ? and seq > ?
     order by seq
     limit ?`),
  purge: sql(`
    delete from envelope_content
     where envelope in (
             select content.envelope
               from envelope_content as content
              cross join envelope on envelope.arrival = content.envelope
              where content.received_at < ? and envelope.state in ('done', 'refused')
              order by content.received_at
              limit ?)`),
} as const;

export function createInboxTable(statements: Statements): InboxTable {
  const { all, get, run } = statements;
  return {
    byId: async (id) => get(inboxSql.byId, id),
    bySequence: async (agent, feed, epoch, seq) => get(inboxSql.bySequence, agent, feed, epoch, seq),
    put: async (row, content) => {
      const { id, agent, feed, epoch, seq, digest, prev, receivedAt, bytes, state } = row;
      run(
        inboxSql.put,
        id,
        agent,
        feed,
        epoch,
        seq,
        digest,
        prev,
        receivedAt,
        bytes,
        state,
        row.export,
        row.slice,
      );
      if (content !== null) run(inboxSql.putContent, content, id);
    },
    content: async (id) => get(inboxSql.content, id)?.content,
    inState: async (state, limit) => all(inboxSql.inState[state], limit),
    setState: async (id, state, where) => {
      if (where === undefined) run(inboxSql.setState, state, id);
      else run(inboxSql.place, state, where.export, where.slice, id);
    },
    ofExport: async (exportId) => all(inboxSql.ofExport, exportId),
    head: async (agent, feed) => get(inboxSql.head, agent, feed),
    putHead: async ({ agent, feed, epoch, seq, digest }) => {
      run(inboxSql.putHead, agent, feed, epoch, seq, digest);
    },
    heads: async (agent) => all(inboxSql.heads, agent),
    ledger: async (agent, feed, epoch, afterSeq, limit) =>
      all(inboxSql.ledger, agent, feed, epoch, afterSeq, limit),
    purgeContents: async (before, limit) => run(inboxSql.purge, before, limit),
    counts: async () => countersOf(statements, 'envelope', states),
  };
}
