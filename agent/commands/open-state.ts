import { access } from 'node:fs/promises';
import { permanent } from '../../shared/runtime/errors.ts';
import { databaseOf } from '../agent.ts';
import { createBacklog, type Backlog } from '../outbox/backlog.ts';
import { openAgentDatabase, type AgentDatabase } from '../outbox/database.ts';
import { migrations } from '../outbox/schema.ts';
import { createExportBook, type ExportBook } from '../outbox/export-book.ts';
import { createFileBook, type FileBook } from '../outbox/file-book.ts';

export interface OpenState {
  readonly database: AgentDatabase;
  readonly exports: ExportBook;
  readonly files: FileBook;
  readonly backlog: Backlog;
}

/** The agent's memory, to be read while it may be running. Faults: `agent-never-ran`. */
export async function withState<T>(state: string, work: (open: OpenState) => Promise<T>): Promise<T> {
  const path = databaseOf(state);
  await access(path).catch((cause: unknown) => {
    throw permanent('agent-never-ran', { facts: { state }, cause });
  });
  const database = openCurrent(path);
  try {
    return await work({
      database,
      exports: createExportBook(database),
      files: createFileBook(database),
      backlog: createBacklog(database),
    });
  } finally {
    database.close();
  }
}

/** Only read; but an agent updated and not started since has its memory brought up to date first. */
function openCurrent(path: string): AgentDatabase {
  const database = openAgentDatabase(path, { readonly: true });
  if (Number(database.db.pragma('user_version', { simple: true })) >= migrations.length) return database;
  database.close();
  openAgentDatabase(path).close();
  return openAgentDatabase(path, { readonly: true });
}
