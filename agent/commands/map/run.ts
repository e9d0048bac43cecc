import { findingText } from '../../../shared/i18n/findings.ts';
import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import type { Feed, FeedRecord, Finding } from '../../../shared/feeds/feed.ts';
import type { Surroundings } from '../command.ts';
import { tableLines } from '../terminal.ts';
import { loadMapping } from './mapping-file.ts';
import { labelOf, textsOfField } from './redact.ts';
import { tryMapping, type Place } from './trial.ts';
import { countOf, printerOf } from './values.ts';

interface Asked {
  readonly file: string;
  readonly samples: readonly string[];
  readonly sample: string;
  readonly facility: string | undefined;
  readonly freeText: readonly string[];
  readonly showValues: boolean;
}

interface Shown {
  readonly place: Place;
  /** Undefined: rejected. */
  readonly built: FeedRecord | undefined;
  readonly findings: Pick<Finding, 'rule' | 'severity' | 'field'>[];
}

/** The first records as the region would get them. Exit 1 when none is accepted. */
export async function mapRun(around: Surroundings, asked: Asked): Promise<number> {
  const print = printerOf(around, asked);
  const records = countOf(asked.sample);
  const { compiled, feed } = await loadMapping(asked.file);
  const shown = new Map<string, Shown>();
  const general: Finding[] = [];
  const key = ({ file, record }: { readonly file: string; readonly record: number }): string =>
    `${file}\0${record}`;
  await tryMapping(
    compiled,
    asked.samples,
    { facility: asked.facility, freeText: asked.freeText, terminal: around.terminal, records },
    {
      record: (place, built) => shown.set(key(place), { place, built, findings: [] }),
      rejected: (place, rule, field) =>
        shown.set(key(place), { place, built: undefined, findings: [{ rule, severity: 'error', field }] }),
      finding: (file, finding) => {
        const { record } = finding;
        if (record === null) general.push(finding);
        else shown.get(key({ file, record }))?.findings.push(finding);
      },
    },
  );
  const all = [...shown.values()];
  if (around.json) around.print(JSON.stringify(documentOf(all, general, feed, print)));
  else for (const line of lines(all, general, feed, { ...around, value: print })) around.print(line);
  return all.some(({ built }) => built !== undefined) ? 0 : 1;
}

function documentOf(
  shown: readonly Shown[],
  general: readonly Finding[],
  feed: Feed,
  value: (text: string) => string,
) {
  return {
    records: shown.map(({ place, built, findings }) => ({
      ...place,
      accepted: built !== undefined,
      fields:
        built === undefined
          ? {}
          : Object.fromEntries(
              fieldsOf(built, feed).map(({ field, texts }) => [field.name, texts.map(value)]),
            ),
      findings: findings.map(({ rule, severity, field }) => ({ rule, severity, field })),
    })),
    findings: general.map(({ rule, severity, field }) => ({ rule, severity, field })),
    presence: Object.fromEntries(presence(shown, feed).map(({ label, filled }) => [label, filled])),
  };
}

function fieldsOf(built: FeedRecord, feed: Feed) {
  return feed.fields.flatMap((field) => {
    const texts = field.name === 'visitId' ? hashed(built) : textsOfField(built, field.name);
    return texts.length === 0 ? [] : [{ field, texts }];
  });
}

/** A keyed hash: that it is there is all there is to say. */
function hashed(built: FeedRecord): readonly string[] {
  return built['visitId'] === undefined ? [] : ['#'];
}

function presence(shown: readonly Shown[], feed: Feed) {
  const accepted = shown.flatMap(({ built }) => (built === undefined ? [] : [built]));
  return feed.fields.map((field) => ({
    label: field.tag ?? field.name,
    filled: accepted.filter((built) => built[field.name] !== undefined).length,
    records: accepted.length,
  }));
}

type Shows = Surroundings & { readonly value: (text: string) => string };

function lines(
  shown: readonly Shown[],
  general: readonly Finding[],
  feed: Feed,
  around: Shows,
): readonly string[] {
  const { language, terminal } = around;
  const rows = presence(shown, feed).map(({ label, filled, records }) => [label, `${filled}/${records}`]);
  const accepted = shown.filter(({ built }) => built !== undefined).length;
  return [
    ...general.map((finding) => findingLine(finding, around)),
    ...shown.flatMap((one) => recordLines(one, feed, around)),
    '',
    ...tableLines([mapTexts.field[language], mapTexts.filled[language]], rows, terminal),
    fill(mapTexts.runSummary[language], { accepted, rejected: shown.length - accepted }),
  ];
}

function recordLines({ place, built, findings }: Shown, feed: Feed, around: Shows): readonly string[] {
  const { language, terminal, value } = around;
  const said = findings.map((finding) => findingLine(finding, around));
  if (built === undefined) return [fill(mapTexts.runRejected[language], { ...place }), ...said];
  const fields = fieldsOf(built, feed);
  const facts = { ...place, filled: fields.length, fields: feed.fields.length };
  const texts = fields.map(({ field, texts: all }) => `${labelOf(field)} ${all.map(value).join(', ')}`);
  return [fill(mapTexts.runRecord[language], facts), ...wrapped(texts, terminal.columns), ...said];
}

const marks = { error: '!', warning: '?', info: '·' } as const;

function findingLine({ rule, severity, field }: Shown['findings'][number], { language }: Shows): string {
  return `  ${marks[severity]} ${rule}${field === null ? '' : ` (${field})`} : ${findingText(rule, language, field)}`;
}

/** Items side by side, on lines no wider than the terminal. */
function wrapped(items: readonly string[], columns: number): readonly string[] {
  const found: string[] = [];
  let line = ' ';
  for (const item of items) {
    if (line !== ' ' && line.length + item.length + 3 > Math.min(columns, 100)) {
      found.push(line);
      line = ' ';
    }
    line += line === ' ' ? ` ${item}` : ` · ${item}`;
  }
  return line === ' ' ? found : [...found, line];
}
