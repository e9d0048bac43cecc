/** Text for element content: markup escaped, characters that XML 1.0 forbids (lone surrogates too) dropped. */
export function xmlText(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? '') : text;
}

// A carriage return would come back as a line feed: as a reference it survives.
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

const pattern = '[&<>\\r\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]|\\p{Surrogate}';
const special = new RegExp(pattern, 'u');
const specials = new RegExp(pattern, 'gu');
