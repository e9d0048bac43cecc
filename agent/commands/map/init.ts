import { basename } from 'node:path';
import { isFiness, normaliseFiness } from '../../../shared/feeds/facility.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { mapTexts } from '../../../shared/i18n/terminal-agent-map.ts';
import { fill } from '../../../shared/i18n/texts.ts';
import { writeDurably } from '../../../shared/runtime/durable-file.ts';
import { Fault, permanent } from '../../../shared/runtime/errors.ts';
import { stat } from 'node:fs/promises';
import { vocabularyOf } from '../../mapping/guess-vocabularies.ts';
import { propose, type Proposal, type Sample } from '../../mapping/propose.ts';
import { readSample, type SampleFile } from '../../mapping/propose-sample.ts';
import { printProposal } from '../../mapping/propose-text.ts';
import type { Surroundings } from '../command.ts';
import type { Terminal } from '../terminal.ts';
import { decodeSample } from './trial.ts';

interface Asked {
  readonly samples: readonly string[];
  readonly feed: string;
  readonly out: string | undefined;
  readonly facility: string | undefined;
}

/** Writes the proposal to a file or to stdout. A format that the product reads by itself needs none, and is said. */
export async function mapInit(around: Surroundings, asked: Asked): Promise<number> {
  const { language, json, print, terminal } = around;
  const feed = feedNamed(asked.feed);
  if (feed === undefined) throw permanent('feed-unknown', { facts: { feed: asked.feed } });
  const facility = facilityGiven(asked.facility);
  if (asked.out !== undefined && (await stat(asked.out).catch(() => undefined)) !== undefined)
    throw permanent('map-file-exists', { facts: { file: asked.out } });
  const files = await Promise.all(asked.samples.map((path) => look(path, terminal)));
  const known = files.find(({ found }) => found.kind === 'built-in');
  if (known?.found.kind === 'built-in') {
    const { mapping } = known.found;
    if (json) print(JSON.stringify({ builtIn: mapping }));
    else print(fill(mapTexts[`built-in-${mapping}`][language], { file: known.file }));
    return 0;
  }
  const samples = files.flatMap(({ found }): Sample[] => (found.kind === 'rows' ? [found.sample] : []));
  const vocabulary = vocabularyOf(feed);
  const proposal =
    samples.length > 2 ? undefined : propose({ feed: feed.name, vocabulary, samples, facility });
  if (proposal === undefined) throw permanent('map-samples-unrelated');
  const text = printProposal(proposal, { name: nameFor(asked.out, proposal), vocabulary, language });
  if (asked.out !== undefined) await write(asked.out, text);
  const summary = summaryOf(proposal);
  if (json) print(JSON.stringify({ ...summary, file: asked.out ?? null, mapping: text }));
  else if (asked.out === undefined) print(text.trimEnd());
  else {
    const facts = { file: asked.out, sample: asked.samples.join(' ') };
    print(fill(mapTexts.written[language], { ...facts, ...counts(summary) }));
    print(fill(mapTexts.next[language], facts));
  }
  terminal.progress('');
  return 0;
}

function facilityGiven(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const facility = normaliseFiness(text);
  if (!isFiness(facility))
    throw permanent('map-facility-invalid', { facts: { facility: text.slice(0, 20) } });
  return facility;
}

async function look(
  path: string,
  terminal: Terminal,
): Promise<{ readonly file: string; readonly found: SampleFile }> {
  const decoded = await decodeSample(path, { terminal });
  try {
    return { file: basename(path), found: await readSample(decoded) };
  } catch (error) {
    if (error instanceof Fault && error.code === 'map-sample-unreadable')
      throw permanent(error.code, { facts: { file: path } });
    throw error;
  }
}

/** A mapping's name, after the file it goes to. */
function nameFor(out: string | undefined, { feed, format }: Proposal): string {
  const stem = basename(out ?? '')
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-');
  const name = stem.replace(/^[^a-z]+|-+$/g, '').slice(0, 40);
  return name === '' ? `${feed}-${format.type}` : name;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeDurably(file, text, 0o644);
  } catch (cause) {
    throw permanent('map-not-written', { facts: { file }, cause });
  }
}

interface Summary {
  readonly fields: readonly {
    readonly field: string;
    readonly found: boolean;
    readonly doubts: readonly string[];
  }[];
  readonly ignored: readonly string[];
  readonly joined: boolean;
}

function summaryOf({ fields, identity, unknown, join }: Proposal): Summary {
  return {
    fields: fields.map(({ name, spec, doubts }) => ({
      field: name,
      found: spec !== undefined,
      doubts: doubts.map(({ kind }) => kind),
    })),
    ignored: [...identity, ...unknown],
    joined: join !== undefined,
  };
}

function counts({ fields }: Summary): Readonly<Record<string, number>> {
  return {
    fields: fields.length,
    found: fields.filter(({ found }) => found).length,
    doubts: fields.reduce((sum, { doubts }) => sum + doubts.length, 0),
  };
}
