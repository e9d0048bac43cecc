/**
 * The one error of the product. Every thrown fault carries a code that the catalogue in `shared/i18n/errors`
 * turns into a message and a hint in French and English; retries decide on `class`, never on text.
 */

/** transient: try again; ambiguous: it may have happened, repeating is safe; permanent: a person or a new input is needed. */
export type ErrorClass = 'transient' | 'ambiguous' | 'permanent';

/** Where in an export a fault was found. Never a value. */
export interface Position {
  readonly line?: number;
  readonly column?: number;
  readonly record?: number;
  readonly field?: string;
}

export interface FaultDetails {
  readonly position?: Position;
  /** Facts for the message (paths, counts, ids, limits): never a patient value. */
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: string;
  readonly class: ErrorClass;
  readonly position: Position | undefined;
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(code: string, errorClass: ErrorClass, details: FaultDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.class = errorClass;
    this.position = details.position;
    this.facts = details.facts ?? {};
  }
}

export function permanent(code: string, details?: FaultDetails): Fault {
  return new Fault(code, 'permanent', details);
}

export function transient(code: string, details?: FaultDetails): Fault {
  return new Fault(code, 'transient', details);
}

/** Any thrown thing as a Fault; what is not ours becomes `unexpected`, permanent, with its cause kept. */
export function asFault(error: unknown): Fault {
  return error instanceof Fault ? error : permanent('unexpected', { cause: error });
}

/** The errno code of a system error ("ENOENT"), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
