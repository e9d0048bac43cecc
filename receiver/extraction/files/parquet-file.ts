import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { permanent } from '../../../shared/runtime/errors.ts';
import { handOver } from '../../../shared/runtime/folder-owner.ts';
import type { Cell, Column } from '../plan.ts';
import { isHidden } from './cells.ts';
import { openFileSink, type Written } from './file-sink.ts';
import type { RowFile, Sheet } from './sheet.ts';

/** As much of DuckDB as is used here. It weighs some 70 MB: whoever wants Parquet installs it. */
interface DuckLibrary {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<DuckInstance>;
  };
}
interface DuckInstance {
  connect(): Promise<{ run(sql: string): Promise<unknown>; closeSync(): void }>;
  closeSync(): void;
}

export const parquetLibrary: string = '@duckdb/node-api';

/** Throws `extraction-parquet-missing` where the library is not installed. */
export async function requireParquet(library = parquetLibrary): Promise<DuckLibrary> {
  try {
    const found = (await import(library)) as Partial<DuckLibrary>;
    if (typeof found.DuckDBInstance?.create === 'function') return { DuckDBInstance: found.DuckDBInstance };
  } catch (error) {
    throw missing(library, error);
  }
  throw missing(library, undefined);
}

function missing(library: string, cause: unknown): Error {
  return permanent('extraction-parquet-missing', { facts: { library }, cause });
}

/**
 * Rows go to a plain file beside it, which DuckDB then turns into Parquet: bounded memory, whatever the number of rows. A
 * number that is hidden is null, and says so in a column of its own beside it; notes are in the file's metadata.
 */
export async function openParquetFile(path: string, { columns, notes, mayHide }: Sheet): Promise<RowFile> {
  const library = await requireParquet();
  const plain = `${path}.rows`;
  const sink = await openFileSink(plain);
  const marked = columns.map((column) => mayHide && column.kind === 'integer');
  const drop = async (): Promise<void> => {
    await sink.close();
    await rm(plain, { force: true });
  };
  return {
    add: async (rows) => {
      let text = '';
      for (const row of rows)
        text += `${row.map((cell, at) => plainCell(cell, marked[at] === true)).join(',')}\n`;
      await sink.write(text);
    },
    end: async () => {
      await sink.end();
      // DuckDB would follow a link that lies in wait under this name.
      await rm(path, { force: true });
      await convert(library, { from: plain, to: path, kinds: kindsOf(columns, marked), notes });
      await drop();
      return settled(path);
    },
    drop,
  };
}

type ColumnType = readonly [name: string, type: 'VARCHAR' | 'BIGINT' | 'BOOLEAN'];

function kindsOf(columns: readonly Column[], marked: readonly boolean[]): readonly ColumnType[] {
  return columns.flatMap(({ name, kind }, at): ColumnType[] => [
    [name, kind === 'integer' ? 'BIGINT' : 'VARCHAR'],
    ...(marked[at] === true ? [[`${name}_hidden`, 'BOOLEAN'] as const] : []),
  ]);
}

/** Texts are always quoted, so that an empty one is not taken for nothing. */
function plainCell(cell: Cell, isMarked: boolean): string {
  const text =
    typeof cell === 'number'
      ? String(cell)
      : typeof cell === 'string'
        ? `"${cell.replaceAll('\0', '').replaceAll('"', '""')}"`
        : '';
  return isMarked ? `${text},${isHidden(cell)}` : text;
}

async function convert(
  { DuckDBInstance }: DuckLibrary,
  {
    from,
    to,
    kinds,
    notes,
  }: {
    readonly from: string;
    readonly to: string;
    readonly kinds: readonly ColumnType[];
    readonly notes: readonly string[];
  },
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB' });
  try {
    const connection = await instance.connect();
    const types = kinds.map(([name, type]) => `${quoted(name)}: ${quoted(type)}`).join(', ');
    await connection.run(`
      copy (select * from read_csv(${quoted(from)}, header = false, auto_detect = false, delim = ',', quote = '"',
                                   escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n',
                                   max_line_size = 10000000, columns = {${types}}))
        to ${quoted(to)} (format parquet, compression zstd, kv_metadata {notes: ${quoted(notes.join('\n'))}})`);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What DuckDB wrote, on the disk, and the folder's owner's. */
async function settled(path: string): Promise<Written> {
  handOver(path);
  const file = await open(path, 'r+');
  await file.chmod(0o600);
  await file.sync();
  await file.close();
  const digest = createHash('sha256');
  for await (const block of createReadStream(path)) digest.update(block as Buffer);
  return { bytes: (await stat(path)).size, sha256: digest.digest('hex') };
}
