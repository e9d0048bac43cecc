import { bedsCsv } from './built-in/beds-csv.ts';
import { pamFr } from './built-in/pam-fr.ts';
import { rpu2006 } from './built-in/rpu-2006.ts';
import { rpuCsv } from './built-in/rpu-csv.ts';
import { compileMapping } from './compile.ts';
import type { CompiledMapping, FeedLookup } from './compiled-mapping.ts';

/** Their texts, as an example to start one's own from. */
export const builtInTexts: Readonly<Record<string, string>> = {
  'rpu-2006': rpu2006,
  'rpu-csv': rpuCsv,
  'beds-csv': bedsCsv,
  'pam-fr': pamFr,
};

/** The mappings the product brings: `rpu-2006`, `rpu-csv`, `beds-csv`, `pam-fr`. */
export function builtInMappings(feeds: FeedLookup): readonly CompiledMapping[] {
  return Object.entries(builtInTexts).map(([origin, text]) =>
    compileMapping(text, { origin, feeds, builtIn: true }),
  );
}
