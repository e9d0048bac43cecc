import type { Sealer } from '../../shared/envelope/seal.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { JoinBook } from '../assembly/join-book.ts';
import type { ExportBook } from '../outbox/export-book.ts';
import type { ReadLimits } from '../reader/limits.ts';
import type { Decrypt } from '../source/decrypt.ts';
import type { Staging } from './staging.ts';

/** What reading a file takes from the rest of the agent. */
export interface ReadFileDeps {
  readonly staging: Staging;
  readonly sealer: () => Sealer;
  readonly exports: ExportBook;
  facilityKey(finess: string): Buffer | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Partial<ReadLimits>;
  /** Where halves of records wait for each other; absent where no mapping joins. */
  readonly halves?: JoinBook | undefined;
}

/** How a file is to be read: the source's settings. */
export interface ReadAs {
  readonly source: string;
  readonly mappings: readonly CompiledMapping[];
  readonly facility: string | undefined;
  readonly part: string | undefined;
  readonly encoding: string | undefined;
  /** Files are OpenPGP messages. */
  readonly decrypt?: Decrypt | undefined;
  /** Fields of free text that may leave the hospital. */
  readonly freeText?: readonly string[] | undefined;
  /** The main source of a join, when this one brings the other half. */
  readonly joins?: string | undefined;
  readonly after: 'archive' | 'keep';
  /** Asked for by a person: content already processed is processed anew. */
  readonly resend: boolean;
  readonly rereadOf: string | null;
}

/** The second half of reading: sealed in the order in which files were read. */
export interface ReadHalf {
  readonly export: string;
  finish(): Promise<void>;
}
