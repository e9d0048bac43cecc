/** Crockford's base32: no I, L, O or U, so that a code can be read aloud and copied from a screen. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function printBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >> (bits - 5)) & 31] ?? '';
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + (alphabet[(value << (5 - bits)) & 31] ?? '');
}

/** Upper or lower case; O reads as 0, I and L as 1. Undefined when it is not the base32 of whole bytes. */
export function readBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1')) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return undefined;
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(value >> bits);
      value &= (1 << bits) - 1;
    }
  }
  return bits < 5 && value === 0 ? Buffer.from(bytes) : undefined;
}
