import type { Fault } from '../../../shared/runtime/errors.ts';

/** Letters, digits, dot, dash and underscore, never starting with a dot: a name is data, not a path. */
const safeName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

export function isSafeName(name: string): boolean {
  return safeName.test(name);
}

/** Hidden from agencies that list a folder, and never the name of a dispatch. */
export const probeName = '.vaguemestre-probe.tmp';

const faultsOfFile: ReadonlySet<string> = new Set(['delivery-name-unsafe', 'delivery-name-taken']);

/** Whether the next files may pass all the same. */
export function ofFile(fault: Fault | undefined): boolean {
  return fault !== undefined && faultsOfFile.has(fault.code);
}
