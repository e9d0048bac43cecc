/** What MSH-18 (HL7 table 0211) calls the character sets that occur in France. */
const sets: Readonly<Record<string, string>> = {
  ASCII: 'ascii',
  '8859/1': 'iso-8859-1',
  '8859/15': 'iso-8859-15',
  'UNICODE UTF-8': 'utf-8',
};

/**
 * The character set that the first message header of an export names, by the name `encodingNamed` knows it; undefined when the
 * text is no HL7 or its header names none. A set of another name comes back as written: decoding refuses it.
 * `head`: the first characters, one for each byte.
 */
export function charsetOf(head: string): string | undefined {
  if (!/^\s*(?:MSH|FHS|BHS)[^\w\s]/.test(head)) return undefined;
  const header = /(?:^|[\r\n\v])(MSH[^\w\s][^\r\n]*)/.exec(head)?.[1];
  if (header === undefined) return undefined;
  const field = header.split(header.charAt(3))[17] ?? '';
  const name = (field.split(header.charAt(5))[0] ?? '').trim().toUpperCase();
  if (name === '') return undefined;
  return Object.hasOwn(sets, name) ? sets[name] : name;
}
