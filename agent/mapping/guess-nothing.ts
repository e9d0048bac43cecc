/**
 * What query tools and reports print where there is nothing. Words that could be a code ("NA", "none", "AUCUN") are not
 * among them.
 */
export function saysNothing(text: string): boolean {
  return nothings.has(text.toLowerCase());
}

const nothings: ReadonlySet<string> = new Set([
  'null',
  '(null)',
  '<null>',
  '[null]',
  '\\n',
  '#n/a',
  'n/a',
  'nan',
  'undefined',
  '-',
  '--',
]);
