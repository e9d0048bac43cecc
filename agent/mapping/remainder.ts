import type { FlatIssue } from './issues.ts';
import { mappingSchema, type MappingFile } from './schema.ts';

/**
 * A mapping file without the parts that have the wrong shape, so that what is wrong elsewhere can be said at once and not
 * only after the first corrections. Undefined when too little is left.
 */
export function remainderOf(raw: unknown, issues: readonly FlatIssue[]): MappingFile | undefined {
  const rest: unknown = structuredClone(raw);
  if (!isTable(rest)) return undefined;
  for (const { path } of issues) takeOut(rest, path);
  const parsed = mappingSchema.safeParse(rest);
  return parsed.success ? parsed.data : undefined;
}

/** Part by part, the least that lets the others be judged. */
function takeOut(rest: Record<string, unknown>, [part, name, ...deeper]: readonly PropertyKey[]): void {
  if (part === 'version') rest['version'] = '1';
  else if (part === 'name') rest['name'] = 'x';
  else if (part === 'tests' || part === 'ignore') rest[part] = [];
  else if (name === undefined) Reflect.deleteProperty(rest, part ?? '');
  else {
    const owner = rest[String(part)];
    if (!isTable(owner)) return;
    // A table keeps its name: fields point to it.
    if (part === 'tables') owner[String(name)] = {};
    else if (part === 'join' && deeper.length > 0) Reflect.deleteProperty(rest, 'join');
    else Reflect.deleteProperty(owner, name);
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
