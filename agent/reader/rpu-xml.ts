import type { HeaderTags, Row } from '../mapping/compiled-mapping.ts';
import type { ReadLimits } from './limits.ts';
import { createXmlParser } from './xml-parser.ts';

/** The header of an XML export, as written; undefined = blank or absent. */
export interface RpuHeader {
  readonly facility: string | undefined;
  readonly part: string | undefined;
  readonly extract: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface RpuXmlHandlers {
  /** Once, before the first row. Not called on a reading that finds the header after the records. */
  header(header: RpuHeader): void;
  row(row: Row, extensions: Readonly<Record<string, string>> | undefined, line: number, record: number): void;
}

export interface RpuXmlSettings {
  readonly tags: HeaderTags;
  /** Tag paths below PATIENT, "CP" or "LISTE_DA/DA"; the index is the position in the row. */
  readonly columns: readonly string[];
  readonly keepsUnknown: boolean;
  readonly limits: ReadLimits;
  /** Found by an earlier reading, when it stands after the records. */
  readonly header?: RpuHeader;
}

export interface RpuXmlReader {
  write(piece: string): void;
  /** `headerLate`: no row was given out, because the header came after the records; read again with it. */
  end(): { readonly records: number; readonly header: RpuHeader; readonly headerLate: boolean };
}

/**
 * The national format of 2006 (OSCOUR / ETABLISSEMENT, PASSAGES / PATIENT) and what is seen of it in the field: tags in
 * any order, PASSAGES around every PATIENT, unknown tags, upper or lower case. Tags are read by name, never by position.
 */
export function createRpuXmlReader(settings: RpuXmlSettings, handlers: RpuXmlHandlers): RpuXmlReader {
  const { limits } = settings;
  const fields = fieldsOf(settings.columns);
  const headerTags = headerTagsOf(settings.tags);
  const header: Record<keyof RpuHeader, string | undefined> = {
    facility: settings.header?.facility,
    part: settings.header?.part,
    extract: settings.header?.extract,
    from: settings.header?.from,
    to: settings.header?.to,
  };
  let headerGiven = false;
  let headerLate = false;

  let records = 0;
  let recordLine = 0;
  let recordChars = 0;
  let row: (string | string[] | undefined)[] = [];
  let extensions: Record<string, string> | undefined;

  // Depth of the element that holds what is being read; 0 = outside it.
  let headerDepth = 0;
  let patientDepth = 0;
  /** Depth of the element whose text is wanted; 0 = none. */
  let fieldDepth = 0;
  let slot = unknownSlot;
  let unknownName = '';
  let items: ReadonlyMap<string, number> | undefined;
  let headerTag: keyof RpuHeader = 'facility';
  let value = '';

  const want = (depth: number, position: number): void => {
    fieldDepth = depth;
    slot = position;
    value = '';
  };

  const openInPatient = (name: string, depth: number): void => {
    if (depth === patientDepth + 1) {
      const field = fields.get(name);
      items = typeof field === 'object' ? field : undefined;
      if (typeof field === 'number') want(depth, field);
      else if (field === undefined && settings.keepsUnknown) {
        unknownName = name;
        want(depth, unknownSlot);
      }
    } else if (depth === patientDepth + 2 && items !== undefined) {
      const item = items.get(name);
      if (item !== undefined) want(depth, item);
    }
  };

  const openPatient = (depth: number, line: number): void => {
    if (!headerGiven && !headerLate) {
      headerLate = header.facility === undefined;
      headerGiven = !headerLate;
      if (headerGiven) handlers.header({ ...header });
    }
    records += 1;
    if (records > limits.records) throw xml.faultHere('export-too-many-records');
    patientDepth = depth;
    recordLine = line;
    recordChars = 0;
    row = new Array<undefined>(settings.columns.length).fill(undefined);
    extensions = undefined;
  };

  const openOutside = (name: string, depth: number, line: number): void => {
    if (depth === 1) {
      if (!isNamed(name, 'OSCOUR')) throw xml.faultHere('export-shape-unknown');
    } else if (depth === 2 && isNamed(name, 'ETABLISSEMENT')) {
      headerDepth = depth;
    } else if (depth <= 3 && headerDepth === 0 && isNamed(name, 'PATIENT')) {
      openPatient(depth, line);
    } else if (headerDepth > 0 && depth === headerDepth + 1) {
      const tag = headerTags.get(name);
      if (tag === undefined) return;
      headerTag = tag;
      want(depth, headerSlot);
    }
  };

  const putHeader = (): void => {
    const text = value.trim();
    if (text === '') return;
    const before = header[headerTag];
    if (headerTag === 'facility' && before !== undefined && before.toUpperCase() !== text.toUpperCase())
      throw xml.faultHere('facility-several');
    header[headerTag] = before ?? text;
  };

  const putField = (): void => {
    fieldDepth = 0;
    if (isBlank(value)) return;
    if (slot === headerSlot) {
      putHeader();
      return;
    }
    recordChars += value.length + valueOverhead;
    if (recordChars > limits.recordChars) throw xml.faultHere('record-too-long');
    if (slot === unknownSlot) {
      extensions ??= {};
      if (unknownName !== '__proto__') extensions[unknownName] ??= value;
      return;
    }
    // A repeated tag becomes a list: the feed decides what to think of it.
    const before = row[slot];
    if (before === undefined) row[slot] = value;
    else if (typeof before === 'string') row[slot] = [before, value];
    else before.push(value);
  };

  const xml = createXmlParser(
    {
      record: () => records,
      open: (name, depth, line) => {
        if (patientDepth > 0) openInPatient(name, depth);
        else openOutside(name, depth, line);
      },
      text: (text, depth) => {
        if (depth !== fieldDepth) return;
        value = value === '' ? text : value + text;
        if (value.length > limits.fieldChars) throw xml.faultHere('xml-text-too-long');
      },
      close: (depth) => {
        if (depth === fieldDepth) putField();
        if (depth === headerDepth) headerDepth = 0;
        if (depth !== patientDepth) return;
        patientDepth = 0;
        if (!headerLate) handlers.row(row, extensions, recordLine, records);
      },
    },
    limits,
  );

  return {
    write: (piece) => xml.write(piece),
    end: () => {
      xml.end();
      return { records, header: { ...header }, headerLate };
    },
  };
}

const unknownSlot = -1;
const headerSlot = -2;
/** What a value costs beside its characters, so that a million tiny ones are bounded too. */
const valueOverhead = 16;

type Fields = ReadonlyMap<string, number | ReadonlyMap<string, number>>;

/** Field tags in upper and in lower case, so that the hot path is one lookup. */
function fieldsOf(columns: readonly string[]): Fields {
  const fields = new Map<string, number | Map<string, number>>();
  columns.forEach((column, index) => {
    const [tag = '', item] = column.split('/');
    const inner = fields.get(tag.toUpperCase());
    const field =
      item === undefined
        ? index
        : new Map([
            ...(typeof inner === 'object' ? inner : []),
            [item.toUpperCase(), index] as const,
            [item.toLowerCase(), index] as const,
          ]);
    fields.set(tag.toUpperCase(), field).set(tag.toLowerCase(), field);
  });
  return fields;
}

function headerTagsOf(tags: HeaderTags): ReadonlyMap<string, keyof RpuHeader> {
  const names: readonly (keyof RpuHeader)[] = ['facility', 'part', 'extract', 'from', 'to'];
  return new Map(
    names.flatMap((name) => [
      [tags[name].toUpperCase(), name] as const,
      [tags[name].toLowerCase(), name] as const,
    ]),
  );
}

function isNamed(name: string, upper: string): boolean {
  return name === upper || name === upper.toLowerCase();
}

function isBlank(text: string): boolean {
  // Most values start with a letter or a digit: no need to trim them to know.
  return text === '' || (!(text.charCodeAt(0) > 32 && text.charCodeAt(0) < 128) && text.trim() === '');
}
