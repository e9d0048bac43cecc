import type { ProfileConfig } from '../../config-destination-forms.ts';
import { atihItems } from './atih.ts';
import { readGeographicCodes } from './geographic-codes.ts';
import type { Item } from './item.ts';
import type { NationalForm } from './national-form.ts';

/** A profile is an ordered list of the items that leave: what is not in it stays. */

/** The items settings name, in order, where no table is needed to tell: to check settings, to compare versions. */
export function profileItems({ items }: NationalForm, profile: ProfileConfig): readonly Item[] {
  switch (profile.kind) {
    case 'all':
    case 'oscour':
      return items;
    case 'atih':
      return atihItems(new Map());
    case 'allow':
      return selected(items, profile.items);
  }
}

/** The same with the tables of the profile read; throws the faults of the files it names. */
export async function openProfile(form: NationalForm, profile: ProfileConfig): Promise<readonly Item[]> {
  if (profile.kind !== 'atih') return profileItems(form, profile);
  return atihItems(await readGeographicCodes(profile.geographicCodesFile));
}

/** Items in the order of `tags`; unknown tags name nothing. */
export function selected(items: readonly Item[], tags: readonly string[]): readonly Item[] {
  const byTag = new Map(items.map((item) => [item.tag, item]));
  return tags.flatMap((tag) => byTag.get(tag) ?? []);
}
