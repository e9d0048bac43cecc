import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ExtractionRow } from '../store/extraction-tables.ts';
import type { Store } from '../store/store.ts';
import type { ExtractionRequest, Requester } from './request.ts';

export interface DeskDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Where ready files lie. */
  readonly folder: string;
  /** Something waits to be made. */
  readonly onChange: () => void;
}

/**
 * Where extractions are asked for and fetched: by the pages, the API and the command line alike. A requester sees their own;
 * whoever else's is as if it were not there, but for administrators and auditors, who see what was asked and never the file.
 */
export interface ExtractionDesk {
  /** Refused before it is kept when the requester may not have it. Throws what planning throws, `extraction-too-many`. */
  ask(requester: Requester, request: ExtractionRequest): Promise<ExtractionRow>;
  list(requester: Requester, limit: number): Promise<readonly ExtractionRow[]>;
  /** Throws `extraction-unknown`. */
  get(requester: Requester, id: string): Promise<ExtractionRow>;
  /** Throws `extraction-unknown`, `extraction-ended`. */
  cancel(requester: Requester, id: string): Promise<void>;
  /** The file's path, name and type; written down as fetched. Throws `extraction-unknown`, `extraction-not-ready`, `extraction-expired`. */
  fetch(
    requester: Requester,
    id: string,
  ): Promise<{ readonly path: string; readonly name: string; readonly type: string; readonly bytes: number }>;
}

export function createExtractionDesk(_deps: DeskDeps): ExtractionDesk {
  throw permanent('extraction-unknown');
}
