import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { permanent } from '../../shared/runtime/errors.ts';
import { readInstall } from '../../shared/release/layout.ts';
import { knowsSchema, openSqlite, schemaVersion, type SchemaVersion } from '../../shared/runtime/sqlite.ts';
import { databaseOf } from '../agent.ts';
import type { Surroundings } from './command.ts';
import { configAtOrUndefined } from './selftest-checks.ts';
import type { Terminal } from './terminal.ts';

/**
 * `selftest --may-return-to N`: whether a program that knows N migrations could work on the memory as it is now. Exit code 0
 * yes (or there is none), 1 no, 2 a wrong number. The memory is not written to.
 */
export async function selftestReturnCommand(
  { json, print, terminal }: Surroundings,
  { configPath, schema }: { readonly configPath: string; readonly schema: string },
): Promise<number> {
  if (!/^\d{1,6}$/.test(schema)) {
    terminal.note(`--may-return-to ${schema}`);
    return 2;
  }
  const state = await stateFolder(configPath, terminal.env);
  const path = state === undefined ? undefined : databaseOf(state);
  const found = path === undefined || !existsSync(path) ? undefined : schemaOf(path);
  const may = found === undefined || knowsSchema(found, Number(schema));
  if (json) print(JSON.stringify({ may, ...found }));
  if (!may) throw permanent('database-newer', { facts: { found: found.version, known: schema } });
  return 0;
}

/** Of a configuration that cannot be read, the usual one: whoever asks is about to change the program. */
export async function stateFolder(configPath: string, env: Terminal['env']): Promise<string | undefined> {
  const config = await configAtOrUndefined(configPath).catch(() => undefined);
  if (config !== undefined) return config.state;
  const home = env['VAGUEMESTRE_HOME'];
  const trial = home === undefined ? undefined : readInstall(home)?.trial;
  return typeof trial === 'string' ? dirname(trial) : undefined;
}

/** Without a journal the file's own header tells all (user_version and application_id), and nothing is opened. */
function schemaOf(path: string): SchemaVersion {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    const db = openSqlite(path, { migrations: [], readonly: true });
    try {
      return schemaVersion(db);
    } finally {
      db.close();
    }
  }
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  return { version: header.readUInt32BE(60), floor: header.readUInt32BE(68) };
}
