import { describeFault } from '../../shared/i18n/errors.ts';
import type { Fault } from '../../shared/runtime/errors.ts';
import type { Surroundings } from './command.ts';

/** What monitoring tools take for "cannot tell". */
const unknownCode = 3;

/** The one line of `status --brief` when it cannot be told how things stand, whatever the reason. */
export function cannotTell(fault: Fault, { language, print }: Surroundings): number {
  const { code, message } = describeFault(fault, language);
  print(`VAGUEMESTRE UNKNOWN - ${oneLine(`${code}: ${message}`)}`);
  return unknownCode;
}

/** What follows a bar would be taken for figures. */
export function oneLine(text: string): string {
  return text
    .replaceAll('|', ' ')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
