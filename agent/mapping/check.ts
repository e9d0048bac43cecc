import { LineCounter, parseDocument, type YAMLParseError } from 'yaml';
import type { Bilingual, Language } from '../../shared/i18n/texts.ts';
import type { MappingExpectation } from '../../shared/i18n/mapping-expected.ts';
import { mappingExpected } from '../../shared/i18n/mapping-expected.ts';
import type { FeedLookup } from './compiled-mapping.ts';
import { expectationOf } from './expect.ts';
import { faultsOfMapping } from './faults.ts';
import { flatIssues } from './issues.ts';
import { remainderOf } from './remainder.ts';
import { mappingSchema, type MappingFile } from './schema.ts';
import { lineOfPath } from '../../shared/runtime/yaml-lines.ts';

/** One fault of a mapping file: the line and path of its key, what stands there, what was expected. */
export interface MappingFault {
  /** 1-based. */
  readonly line: number;
  /** "fields.sex.table"; empty = the file as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: Bilingual;
}

export type CheckedMapping =
  | { readonly kind: 'valid'; readonly mapping: MappingFile }
  | { readonly kind: 'invalid'; readonly faults: readonly MappingFault[] };

/** All the faults of a mapping file at once, in order of lines. `builtIn`: one that the product brings. */
export function checkMapping(
  text: string,
  feeds: FeedLookup,
  { builtIn = false }: { readonly builtIn?: boolean } = {},
): CheckedMapping {
  if (text.length > maxChars) return invalid([faultAt(1, 'size', `${text.length}`, `${maxChars}`)]);
  const counter = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    version: '1.2',
    strict: true,
    lineCounter: counter,
  });
  if (document.errors.length > 0) return invalid(yamlFaults(document.errors, text));
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    return invalid([faultAt(1, 'aliases', '> 100')]);
  }
  const placed = (path: readonly PropertyKey[], found: string, expected: Bilingual): MappingFault => ({
    line: lineOfPath(document, counter, path),
    path: path.join('.'),
    found,
    expected,
  });
  const parsed = mappingSchema.safeParse(raw);
  if (!parsed.success) {
    const issues = flatIssues(parsed.error.issues);
    const rest = remainderOf(raw, issues);
    const misshapen = new Set(issues.map(({ path }) => path[0]));
    const others = rest === undefined ? [] : [...faultsOfMapping(rest, { feeds, builtIn })];
    return invalid([
      ...issues.map(({ path, message }) =>
        placed(path, describe(valueAt(raw, path)), expectationOf(message)),
      ),
      ...others
        .filter(({ path }) => path[0] === 'fields' || !misshapen.has(path[0]))
        .map(({ path, found, expected }) => placed(path, found, expected)),
    ]);
  }
  const faults = [...faultsOfMapping(parsed.data, { feeds, builtIn })].map(({ path, found, expected }) =>
    placed(path, found, expected),
  );
  return faults.length > 0 ? invalid(faults) : { kind: 'valid', mapping: parsed.data };
}

/** "line 5, fields.sex.table: found t, expected a table of this file" */
export function printFault({ line, path, found, expected }: MappingFault, language: Language): string {
  const place = path === '' ? '' : `, ${path}`;
  return language === 'fr'
    ? `ligne ${line}${place} : « ${found} », attendu : ${expected.fr}`
    : `line ${line}${place}: "${found}", expected: ${expected.en}`;
}

const maxChars = 262_144;

function faultAt(line: number, key: MappingExpectation, found: string, list = ''): MappingFault {
  return { line, path: '', found, expected: mappingExpected(key, list) };
}

/** The first of each line: the others mostly follow from it. The code of the YAML reader tells a doubled key from a bad indent. */
function yamlFaults(
  errors: readonly Pick<YAMLParseError, 'code' | 'linePos'>[],
  text: string,
): readonly MappingFault[] {
  const found = new Map<number, MappingFault>();
  for (const { linePos, code } of errors) {
    const line = linePos?.[0].line ?? 1;
    const there = describe(text.split('\n')[line - 1]?.trim());
    const why = code.toLowerCase().replaceAll('_', ' ');
    if (!found.has(line)) found.set(line, faultAt(line, 'yaml', `${there} (${why})`));
  }
  return [...found.values()];
}

function invalid(faults: readonly MappingFault[]): CheckedMapping {
  return { kind: 'invalid', faults: faults.toSorted((a, b) => a.line - b.line) };
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    raw,
  );
}

/** What stands there, short; names of keys stand for a table. */
function describe(value: unknown): string {
  if (value === undefined) return '∅';
  if (typeof value === 'string') return value.length > 40 ? `${value.slice(0, 40)}…` : value;
  if (Array.isArray(value)) return '[…]';
  return '{…}';
}
