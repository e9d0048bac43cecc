import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { permanent, type Position } from '../../shared/runtime/errors.ts';
import { parseFrenchDate, parseFrenchDateTime, type Day } from '../../shared/runtime/paris-time.ts';
import type { Value } from '../mapping/compiled-mapping.ts';
import type { ExportHeader } from './export-sink.ts';
import type { RpuHeader } from './rpu-xml.ts';

interface Settings {
  readonly feed: Feed;
  readonly mapping: string;
  /** Settings of the source: the facility is checked against the export, the part replaces ORDRE. */
  readonly facility: string | undefined;
  readonly part: string | undefined;
}

/** Throws `facility-missing`, `facility-invalid`, `facility-mismatch`, `part-invalid`. */
export function xmlHeader(raw: RpuHeader, settings: Settings): ExportHeader {
  return {
    ...placeOf(checkedFacility(raw.facility, settings.facility), settings.part ?? raw.part, settings),
    ...extractOf(raw.extract),
    window: windowOf(raw),
  };
}

/** The header of an export whose format has none. */
export function headerWithoutDates(settings: Settings & { readonly facility: string }): ExportHeader {
  return {
    ...placeOf(settings.facility, settings.part, settings),
    extract: null,
    extractState: 'missing',
    window: null,
  };
}

/** The facility a row names, or the source's where it names none. */
export function facilityOfRow(
  value: Value,
  known: { readonly setting: string | undefined; readonly position: Position },
): string {
  const text = typeof value === 'string' ? value : value?.[0];
  const written = text === undefined || text.trim() === '' ? known.setting : text;
  return checkedFacility(written, known.setting, known.position);
}

function checkedFacility(
  text: string | undefined,
  setting: string | undefined,
  position: Position = {},
): string {
  if (text === undefined || text.trim() === '') throw permanent('facility-missing', { position });
  const facility = normaliseFiness(text);
  if (!isFiness(facility)) throw permanent('facility-invalid', { position });
  if (setting !== undefined && normaliseFiness(setting) !== facility)
    throw permanent('facility-mismatch', { position, facts: { found: facility, expected: setting } });
  return facility;
}

function placeOf(
  facility: string,
  part: string | undefined,
  settings: Settings,
): Pick<ExportHeader, 'mapping' | 'feed' | 'facility' | 'part'> {
  const named = part ?? '0';
  if (!/^[\w.-]{1,40}$/.test(named)) throw permanent('part-invalid');
  return { mapping: settings.mapping, feed: settings.feed, facility, part: named };
}

function extractOf(text: string | undefined): Pick<ExportHeader, 'extract' | 'extractState'> {
  if (text === undefined) return { extract: null, extractState: 'missing' };
  const time = parseFrenchDateTime(text);
  return time === undefined
    ? { extract: null, extractState: 'unreadable' }
    : { extract: { text, at: time.at }, extractState: 'good' };
}

function windowOf({ from, to }: RpuHeader): ExportHeader['window'] {
  const [first, last] = [dayOfText(from), dayOfText(to)];
  return first === undefined || last === undefined || first > last ? null : { from: first, to: last };
}

function dayOfText(text: string | undefined): Day | undefined {
  if (text === undefined) return undefined;
  return parseFrenchDate(text) ?? parseFrenchDateTime(text)?.day;
}
