import type { ColumnProfile } from './guess-content.ts';

/** Columns of one list, by number: DA1, DA2, DA3. The first one given is among them; alone when it has no number. */
export function numberedSiblings(
  first: ColumnProfile,
  others: readonly ColumnProfile[],
  fitting: (profile: ColumnProfile) => boolean,
): readonly ColumnProfile[] {
  const own = numberedName(first.column);
  if (own === undefined) return [first];
  // The last columns of a list are often blank in a sample: their name says enough.
  const found = [first, ...others].flatMap((profile) => {
    const name = numberedName(profile.column);
    const belongs =
      name?.stem === own.stem && (profile === first || profile.filled.length === 0 || fitting(profile));
    return belongs ? [{ profile, number: name.number }] : [];
  });
  return found.toSorted((a, b) => a.number - b.number).map(({ profile }) => profile);
}

/** "DIAG_A2" is DIAG_A, 2. Names that the product gave itself (C12) are no list. */
function numberedName(column: string): { readonly stem: string; readonly number: number } | undefined {
  const [, stem = '', number = ''] = /^(.*?)[\s_.-]*(\d{1,2})$/.exec(column) ?? [];
  const isOwn = /(?:^|\.)C$/.test(stem);
  return stem === '' || isOwn ? undefined : { stem: stem.toLowerCase(), number: Number(number) };
}
