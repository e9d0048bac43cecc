import { access } from 'node:fs/promises';
import { permanent } from '../../shared/runtime/errors.ts';
import { databaseOf } from '../agent.ts';
import { openAgentDatabase, type AgentDatabase } from '../outbox/database.ts';
import { createExportBook, type ExportBook } from '../outbox/export-book.ts';
import { createFileBook, type FileBook } from '../outbox/file-book.ts';
import { createHistory, type History } from '../outbox/history.ts';
import { createOperationBook, type OperationBook } from '../outbox/operation-book.ts';

export interface OpenOperations {
  readonly database: AgentDatabase;
  readonly exports: ExportBook;
  readonly files: FileBook;
  readonly history: History;
  readonly operations: OperationBook;
}

/** The agent's memory, to be added to while it may be running. Faults: `agent-never-ran`. */
export async function withOperations<T>(
  state: string,
  work: (open: OpenOperations) => Promise<T> | T,
): Promise<T> {
  const path = databaseOf(state);
  await access(path).catch((cause: unknown) => {
    throw permanent('agent-never-ran', { facts: { state }, cause });
  });
  const database = openAgentDatabase(path);
  try {
    return await work({
      database,
      exports: createExportBook(database),
      files: createFileBook(database),
      history: createHistory(database),
      operations: createOperationBook(database),
    });
  } finally {
    database.close();
  }
}
