/** What an agency answers in JSON: an object whose members are found by configured paths. */
export type JsonAnswer = Readonly<Record<string, unknown>>;

/** Undefined: no JSON object, whatever the status says. */
export function readJsonAnswer(body: Buffer | undefined): JsonAnswer | undefined {
  if (body === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The text or number at names joined by dots, as text; undefined when nothing of the kind is there. */
export function textAt(answer: JsonAnswer | undefined, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const value = path
    .split('.')
    .reduce<unknown>(
      (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
      answer,
    );
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is JsonAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
