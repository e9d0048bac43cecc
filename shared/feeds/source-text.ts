/** Texts as sources give them: trimmed, blank ones gone, otherwise untouched. */
type SourceValue = string | readonly string[] | undefined;

/** The first text that is not blank. */
export function scalarOf(value: SourceValue): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return textsOf(value)[0];
  const text = value.trim();
  return text === '' ? undefined : text;
}

export function textsOf(value: SourceValue): readonly string[] {
  if (value === undefined) return none;
  const texts: string[] = [];
  for (const item of typeof value === 'string' ? [value] : value) {
    const text = item.trim();
    if (text !== '') texts.push(text);
  }
  return texts;
}

const none: readonly string[] = [];

/** By name, so that a source that reorders its tags changes nothing; undefined when none holds a text. */
export function sortedExtensions(
  extensions: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (extensions === undefined) return undefined;
  const entries = Object.entries(extensions)
    .map(([name, text]): [string, string] => [name, text.trim()])
    .filter(([name, text]) => name !== '' && name !== '__proto__' && text !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
