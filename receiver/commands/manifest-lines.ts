import { shownInstant } from '../../shared/i18n/shown.ts';
import {
  facilityStateNames,
  fileStateNames,
  manifestTerminal,
  type ManifestTerminalText,
} from '../../shared/i18n/terminal-manifests.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import type { ManifestStatement, StatedFacility } from '../../shared/protocol/manifest-statement.ts';
import { dayText } from './destination-words.ts';

export function state(
  language: Language,
  name: ManifestTerminalText,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return fill(manifestTerminal[name][language], facts);
}

/** A manifest as a person reads it. */
export function manifestLines(statement: ManifestStatement, language: Language): readonly string[] {
  const { region, destination, feed, day, serial, cutOff, formats } = statement;
  const issued = shownInstant(statement.issuedAt, language);
  return [
    state(language, 'title', {
      region,
      destination,
      feed,
      day: dayText(day, language),
      serial,
      cutOff,
      issued,
    }),
    state(language, 'formats', { formats: formats.join(', ') }),
    ...facilityLines(statement.facilities, language),
    totalsLine(statement.totals, language),
  ];
}

export function facilityLines(facilities: readonly StatedFacility[], language: Language): readonly string[] {
  return facilities.map(({ finess, name, expected, state: found, records, files }) => {
    const shown = facilityStateNames[found][language];
    return state(language, 'facility', {
      ...{ finess, name: printable(name), records },
      state: expected ? shown : `${shown} ${state(language, 'unexpected')}`,
      file:
        files.length === 0
          ? state(language, 'noFile')
          : files.map((each) => fileText(each, language)).join(', '),
    });
  });
}

export function totalsLine(totals: ManifestStatement['totals'], language: Language): string {
  return state(language, 'totals', totals);
}

function fileText(file: StatedFacility['files'][number], language: Language): string {
  const facts = { file: printable(file.name), state: fileStateNames[file.state][language] };
  const at = file.acknowledgedAt ?? file.sentAt;
  if (at === null) return state(language, 'fileOnly', facts);
  return state(language, 'fileSent', { ...facts, at: shownInstant(at, language) });
}

/** A manifest may come from elsewhere: what it holds must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
