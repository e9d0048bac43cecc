const longest = 500;
const host = 'http://pages.invalid';

/** A path of ours that somebody wanted to reach before signing in, or empty. Nothing that a browser reads as elsewhere. */
export function localPath(text: unknown): string {
  if (typeof text !== 'string' || text.length > longest) return '';
  // Browsers take \ for / and skip tabs and line ends.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return '';
  const { origin, pathname, search } = new URL(text, host);
  if (origin !== host || pathname.startsWith('//')) return '';
  return /^(\/en)?\/(connexion|deconnexion)(\/|$)/.test(pathname) ? '' : `${pathname}${search}`;
}
