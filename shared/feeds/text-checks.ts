import type { Breach } from './feed.ts';

/**
 * Text read in the wrong encoding, and characters XML 1.0 cannot carry. One pass over the characters; plain ASCII, the
 * common case, costs a comparison each.
 */
export function checkText(text: string, field: string): readonly Breach[] {
  let mojibake = false;
  let control = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x20 && code < 0x7f) continue;
    if (code < 0x20) control ||= code !== 0x09 && code !== 0x0a && code !== 0x0d;
    else if (code >= 0xd800 && code <= 0xdfff) {
      if (isPair(text, index)) index += 1;
      else control = true;
    } else if (code >= 0xfffe) control = true;
    else mojibake ||= isMojibake(code, text.charCodeAt(index + 1));
  }
  if (!mojibake && !control) return none;
  const breaches: Breach[] = [];
  if (mojibake) breaches.push({ rule: 'text-mojibake', field });
  if (control) breaches.push({ rule: 'text-control', field });
  return breaches;
}

const none: readonly Breach[] = [];

function isPair(text: string, index: number): boolean {
  const [high, low] = [text.charCodeAt(index), text.charCodeAt(index + 1)];
  return high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
}

/** A replacement character, a C1 control, or the first byte of a UTF-8 sequence shown as Latin before its second. */
function isMojibake(code: number, next: number): boolean {
  if (code === 0xfffd || (code >= 0x7f && code <= 0x9f)) return true;
  if (code !== 0xc2 && code !== 0xc3 && code !== 0xc5 && code !== 0xe2) return false;
  return (next >= 0x80 && next <= 0xbf) || windows1252Upper.has(next);
}

/** What windows-1252 shows for bytes 80 to 9F. */
const windows1252Upper: ReadonlySet<number> = new Set([
  0x20ac, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x017d,
  0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x017e,
  0x0178,
]);
