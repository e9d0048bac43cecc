import { permanent } from '../../shared/runtime/errors.ts';
import { bindMapping } from './bind.ts';
import { checkMapping, printFault } from './check.ts';
import { readColumns } from './columns.ts';
import type { CompiledMapping, FeedLookup, LineLayout } from './compiled-mapping.ts';
import type { LineFormat } from './format-schema.ts';
import { compileJoin, keyColumns } from './join-key.ts';
import type { MappingFile } from './schema.ts';

export interface CompileOptions {
  /** Where the text comes from: a path, or the name of a built-in mapping. */
  readonly origin: string;
  readonly feeds: FeedLookup;
  /** One that the product brings: it may keep unknown columns, and free text goes as it is. */
  readonly builtIn?: boolean;
}

/** Throws `mapping-invalid` whose facts are the origin, the number of faults and all of them in French and in English. */
export function compileMapping(text: string, options: CompileOptions): CompiledMapping {
  const { origin, feeds, builtIn = false } = options;
  const checked = checkMapping(text, feeds, { builtIn });
  if (checked.kind === 'valid') return compiled(checked.mapping, feeds, builtIn);
  const { faults } = checked;
  throw permanent('mapping-invalid', {
    facts: {
      origin,
      count: faults.length,
      faultsFr: faults.map((fault) => printFault(fault, 'fr')).join('\n'),
      faultsEn: faults.map((fault) => printFault(fault, 'en')).join('\n'),
    },
  });
}

function compiled(mapping: MappingFile, feeds: FeedLookup, builtIn: boolean): CompiledMapping {
  const { format, join } = mapping;
  const layout = format.type === 'csv' || format.type === 'fixed-width' ? layoutOf(format) : undefined;
  const freeText = builtIn ? [] : freeTextFields(feeds, mapping.feed);
  return {
    name: mapping.name,
    feedName: mapping.feed,
    format: format.type,
    encoding: format.encoding,
    layout,
    join: join === undefined ? undefined : compileJoin(mapping, join, layoutOf(join.format)),
    columns: [...new Set([...readColumns(mapping), ...mapping.ignore])],
    header: format.type === 'rpu-xml' ? format.header : undefined,
    keepsUnknown: mapping.unknownColumns === 'keep',
    bind: (columns, options = {}) => {
      const allowed = options.freeText ?? [];
      return bindMapping(mapping, columns, {
        ...options,
        guarded: allowed === 'all' ? [] : freeText.filter((name) => !allowed.includes(name)),
        elsewhere: join === undefined ? [] : keyColumns(join),
      });
    },
    tests: mapping.tests.map((test) => ({ input: test.in, output: test.out })),
  };
}

function layoutOf(format: LineFormat): LineLayout {
  if (format.type === 'csv')
    return {
      format: 'csv',
      encoding: format.encoding,
      delimiter: format.delimiter,
      quotes: format.quote !== 'none',
      skipLines: format.skipLines,
      requires: format.requires ?? [],
      columns: format.columns,
    };
  return {
    format: 'fixed-width',
    encoding: format.encoding,
    columns: format.columns,
    lineLength: format.lineLength,
    skipLines: format.skipLines,
    hasHeader: format.header === 'yes',
  };
}

function freeTextFields(feeds: FeedLookup, feed: string): readonly string[] {
  return (feeds(feed)?.fields ?? []).flatMap(({ name, freeText }) => (freeText === true ? [name] : []));
}
