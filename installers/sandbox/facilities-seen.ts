import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { builtInMappings } from '../../agent/mapping/built-in.ts';
import type { CompiledMapping } from '../../agent/mapping/compiled-mapping.ts';
import { readExport } from '../../agent/reader/read-export.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';

/**
 * The facilities that the exports of a folder speak for, so that the sandbox registers them: each file is read up to
 * its header. A file whose facility cannot be read names none.
 */
export async function facilitiesSeen(folder: string): Promise<readonly string[]> {
  const seen = new Set<string>();
  const mappings = builtInMappings(feedNamed);
  for (const name of (await readdir(folder, { encoding: 'buffer' })).sort((one, other) =>
    one.compare(other),
  )) {
    const path = Buffer.concat([Buffer.from(join(folder, '/')), name]);
    if (!(await lstat(path)).isFile()) continue;
    const facility = await facilityOf(path, mappings);
    if (facility !== undefined) seen.add(facility);
  }
  return [...seen];
}

/** Thrown to stop reading once the header is known. */
const enough = new Error('header read');

async function facilityOf(path: Buffer, mappings: readonly CompiledMapping[]): Promise<string | undefined> {
  let facility: string | undefined;
  const stopping = new AbortController();
  try {
    await readExport(
      {
        open: () => createReadStream(path, { highWaterMark: 65_536 }),
        mappings,
        feeds: feedNamed,
        hashVisitId: () => '',
        signal: stopping.signal,
      },
      {
        header: (header) => {
          ({ facility } = header);
          throw enough;
        },
        record: () => undefined,
        rejected: () => undefined,
        finding: () => undefined,
        settle: () => Promise.resolve(),
      },
    );
  } catch {
    // Whatever stopped the reading, an unreadable file included: the agent will say it with its reason.
  }
  return facility;
}
