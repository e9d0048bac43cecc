import type { Feed, FeedRecord } from '../../shared/feeds/feed.ts';

export type Change = 'filled' | 'blanked' | 'changed';

/** What two mappings make of one record, or that only one of them takes it. Texts hold patients. */
export interface RecordDiff {
  readonly file: string;
  readonly line: number;
  readonly record: number;
  readonly kind: 'differs' | 'only-old' | 'only-new';
  readonly fields: readonly {
    readonly field: string;
    readonly change: Change;
    readonly old: readonly string[];
    readonly new: readonly string[];
  }[];
}

export interface FieldDiff {
  readonly field: string;
  readonly filled: number;
  readonly blanked: number;
  readonly changed: number;
  readonly same: number;
}

export interface MappingDiff {
  readonly accepted: { readonly old: number; readonly new: number };
  readonly fields: readonly FieldDiff[];
  readonly records: readonly RecordDiff[];
}

/** A record with its place; `key` is its file and record number. */
export interface Placed {
  readonly file: string;
  readonly line: number;
  readonly record: number;
  readonly built: FeedRecord;
}

/** Compares record by record, found by file and number: both mappings read the same samples. */
export function diffRecords(
  feed: Feed,
  old: ReadonlyMap<string, Placed>,
  renewed: ReadonlyMap<string, Placed>,
  textsOf: (record: FeedRecord, field: string) => readonly string[],
): MappingDiff {
  const names = [...feed.fields.map(({ name }) => name), 'extensions'];
  const counts = new Map(names.map((name) => [name, { filled: 0, blanked: 0, changed: 0, same: 0 }]));
  const records: RecordDiff[] = [];
  for (const [key, before] of old) {
    const after = renewed.get(key);
    const place = { file: before.file, line: before.line, record: before.record };
    if (after === undefined) {
      records.push({ ...place, kind: 'only-old', fields: [] });
      continue;
    }
    const fields = names.flatMap((field) => {
      const [left, right] = [textsOf(before.built, field), textsOf(after.built, field)];
      const change = changeOf(left, right);
      const count = counts.get(field);
      if (count !== undefined) count[change ?? 'same'] += 1;
      return change === undefined ? [] : [{ field, change, old: left, new: right }];
    });
    if (fields.length > 0) records.push({ ...place, kind: 'differs', fields });
  }
  for (const [key, { file, line, record }] of renewed)
    if (!old.has(key)) records.push({ file, line, record, kind: 'only-new', fields: [] });
  return {
    accepted: { old: old.size, new: renewed.size },
    fields: [...counts].map(([field, count]) => ({ field, ...count })),
    records: records.toSorted((a, b) => (a.file === b.file ? a.record - b.record : a.file < b.file ? -1 : 1)),
  };
}

function changeOf(old: readonly string[], renewed: readonly string[]): Change | undefined {
  if (old.join('\u0000') === renewed.join('\u0000')) return undefined;
  if (old.length === 0) return 'filled';
  return renewed.length === 0 ? 'blanked' : 'changed';
}
