import { resolve } from 'node:path';
import { allFeeds } from '../shared/feeds/registry.ts';
import { expecting } from '../shared/runtime/settings.ts';
import { returnPlace, serverPlace, type AcknowledgementConfig } from './config-acknowledgement.ts';
import type { ProtectionConfig, TransportConfig } from './config-transports.ts';
import { chosenFormat, versionNamed, type FormSettings } from './forward/formats/chosen-format.ts';
import { facilityPlace, mayCoincide } from './forward/formats/naming.ts';
import { formatNamed, formatsOf } from './forward/formats/registry.ts';
import { nationalForm, type NationalForm } from './forward/profiles/national-form.ts';
import { profileItems } from './forward/profiles/profile.ts';

/** Reports a fault of the settings: where, and what is expected there. */
export type Report = (path: readonly (string | number)[], expected: string) => void;

/** Settings that are each well-formed and do not go together: profile and feed, items and profile, format and version. */
export function checkForms(settings: FormSettings, report: Report): void {
  const { feed, format } = settings;
  const form = nationalForm(feed);
  if (form === undefined) {
    const names = allFeeds.map(({ name }) => name).join(', ');
    report(['feed'], expecting(`un flux : ${names}`, `a feed: ${names}`));
    return;
  }
  const kind = formatNamed(format.name, feed);
  if (kind === undefined) {
    const names = namesOf(formatsOf(feed));
    report(['format'], expecting(`un format de ce flux : ${names}`, `a format of this feed: ${names}`));
  } else if (kind.layout === 'fixed') checkFixed(settings, report);
  checkVersions(settings, form, report);
  if (checkProfile(settings, form, report)) checkOrder(settings, form, report);
}

/** A format that is the same for every agency takes no choice. */
function checkFixed({ profile, format }: FormSettings, report: Report): void {
  const said = (path: readonly string[], what: string): void => {
    report(
      path,
      expecting(`${what} avec le format ${format.name}`, `${what} with the format ${format.name}`),
    );
  };
  if (profile.kind !== 'all') said(['profile', 'kind'], 'all');
  if (format.encoding !== 'utf-8') said(['format', 'encoding'], 'utf-8');
  if (format.lineEnds === 'crlf') said(['format', 'lineEnds'], 'lf');
  if (format.order !== undefined)
    report(
      ['format', 'order'],
      expecting(`aucun ordre avec le format ${format.name}`, `no order with the format ${format.name}`),
    );
}

function checkVersions({ format }: FormSettings, form: NationalForm, report: Report): void {
  const current = versionNamed(form, format.version);
  const names = namesOf(form.versions);
  if (current === undefined)
    report(['format', 'version'], expecting(`une version : ${names}`, `a version: ${names}`));
  if (format.next === undefined) return;
  const next = versionNamed(form, format.next.version);
  if (next === undefined || next === current)
    report(
      ['format', 'next', 'version'],
      expecting(
        `une autre version que celle d’avant, parmi : ${names}`,
        `another version than the one before, of: ${names}`,
      ),
    );
}

/** Answers whether the profile names items at all. */
function checkProfile({ feed, profile }: FormSettings, form: NationalForm, report: Report): boolean {
  if ((profile.kind === 'oscour' || profile.kind === 'atih') && feed !== 'ed-visits') {
    report(['profile', 'kind'], expecting('all ou allow pour ce flux', 'all or allow for this feed'));
    return false;
  }
  if (profile.kind === 'allow') checkTags(profile.items, ['profile', 'items'], form.items, form, report);
  return true;
}

function checkOrder({ profile, format }: FormSettings, form: NationalForm, report: Report): void {
  if (format.order !== undefined)
    checkTags(format.order, ['format', 'order'], profileItems(form, profile), form, report);
}

/** Known tags, each once, and none of those left out without which a record has no place. */
function checkTags(
  tags: readonly string[],
  path: readonly string[],
  known: readonly { readonly tag: string }[],
  { essentials }: NationalForm,
  report: Report,
): void {
  const names = known.map(({ tag }) => tag);
  for (const [index, tag] of tags.entries()) {
    if (!names.includes(tag))
      report([...path, index], expecting(`l’un de : ${names.join(', ')}`, `one of: ${names.join(', ')}`));
    else if (tags.indexOf(tag) !== index)
      report([...path, index], expecting('chaque élément une seule fois', 'each item once only'));
  }
  for (const tag of essentials)
    if (!tags.includes(tag)) report(path, expecting(`${tag} parmi les éléments`, `${tag} among the items`));
}

/** What a list of destinations is checked by. */
export interface ListedDestination extends FormSettings {
  readonly name: string;
  readonly facilities?: readonly string[] | undefined;
  readonly transport: TransportConfig;
  readonly protection: ProtectionConfig;
  readonly acknowledgement: AcknowledgementConfig;
}

/** Destinations that do not go together. Paths start with the destination's place in the list. */
export function checkDestinations(
  list: readonly { readonly at: number; readonly settings: ListedDestination }[],
  base: string,
  report: Report,
): void {
  for (const [index, { at, settings }] of list.entries()) {
    checkDoubleRun(
      settings,
      list.map((each) => each.settings),
      (path, expected) => {
        report([at, ...path], expected);
      },
    );
    const earlier = list.slice(0, index);
    const rival = earlier.find((other) => share(other.settings, settings, base));
    if (rival !== undefined)
      report(
        [at, 'name'],
        expecting(
          `un autre lieu ou d’autres noms (packaging.name) que ceux de « ${rival.settings.name} » : leurs envois se confondraient`,
          `another place or other names (packaging.name) than those of "${rival.settings.name}": their dispatches would be mixed up`,
        ),
      );
    const answered = earlier.find((other) => shareAnswers(other.settings, settings, base));
    if (answered !== undefined)
      report(
        [at, 'acknowledgement', 'folder'],
        expecting(
          `un autre dossier que celui de « ${answered.settings.name} », ou d’autres noms (packaging.name) : une réponse serait prise pour celle de l’autre`,
          `another folder than that of "${answered.settings.name}", or other names (packaging.name): an answer would be taken for the other's`,
        ),
      );
  }
}

function checkDoubleRun(
  { feed, format }: ListedDestination,
  all: readonly ListedDestination[],
  report: Report,
): void {
  const { next } = format;
  if (next === undefined) return;
  const beside = all.find((other) => other.name === next.doubleRun);
  if (beside?.feed === feed && beside.format.name === format.name && versionOf(beside) === next.version)
    return;
  report(
    ['format', 'next', 'doubleRun'],
    expecting(
      `une autre destination du même flux, au format ${format.name} ${next.version}`,
      `another destination of the same feed, in the format ${format.name} ${next.version}`,
    ),
  );
}

function versionOf(settings: ListedDestination): string | undefined {
  return chosenFormat(settings)?.version.name;
}

/** Whether two destinations can write the same name in the same place. */
function share(one: ListedDestination, other: ListedDestination, base: string): boolean {
  const place = placeOf(one.transport, base);
  return place !== undefined && place === placeOf(other.transport, base) && meet(one, other, travellingName);
}

/** Whether an answer can be to a dispatch of either: it may name it as composed, whatever it travelled as. */
function shareAnswers(one: ListedDestination, other: ListedDestination, base: string): boolean {
  const place = returnPlace(one, base);
  return place !== undefined && place === returnPlace(other, base) && meet(one, other, composedName);
}

function meet(
  one: ListedDestination,
  other: ListedDestination,
  patternOf: (settings: ListedDestination) => string | undefined,
): boolean {
  const [a, b] = [patternOf(one), patternOf(other)];
  if (a === undefined || b === undefined || !mayCoincide(a, b)) return false;
  // Names that differ in their facility do not meet.
  const apart =
    one.facilities !== undefined &&
    other.facilities !== undefined &&
    !one.facilities.some((facility) => other.facilities?.includes(facility));
  return !apart || facilityPlace(a) !== facilityPlace(b);
}

/** Where files come to lie together. The same account of a server, whatever the protocol; undefined: nowhere. */
function placeOf(transport: TransportConfig, base: string): string | undefined {
  switch (transport.kind) {
    case 'directory':
      return `folder ${resolve(base, transport.folder)}`;
    case 'sftp':
    case 'ftps':
      return serverPlace(transport, transport.folder);
    case 'https':
      return transport.url.includes('{name}') ? `address ${transport.url}` : undefined;
    case 'pull':
    case 'submission':
      return undefined;
  }
}

/** The pattern of a destination's names as they travel. */
function travellingName(settings: ListedDestination): string | undefined {
  const pattern = composedName(settings);
  const { packaging, protection } = settings;
  return pattern === undefined
    ? undefined
    : `${pattern}${packaging.zip ? '.zip' : ''}${sealSuffix(protection)}`;
}

/** The pattern of its names as they are composed. */
function composedName(settings: ListedDestination): string | undefined {
  return settings.packaging.name ?? chosenFormat(settings)?.kind.defaultName(settings.feed);
}

function sealSuffix(protection: ProtectionConfig): string {
  switch (protection.kind) {
    case 'none':
      return '';
    case 'openpgp':
      return protection.armored ? '.asc' : '.gpg';
    case 'cms':
      return '.p7m';
  }
}

function namesOf(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ');
}
