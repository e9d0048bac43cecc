import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envelopeSql, exportSql, fileSql, ledgerSql, metaSql } from '../../../agent/outbox/queries.ts';
import { fakeClock, openOutbox, temporaryFolder } from './support.ts';

/** Each hot query and the index it must use. */
const hot: readonly (readonly [string, string, string])[] = [
  ['claim, oldest first', envelopeSql.claimOldest, 'envelopes_due'],
  ['claim, newest first', envelopeSql.claimNewest, 'envelopes_due'],
  ['when the next is due', envelopeSql.nextDue, 'envelopes_due'],
  ['the oldest pending', envelopeSql.oldestPending, 'envelopes_due'],
  ['release at start', envelopeSql.release, 'envelopes_sending'],
  ['publish', envelopeSql.publish, 'envelopes_staged'],
  ['drop staged', envelopeSql.dropStaged, 'envelopes_staged'],
  ['tombstones', envelopeSql.tombstones, 'envelopes_tombstones'],
  ['purge', envelopeSql.purgeable, 'envelopes_purge'],
  ['slices of an export', envelopeSql.ofExport, 'envelopes_of_export'],
  ['a page of the ledger', envelopeSql.ledgerPage, 'sqlite_autoindex_envelopes_2'],
  ['reads that died', exportSql.reading, 'exports_reading'],
  ['what has not settled', exportSql.unsettled, 'exports_unsettled'],
  ['the same content processed', exportSql.processedDigest, 'exports_by_digest'],
  ['the last export of a source', exportSql.lastOfSource, 'exports_by_source'],
  ['trace by name', exportSql.byName, 'exports_by_name'],
  ['exports of a dispatch', exportSql.exportsOfDispatch, 'exports_of_dispatch'],
  ['what agencies refused', exportSql.refusals, 'deliveries_refused'],
  ['what agencies refused of a day', exportSql.refusalsOfDay, 'deliveries_refused'],
  ['a newer dispatch of the same days', exportSql.refusals, 'deliveries_of_days'],
  ['moves that are due', fileSql.moves, 'seen_moves'],
];

describe('query plans', () => {
  const fresh = () => openOutbox(join(temporaryFolder(), 'agent.db'), fakeClock()).database;
  const plan = (sql: string): string =>
    fresh()
      .db.prepare(`explain query plan ${sql}`)
      .all(...Array.from({ length: sql.split('?').length - 1 }, () => null))
      .map((row) => (row as { detail: string }).detail)
      .join('; ');

  it.each(hot)('%s goes straight to its rows, without a sort', (_name, sql, index) => {
    const found = plan(sql);
    expect(found).toContain(index);
    expect(found).not.toContain('TEMP B-TREE');
    expect(found).not.toMatch(/SCAN \w+$/);
  });

  it('every other query prepares', () => {
    const database = fresh();
    for (const sql of [envelopeSql, exportSql, fileSql, ledgerSql, metaSql].flatMap((set) =>
      Object.values(set),
    ))
      expect(() => database.db.prepare(sql)).not.toThrow();
  });
});
