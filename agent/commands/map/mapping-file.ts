import { readFile } from 'node:fs/promises';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import type { Feed } from '../../../shared/feeds/feed.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { builtInTexts } from '../../mapping/built-in.ts';
import { checkMapping, type MappingFault } from '../../mapping/check.ts';
import { compileMapping } from '../../mapping/compile.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import type { MappingFile } from '../../mapping/schema.ts';

export interface LoadedMapping {
  readonly compiled: CompiledMapping;
  readonly file: MappingFile;
  readonly feed: Feed;
}

/** The text of a mapping file, or of a mapping the product brings. Throws `mapping-unreadable`. */
export async function mappingText(
  name: string,
): Promise<{ readonly text: string; readonly builtIn: boolean }> {
  const text = Object.hasOwn(builtInTexts, name) ? builtInTexts[name] : undefined;
  if (text !== undefined) return { text, builtIn: true };
  const read = await readFile(name, 'utf8').catch((cause: unknown) => {
    throw permanent('mapping-unreadable', { facts: { file: name }, cause });
  });
  return { text: read, builtIn: false };
}

export async function faultsOf(name: string): Promise<readonly MappingFault[]> {
  const { text, builtIn } = await mappingText(name);
  const checked = checkMapping(text, feedNamed, { builtIn });
  return checked.kind === 'valid' ? [] : checked.faults;
}

/** Throws `mapping-unreadable`, `mapping-invalid`, `feed-unknown`. */
export async function loadMapping(name: string): Promise<LoadedMapping> {
  const { text, builtIn } = await mappingText(name);
  const compiled = compileMapping(text, { origin: name, feeds: feedNamed, builtIn });
  const checked = checkMapping(text, feedNamed, { builtIn });
  const feed = feedNamed(compiled.feedName);
  if (checked.kind !== 'valid' || feed === undefined)
    throw permanent('feed-unknown', { facts: { feed: compiled.feedName } });
  return { compiled, file: checked.mapping, feed };
}
