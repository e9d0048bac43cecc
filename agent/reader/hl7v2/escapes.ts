import { isUtf8 } from 'node:buffer';
import type { Separators } from './separators.ts';

/**
 * Escape sequences (HL7 2.5, chapter 2.7): the separators by letter, characters by hexadecimal code, line breaks. What is not
 * one of these stays as the sender wrote it: a text is never cut for a sequence that only some software knows.
 */
export function unescapeText(text: string, separators: Separators): string {
  const sign = separators.escape;
  if (sign === '' || !text.includes(sign)) return text;
  let out = '';
  let done = 0;
  for (;;) {
    const start = text.indexOf(sign, done);
    const end = start === -1 ? -1 : text.indexOf(sign, start + 1);
    if (end === -1) return out + text.slice(done);
    const meant = meaningOf(text.slice(start + 1, end), separators);
    // An unknown sequence gives out its opening sign only: its closing one may open the next.
    out += text.slice(done, start) + (meant ?? sign);
    done = meant === undefined ? start + 1 : end + 1;
  }
}

/** How many sequences of a text are none that is known. */
export function countUnknownEscapes(text: string, separators: Separators): number {
  const sign = separators.escape;
  let count = 0;
  for (let start = sign === '' ? -1 : text.indexOf(sign); start !== -1;) {
    const end = text.indexOf(sign, start + 1);
    const known = end !== -1 && meaningOf(text.slice(start + 1, end), separators) !== undefined;
    if (!known) count += 1;
    start = text.indexOf(sign, known || end === -1 ? Math.max(end, start) + 1 : end + 1);
  }
  return count;
}

function meaningOf(sequence: string, separators: Separators): string | undefined {
  switch (sequence) {
    case 'F':
      return separators.field;
    case 'S':
      return separators.component;
    case 'T':
      return separators.subcomponent;
    case 'R':
      return separators.repetition;
    case 'E':
      return separators.escape;
    case '.br':
      return '\n';
    default:
      return /^X(?:[0-9A-Fa-f]{2})+$/.test(sequence) ? hexText(sequence.slice(1)) : undefined;
  }
}

/** The standard leaves open in which character set the bytes are: UTF-8 when they are, else Latin-1. */
function hexText(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
