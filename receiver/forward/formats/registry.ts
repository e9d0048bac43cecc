import { bedsJson } from './beds-json.ts';
import { csv } from './csv.ts';
import type { FormatKind } from './format.ts';
import { jsonLines } from './json-lines.ts';
import { oscourXml } from './oscour-xml.ts';

const kinds: readonly FormatKind[] = [oscourXml, bedsJson, csv, jsonLines];

/** What a feed can be sent as. */
export function formatsOf(feed: string): readonly FormatKind[] {
  return kinds.filter((kind) => kind.feed === undefined || kind.feed === feed);
}

/** By its name, when it can carry the feed. */
export function formatNamed(name: string, feed: string): FormatKind | undefined {
  return formatsOf(feed).find((kind) => kind.name === name);
}
