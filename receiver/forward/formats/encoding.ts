import iconv from 'iconv-lite';

export const encodings = ['utf-8', 'iso-8859-1', 'iso-8859-15', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/** As declarations write it. */
export const declaredEncoding: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'iso-8859-1': 'ISO-8859-1',
  'iso-8859-15': 'ISO-8859-15',
  'windows-1252': 'windows-1252',
};

/** Text to bytes. `stand` gives what stands, in ASCII, for a character (a code point) that the encoding lacks. */
export function createEncoder(
  encoding: Encoding,
  stand: (codePoint: number) => string,
): (text: string) => Buffer {
  if (encoding === 'utf-8') return (text) => Buffer.from(text, 'utf8');
  const carried = upperHalf(encoding);
  return (text) => {
    const possible = text.replace(beyondAscii, (character) =>
      carried.has(character) ? character : stand(character.codePointAt(0) ?? 0),
    );
    return iconv.encode(possible, encoding);
  };
}

const beyondAscii = /[\u0080-\u{10ffff}]/gu;

/**
 * What bytes 80 to FF mean. Control characters among them count as lacking: readers of ISO-8859 take those bytes for
 * windows-1252, so the character would come back as another one.
 */
function upperHalf(encoding: Encoding): ReadonlySet<string> {
  const bytes = Buffer.from(Array.from({ length: 128 }, (_, index) => 128 + index));
  return new Set(
    Array.from(iconv.decode(bytes, encoding)).filter((character) => !controlOrHole.test(character)),
  );
}

const controlOrHole = /[\u0080-\u009f\ufffd]/;
