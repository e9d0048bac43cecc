import { join } from 'node:path';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { SourceConfig } from '../config.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { FileBook } from '../outbox/file-book.ts';
import type { SeenFile } from '../outbox/rows.ts';
import { pathIn } from '../source/file-name.ts';
import { createShelf, type Shelf } from '../source/quarantine.ts';
import type { Decrypt } from '../source/decrypt.ts';
import { createScanner, sameStamp, type FoundFile, type Scanner } from '../source/scan.ts';
import { createSettler, type Settler } from '../source/settle.ts';
import type { ReadAs } from './read-as.ts';

/** A configured source and what it takes to read it. */
export interface SourceRuntime {
  readonly config: SourceConfig;
  readonly mappings: readonly CompiledMapping[];
  readonly decrypt: Decrypt | undefined;
  readonly scanner: Scanner;
  readonly settler: Settler;
  readonly shelf: Shelf;
  /** Monotonic milliseconds. */
  nextScanAt: number;
  problem: string | null;
}

const fullListingEveryMs = 300_000;

export function createSourceRuntime(deps: {
  readonly config: SourceConfig;
  readonly mappings: readonly CompiledMapping[];
  readonly decrypt?: Decrypt | undefined;
  readonly files: FileBook;
  readonly clock: Clock;
}): SourceRuntime {
  const { config, files, clock } = deps;
  return {
    config,
    mappings: deps.mappings,
    decrypt: deps.decrypt,
    scanner: createScanner({
      folder: config.folder,
      clock,
      fullEveryMs: fullListingEveryMs,
      isSeen: (name, stamp) => {
        const seen = files.seen(config.name, name);
        return seen !== undefined && sameStamp(seen, stamp);
      },
    }),
    settler: createSettler({ ...config.ready, folder: config.folder, clock }),
    shelf: createShelf({
      folder: config.folder,
      archiveFolder: config.archiveFolder ?? join(config.folder, 'archive'),
      quarantineFolder: config.quarantineFolder ?? join(config.folder, 'quarantine'),
      clock,
    }),
    nextScanAt: 0,
    problem: null,
  };
}

export function asSettings({ config, mappings, decrypt }: SourceRuntime): ReadAs {
  return {
    source: config.name,
    mappings,
    facility: config.facility,
    part: config.part,
    encoding: config.encoding,
    decrypt,
    freeText: config.freeText,
    joins: config.joins,
    after: config.after,
    resend: false,
    rereadOf: null,
  };
}

export function foundOf({ config }: SourceRuntime, seen: SeenFile): FoundFile {
  const { name, size, mtime, inode } = seen;
  return { name, path: pathIn(config.folder, name), size, mtime, inode };
}
