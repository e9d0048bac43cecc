import { openSqlite, type Sqlite } from '../../shared/runtime/sqlite.ts';
import { migrations } from './migrations.ts';
import { createAgentTable } from './sqlite-agents.ts';
import { createCalendarTable, createCoverageTable } from './sqlite-calendars.ts';
import {
  createDestinationTable,
  createFacilityNoticeTable,
  createManifestTable,
} from './sqlite-destinations.ts';
import { createDispatchTable } from './sqlite-dispatches.ts';
import { createExportTable } from './sqlite-exports.ts';
import { createFacilityTable } from './sqlite-facilities.ts';
import { createInboxTable } from './sqlite-inbox.ts';
import { createReceiptTable } from './sqlite-receipts.ts';
import { createRecordTable } from './sqlite-records.ts';
import { createRemovalTable } from './sqlite-removals.ts';
import { createStatements } from './sqlite-statements.ts';
import { createWatchTable } from './sqlite-watch.ts';
import type { Store, StoreTx } from './store.ts';

/**
 * The store in one SQLite file. One connection writes, behind a queue; another, read-only, reads beside it. A verb never
 * waits inside, so the writer's transaction is open only as long as its own work runs.
 */
export function openSqliteStore(path: string): Store {
  const writer = openSqlite(path, { migrations });
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
    transaction: (work) => writes(() => enclosed(writer, 'begin immediate', () => work(writing))),
    read: (work) => reads(() => enclosed(reader, 'begin', () => work(reading))),
    close: () => {
      closed ??= Promise.all([writes(noWork), reads(noWork)]).then(() => {
        reader.close();
        writer.close();
      });
      return closed;
    },
  };
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

async function enclosed<T>(db: Sqlite, begin: string, work: () => Promise<T>): Promise<T> {
  db.exec(begin);
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
  };
}
