import { permanent } from '../../../shared/runtime/errors.ts';

/** The characters of a message by the role they play, as its MSH-1 and MSH-2 give them; '' = the sender has none. */
export interface Separators {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** MSH-2 as written. */
  readonly encoding: string;
}

/** What starts a message: MSH and its field separator, a sign. */
export const headerStart = /^MSH[^\w\s]/;

/** Reads MSH-1 and MSH-2. Throws `hl7-header-missing`, `hl7-separators-unreadable`. */
export function readSeparators(header: string): Separators {
  if (!headerStart.test(header)) throw permanent('hl7-header-missing');
  const field = header.charAt(3);
  const end = header.indexOf(field, 4);
  const encoding = header.slice(4, end === -1 ? undefined : end).trimEnd();
  const signs = [field, ...encoding.split('')];
  // A fifth sign (truncation, since 2.7) does not change what is read.
  const bad = encoding.length < 2 || encoding.length > 5 || signs.some((sign) => /[\w\s]/.test(sign));
  if (bad || new Set(signs).size !== signs.length) throw permanent('hl7-separators-unreadable');
  return {
    field,
    component: encoding.charAt(0),
    repetition: encoding.charAt(1),
    escape: encoding.charAt(2),
    subcomponent: encoding.charAt(3),
    encoding,
  };
}
