import { access } from 'node:fs/promises';
import { permanent } from '../../shared/runtime/errors.ts';
import { databaseOf } from '../agent.ts';
import { createBacklog, type Backlog } from '../outbox/backlog.ts';
import { openAgentDatabase, type AgentDatabase } from '../outbox/database.ts';
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
  const database = openAgentDatabase(path, { readonly: true });
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
