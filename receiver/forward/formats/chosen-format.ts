import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import type { FormatConfig, PackagingConfig, ProfileConfig } from '../../config-destination-forms.ts';
import { inVersion, type Item, type ItemVersion } from '../profiles/item.ts';
import { nationalForm, type NationalForm } from '../profiles/national-form.ts';
import { selected } from '../profiles/profile.ts';
import type { DispatchFormat, FormatKind } from './format.ts';
import { nameOf } from './naming.ts';
import { formatNamed } from './registry.ts';

/** The settings that say in which form a destination's dispatches leave. */
export interface FormSettings {
  readonly feed: string;
  readonly profile: ProfileConfig;
  readonly format: FormatConfig;
  readonly packaging: PackagingConfig;
}

/** What settings name, found. */
export interface ChosenFormat {
  readonly form: NationalForm;
  readonly kind: FormatKind;
  readonly version: ItemVersion;
  /** From this day of Paris on, another one. */
  readonly next: { readonly version: ItemVersion; readonly from: Day } | undefined;
}

/** Undefined when feed, format, version or day are nothing that exists. */
export function chosenFormat({
  feed,
  format,
}: Pick<FormSettings, 'feed' | 'format'>): ChosenFormat | undefined {
  const form = nationalForm(feed);
  const kind = formatNamed(format.name, feed);
  if (form === undefined || kind === undefined) return undefined;
  const version = versionNamed(form, format.version);
  if (version === undefined) return undefined;
  if (format.next === undefined) return { form, kind, version, next: undefined };
  const later = versionNamed(form, format.next.version);
  const from = dayFromIso(format.next.from);
  if (later === undefined || from === undefined) return undefined;
  return { form, kind, version, next: { version: later, from } };
}

/** The latest one when none is named. */
export function versionNamed({ versions }: NationalForm, name: string | undefined): ItemVersion | undefined {
  return name === undefined ? versions.at(-1) : versions.find((version) => version.name === name);
}

/** One version of it, ready to compose. `items`: those of the profile. */
export function createFormat(
  { form, kind }: ChosenFormat,
  version: ItemVersion,
  items: readonly Item[],
  { format: { encoding, lineEnds, order }, packaging }: Pick<FormSettings, 'format' | 'packaging'>,
): DispatchFormat {
  const { feed } = form;
  const pattern = packaging.name ?? kind.defaultName(feed.name);
  const compose = kind.printer({
    ...{ feed, version: version.name, encoding, lineEnds },
    items: inVersion(order === undefined ? items : selected(items, order), version),
  });
  return {
    ...{ name: kind.name, version: version.name, feed: feed.name, maxRecords: packaging.maxRecords },
    fileName: (file) => nameOf(pattern, file),
    compose,
  };
}
