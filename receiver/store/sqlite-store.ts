import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemCode, transient } from '../../shared/runtime/errors.ts';
import { openSqlite, type Sqlite } from '../../shared/runtime/sqlite.ts';
import { migrations } from './migrations.ts';
import { createAccountTables } from './sqlite-account.ts';
import { createAgentTable } from './sqlite-agents.ts';
import { createAlertTables } from './sqlite-alert.ts';
import { createAuditTables } from './sqlite-audit.ts';
import { createCalendarTable, createCoverageTable } from './sqlite-calendars.ts';
import { createCareTables } from './sqlite-care.ts';
import {
  createDestinationTable,
  createFacilityNoticeTable,
  createManifestTable,
} from './sqlite-destinations.ts';
import { createDispatchTable } from './sqlite-dispatches.ts';
import { createExportTable } from './sqlite-exports.ts';
import { createFacilityTable } from './sqlite-facilities.ts';
import { createInboxTable } from './sqlite-inbox.ts';
import { createKeyTables } from './sqlite-keys.ts';
import { createListingTables } from './sqlite-listing.ts';
import { createQualityTables } from './sqlite-quality.ts';
import { createReceiptTable } from './sqlite-receipts.ts';
import { createRecordTable } from './sqlite-records.ts';
import { createRemovalTable } from './sqlite-removals.ts';
import { createExtractionTable } from './sqlite-extractions.ts';
import { createApiTokenTable } from './sqlite-tokens.ts';
import { createReportTables } from './sqlite-reports.ts';
import { createRestoreTable } from './sqlite-restores.ts';
import { createRetentionTables } from './sqlite-retention.ts';
import { createErasureTables } from './sqlite-erasure.ts';
import { createStatements } from './sqlite-statements.ts';
import { createWatchTable } from './sqlite-watch.ts';
import type { Store, StoreTx } from './store.ts';

export interface SqliteStoreOptions {
  /**
   * While another connection writes: block (default) waits inside SQLite and holds up this thread; yield lets the thread
   * answer others meanwhile. After ten seconds either gives up.
   */
  readonly whileBusy?: 'block' | 'yield';
}

const giveUpMs = 10_000;
const askAgainMs = 20;

/**
 * The store in one SQLite file. One connection writes, behind a queue; another, read-only, reads beside it. A verb never
 * waits inside, so the writer's transaction is open only as long as its own work runs.
 */
export function openSqliteStore(path: string, { whileBusy = 'block' }: SqliteStoreOptions = {}): Store {
  const writer = openSqlite(path, { migrations });
  if (whileBusy === 'yield') writer.pragma(`busy_timeout = ${askAgainMs}`);
  let reader: Sqlite;
  try {
    reader = openSqlite(path, { migrations, readonly: true });
  } catch (error) {
    writer.close();
    throw error;
  }
  const writes = createTurns();
  const reads = createTurns();
  const writing = createTx(writer);
  const reading = createTx(reader);
  let closed: Promise<void> | undefined;

  return {
    transaction: (work) => writes(() => enclosed(writer, 'begin immediate', () => work(writing), whileBusy)),
    read: (work) => reads(() => enclosed(reader, 'begin', () => work(reading))),
    rewrite: () => writes(async () => rewritten(writer, path)),
    close: () => {
      closed ??= Promise.all([writes(noWork), reads(noWork)]).then(() => {
        reader.close();
        writer.close();
      });
      return closed;
    },
  };
}

/**
 * Its copy goes to a file beside the database, not to memory, which it might not fit in, nor to a folder that others read.
 * What stood in the file before is overwritten when the log of changes is emptied into it.
 */
function rewritten(db: Sqlite, path: string): boolean {
  process.env['SQLITE_TMPDIR'] = dirname(path);
  db.pragma('temp_store = file');
  try {
    db.exec('vacuum');
  } catch (error) {
    if (systemCode(error)?.startsWith('SQLITE_BUSY') === true) return false;
    throw error;
  } finally {
    db.pragma('temp_store = memory');
    delete process.env['SQLITE_TMPDIR'];
  }
  const [emptied] = db.pragma('wal_checkpoint(truncate)') as readonly { readonly busy: number }[];
  return emptied?.busy === 0;
}

type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** One after the other, in the order asked. Never ask from inside one's own turn. */
function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

const noWork = (): Promise<void> => Promise.resolve();

async function enclosed<T>(
  db: Sqlite,
  begin: string,
  work: () => Promise<T>,
  whileBusy: 'block' | 'yield' = 'block',
): Promise<T> {
  if (whileBusy === 'yield') await beginYielding(db, begin);
  else db.exec(begin);
  try {
    const result = await work();
    db.exec('commit');
    return result;
  } catch (error) {
    // A full disk may have rolled back already.
    if (db.inTransaction) db.exec('rollback');
    throw error;
  }
}

async function beginYielding(db: Sqlite, begin: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 2 * askAgainMs) {
    try {
      db.exec(begin);
      return;
    } catch (error) {
      if (systemCode(error) !== 'SQLITE_BUSY') throw error;
      if (waitedMs >= giveUpMs) throw transient('store-busy', { cause: error });
    }
    await setTimeout(askAgainMs);
  }
}

function createTx(db: Sqlite): StoreTx {
  const statements = createStatements(db);
  let depth = 0;
  return {
    savepoint: async (work, undoWhen) => {
      depth += 1;
      const name = `level_${depth}`;
      db.exec(`savepoint ${name}`);
      const undo = (): void => {
        if (db.inTransaction) db.exec(`rollback to ${name}; release ${name}`);
      };
      try {
        const result = await work();
        if (undoWhen?.(result) === true) undo();
        else db.exec(`release ${name}`);
        return result;
      } catch (error) {
        undo();
        throw error;
      } finally {
        depth -= 1;
      }
    },
    agents: createAgentTable(statements),
    facilities: createFacilityTable(statements),
    inbox: createInboxTable(statements),
    exports: createExportTable(statements),
    records: createRecordTable(statements),
    removals: createRemovalTable(statements),
    dispatches: createDispatchTable(statements),
    receipts: createReceiptTable(statements),
    destinations: createDestinationTable(statements),
    notices: createFacilityNoticeTable(statements),
    manifests: createManifestTable(statements),
    calendars: createCalendarTable(statements),
    coverage: createCoverageTable(statements),
    watch: createWatchTable(statements),
    accounts: createAccountTables(statements),
    audit: createAuditTables(statements),
    alerts: createAlertTables(statements),
    quality: createQualityTables(statements),
    care: createCareTables(statements),
    keys: createKeyTables(statements),
    listings: createListingTables(statements),
    retention: createRetentionTables(statements),
    erasure: createErasureTables(statements),
    reports: createReportTables(statements),
    extractions: createExtractionTable(statements),
    tokens: createApiTokenTable(statements),
    restores: createRestoreTable(statements),
  };
}
