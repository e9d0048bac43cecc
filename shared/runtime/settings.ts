import { LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { permanent } from './errors.ts';
import { lineOfPath } from './yaml-lines.ts';

/**
 * A settings file, YAML or JSON, against its schema. All faults at once, each with its line, its key, what stands there and
 * what is expected, in French and in English.
 */
export interface SettingsFault {
  /** 1-based. */
  readonly line: number;
  readonly fr: string;
  readonly en: string;
}

export type Settings<T> =
  | { readonly kind: 'valid'; readonly value: T; readonly found: unknown }
  | { readonly kind: 'invalid'; readonly faults: readonly SettingsFault[] };

export function readSettings<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): Settings<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ linePos, code }) => ({
      line: linePos?.[0].line ?? 1,
      fr: `YAML mal formé (${code})`,
      en: `malformed YAML (${code})`,
    }));
    return { kind: 'invalid', faults };
  }
  let found: unknown;
  try {
    found = document.toJS({ maxAliasCount: 0 });
  } catch {
    return {
      kind: 'invalid',
      faults: [{ line: 1, fr: 'alias YAML (&, *) refusés', en: 'YAML aliases (&, *) refused' }],
    };
  }
  const parsed = schema.safeParse(found);
  if (parsed.success) return { kind: 'valid', value: parsed.data, found };
  const faults = parsed.error.issues
    .flatMap(apart)
    .map((issue) => ({ line: lineOfPath(document, lines, issue.path), ...describeIssue(issue, found) }))
    .sort((a, b) => a.line - b.line);
  return { kind: 'invalid', faults };
}

/** `code` is thrown with the facts file, count, faultsFr, faultsEn. */
export function settingsOrFault<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  { code, file }: { readonly code: string; readonly file: string },
): { readonly value: z.output<Schema>; readonly found: unknown } {
  const read = readSettings(text, schema);
  if (read.kind === 'valid') return read;
  const { faults } = read;
  const faultsFr = faults.map(({ line, fr }) => `ligne ${line} : ${fr}`).join('\n');
  const faultsEn = faults.map(({ line, en }) => `line ${line}: ${en}`).join('\n');
  throw permanent(code, { facts: { file, count: faults.length, faultsFr, faultsEn } });
}

/** Settings as a person edits them, YAML. */
export function settingsText(settings: unknown): string {
  return stringify(settings, { lineWidth: 100, aliasDuplicateObjects: false });
}

const between = ' ‖ ';

/** What a schema expects, in both languages: zod carries one text. */
export function expecting(fr: string, en: string): string {
  return `${fr}${between}${en}`;
}

/** One fault of a value: key, what is found, what is expected. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  root: unknown,
): { readonly fr: string; readonly en: string } {
  const key = printPath(issue.path);
  if (issue.code === 'unrecognized_keys') return { fr: `${key} : clé inconnue`, en: `${key}: unknown key` };
  const value = valueAt(root, issue.path);
  const wanted = expectationOf(issue);
  return {
    fr: `${key === '' ? '(fichier)' : key} : trouvé ${value === undefined ? 'rien' : show(value)}, attendu : ${wanted.fr}`,
    en: `${key === '' ? '(file)' : key}: found ${value === undefined ? 'nothing' : show(value)}, expected ${wanted.en}`,
  };
}

/** Each unknown key is a fault of its own, at its own place. */
function apart(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ ...issue, keys: [key], path: [...issue.path, key] }));
}

/** What is expected where a value is wrong. */
export function expectationOf(issue: z.core.$ZodIssue): { readonly fr: string; readonly en: string } {
  const [fr = '', en] = issue.message.split(between);
  if (en !== undefined) return { fr, en };
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? { fr: issue.expected, en: issue.expected };
    case 'too_small':
      return sized(issue.origin, 'min', issue.minimum);
    case 'too_big':
      return sized(issue.origin, 'max', issue.maximum);
    case 'invalid_value': {
      const list = issue.values.map(String).join(', ');
      return issue.values.length === 1
        ? { fr: list, en: list }
        : { fr: `l’un de : ${list}`, en: `one of: ${list}` };
    }
    case 'invalid_format':
      return formats[issue.format] ?? { fr: 'une autre forme', en: 'another form' };
    case 'unrecognized_keys':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return { fr: 'autre chose', en: 'something else' };
  }
}

const kinds: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  string: { fr: 'un texte', en: 'a text' },
  number: { fr: 'un nombre', en: 'a number' },
  int: { fr: 'un nombre entier', en: 'a whole number' },
  boolean: { fr: 'true ou false', en: 'true or false' },
  array: { fr: 'une liste', en: 'a list' },
  object: { fr: 'une table (clé : valeur)', en: 'a table (key: value)' },
  record: { fr: 'une table (clé : valeur)', en: 'a table (key: value)' },
};

const formats: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  url: { fr: 'une adresse complète (http… ou https…)', en: 'a full address (http... or https...)' },
  email: { fr: 'une adresse de courriel', en: 'an e-mail address' },
  ipv4: { fr: 'une adresse IP', en: 'an IP address' },
  ipv6: { fr: 'une adresse IP', en: 'an IP address' },
};

function sized(
  origin: string,
  bound: 'min' | 'max',
  limit: number | bigint,
): { readonly fr: string; readonly en: string } {
  const [fr, en] = bound === 'min' ? ['au moins', 'at least'] : ['au plus', 'at most'];
  const unit = { string: ['caractère(s)', 'character(s)'], array: ['élément(s)', 'item(s)'] }[origin] ?? [];
  const [ofFr = '', ofEn = ''] = unit;
  return { fr: `${fr} ${limit} ${ofFr}`.trim(), en: `${en} ${limit} ${ofEn}`.trim() };
}

function printPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
