import type { Day } from '../../../shared/runtime/paris-time.ts';

/** How the records of a facility and a run of days become one file for an agency. Pure: the same input gives the same bytes. */
export interface DispatchFormat {
  readonly name: string;
  readonly version: string;
  readonly feed: string;
  /** Records a file may hold; only a single larger day goes beyond. */
  readonly maxRecords: number;
  fileName(file: Omit<DispatchInput, 'bodies'>): string;
  compose(input: DispatchInput): Buffer;
}

export interface DispatchInput {
  readonly facility: string;
  readonly from: Day;
  readonly to: Day;
  /** Wall-clock milliseconds of Paris written as if UTC: printed piece by piece, never converted. */
  readonly extract: number;
  /** JSON of the records as the store holds them, validated when they were applied. */
  readonly bodies: readonly string[];
}

/** "yyyyMMddHHmmss" */
export function compactExtract(extract: number): string {
  return new Date(extract).toISOString().slice(0, 19).replace(/[-:T]/g, '');
}

/** "dd/MM/yyyy HH:mm:ss" */
export function frenchExtract(extract: number): string {
  const iso = new Date(extract).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

/** "yyyy-MM-ddTHH:mm:ss" */
export function isoExtract(extract: number): string {
  return new Date(extract).toISOString().slice(0, 19);
}
