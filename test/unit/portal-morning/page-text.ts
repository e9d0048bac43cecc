/** What a reader of the page meets, without its marks. */
export function textOf(page: string): string {
  return page
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim();
}

/** The part between two marks of the source. */
export function between(page: string, from: string, to: string): string {
  const start = page.indexOf(from);
  if (start === -1) throw new Error(`the page has no ${from}`);
  const end = page.indexOf(to, start);
  return page.slice(start, end === -1 ? undefined : end);
}

export function heading(page: string): string {
  return textOf(between(page, '<h1>', '</h1>'));
}

/** Names of the to-do list, in order. */
export function toDoNames(page: string): readonly string[] {
  const list = between(page, 'id="a-traiter"', '</section>');
  return [...list.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, name]) => textOf(name ?? ''));
}
