/** "Firefox, Windows": enough for somebody to tell sessions apart, and nothing more is kept of what a browser says. */
export function placeOf(userAgent: string | undefined): string {
  const text = userAgent ?? '';
  const found = [browsers, systems].flatMap((list) => list.find(([mark]) => text.includes(mark))?.[1] ?? []);
  return found.length === 0 ? '?' : found.join(', ');
}

/** In this order: browsers name those they resemble. */
const browsers: readonly (readonly [string, string])[] = [
  ['Firefox/', 'Firefox'],
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
];
const systems: readonly (readonly [string, string])[] = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iOS'],
  ['iPad', 'iOS'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
];
