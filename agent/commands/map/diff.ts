import type { Feed } from '../../../shared/feeds/feed.ts';
import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { diffRecords, type MappingDiff, type Placed, type RecordDiff } from '../../mapping/diff.ts';
import type { Surroundings } from '../command.ts';
import { tableLines } from '../terminal.ts';
import { loadMapping, type LoadedMapping } from './mapping-file.ts';
import { labelOf, textsOfField } from './redact.ts';
import { tryMapping } from './trial.ts';
import { countOf, printerOf } from './values.ts';

interface Asked {
  readonly old: string;
  readonly renewed: string;
  readonly samples: readonly string[];
  readonly sample: string;
  readonly facility: string | undefined;
  readonly freeText: readonly string[];
  readonly showValues: boolean;
}

interface Tried {
  readonly records: ReadonlyMap<string, Placed>;
  readonly rejected: number;
}

/** What two mappings make of the same samples. Exit 0 whether they differ or not; nothing is sent. */
export async function mapDiff(around: Surroundings, asked: Asked): Promise<number> {
  const value = printerOf(around, asked);
  const most = countOf(asked.sample);
  const [old, renewed] = [await loadMapping(asked.old), await loadMapping(asked.renewed)];
  if (old.feed.name !== renewed.feed.name)
    throw permanent('map-feeds-differ', { facts: { old: old.feed.name, new: renewed.feed.name } });
  const before = await tryOne(old, asked, around);
  const after = await tryOne(renewed, asked, around);
  const diff = diffRecords(old.feed, before.records, after.records, textsOfField);
  const rejected = { old: before.rejected, new: after.rejected };
  const shown: Shown = { diff, rejected, most, feed: old.feed, value };
  if (around.json) around.print(JSON.stringify(documentOf(shown)));
  else for (const line of lines(shown, around)) around.print(line);
  return 0;
}

async function tryOne({ compiled }: LoadedMapping, asked: Asked, around: Surroundings): Promise<Tried> {
  const records = new Map<string, Placed>();
  let rejected = 0;
  const { facility, freeText } = asked;
  await tryMapping(
    compiled,
    asked.samples,
    { facility, freeText, terminal: around.terminal },
    {
      record: (place, built) => records.set(`${place.file}\0${place.record}`, { ...place, built }),
      rejected: () => {
        rejected += 1;
      },
      finding: () => undefined,
    },
  );
  return { records, rejected };
}

interface Shown {
  readonly diff: MappingDiff;
  readonly rejected: { readonly old: number; readonly new: number };
  /** Records listed one by one. */
  readonly most: number;
  readonly feed: Feed;
  readonly value: (text: string) => string;
}

function documentOf({ diff, rejected, most, value }: Shown) {
  return {
    accepted: diff.accepted,
    rejected,
    fields: diff.fields,
    differing: diff.records.length,
    records: diff.records.slice(0, most).map(({ fields, ...place }) => ({
      ...place,
      fields: fields.map(({ field, change, old, new: renewed }) => ({
        ...{ field, change },
        old: old.map(value),
        new: renewed.map(value),
      })),
    })),
  };
}

function lines(shown: Shown, { language, terminal }: Surroundings): readonly string[] {
  const { diff, rejected, most, feed } = shown;
  const summary = fill(mapTexts.diffAccepted[language], {
    ...diff.accepted,
    oldRejected: rejected.old,
    newRejected: rejected.new,
  });
  if (diff.records.length === 0) return [summary, mapTexts.diffSame[language]];
  const rows = diff.fields
    .filter(({ filled, blanked, changed }) => filled + blanked + changed > 0)
    .map(({ field, filled, blanked, changed, same }) => [
      nameOf(feed, field),
      ...[filled, blanked, changed, same].map(String),
    ]);
  const heads = (['field', 'becameFilled', 'becameBlank', 'changed', 'same'] as const).map(
    (key) => mapTexts[key][language],
  );
  const more = diff.records.length - most;
  return [
    summary,
    ...(rows.length === 0 ? [] : tableLines(heads, rows, terminal)),
    '',
    ...diff.records.slice(0, most).map((record) => recordLine(record, shown, language)),
    ...(more > 0 ? [fill(mapTexts.diffMore[language], { count: more })] : []),
  ];
}

function recordLine(
  { file, line, kind, fields }: RecordDiff,
  { feed, value }: Shown,
  language: Surroundings['language'],
): string {
  const print = (texts: readonly string[]): string =>
    texts.length === 0 ? '∅' : texts.map(value).join(', ');
  const changes = fields.map(
    ({ field, old, new: renewed }) => `${nameOf(feed, field)} ${print(old)} → ${print(renewed)}`,
  );
  return [fill(mapTexts[`diff-${kind}`][language], { file, line }), changes.join(' ; ')].join(' ').trimEnd();
}

function nameOf(feed: Feed, name: string): string {
  const field = feed.fields.find((one) => one.name === name);
  return field === undefined ? name : labelOf(field);
}
