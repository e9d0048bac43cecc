import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { databaseOf } from '../agent.ts';
import { openAgentDatabase } from '../outbox/database.ts';
import { createExportBook } from '../outbox/export-book.ts';
import { createFileBook } from '../outbox/file-book.ts';
import type { CommandContext } from './command.ts';

/** Asks the running agent (or the next run) to read an export again and have it processed anew. */
export async function resendCommand(
  { config, language, json, print }: CommandContext,
  what: string,
): Promise<number> {
  const database = openAgentDatabase(databaseOf(config.state));
  try {
    const exports = createExportBook(database);
    const row = exports.get(what) ?? exports.byName(what, 1)[0];
    if (row === undefined) throw permanent('trace-not-found', { facts: { what } });
    createFileBook(database).askReread(row.id, true, systemClock.now());
    if (json) print(JSON.stringify({ export: row.id, file: row.name }));
    else print(fill(agentTexts.resendAsked[language], { file: row.name }));
    return 0;
  } finally {
    database.close();
  }
}
