import { permanent } from '../../shared/runtime/errors.ts';
import type { CompiledMapping, FeedLookup } from './compiled-mapping.ts';

/** One fault of a mapping file: where, what stands there, what was expected. */
export interface MappingFault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/**
 * Compiles the YAML text of a mapping. Throws `mapping-invalid` whose facts carry the origin, the number of faults and
 * all of them as text.
 */
export function compileMapping(
  text: string,
  options: { readonly origin: string; readonly feeds: FeedLookup },
): CompiledMapping {
  throw permanent('mapping-invalid', { facts: { origin: options.origin, length: text.length } });
}
