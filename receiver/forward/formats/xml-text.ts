/** Text for element content: markup escaped, characters that XML 1.0 forbids (lone surrogates too) dropped. */
export function xmlText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? '') : text;
}

// A carriage return would come back as a line feed: as a reference it survives.
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

const markupOrForbidden = '[&<>\\r\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]';
// Any surrogate counts here: a plain expression is much faster than one with the `u` flag on clean text.
const special = new RegExp(`${markupOrForbidden}|[\\ud800-\\udfff]`);
const specials = new RegExp(`${markupOrForbidden}|\\p{Surrogate}`, 'gu');

/** A character by its number: what is not in the encoding of the file. */
export function xmlReference(codePoint: number): string {
  return `&#${codePoint};`;
}
