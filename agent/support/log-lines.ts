/**
 * Lines of the log as a bundle may hold them. The log itself holds no patient's value; what a bundle sends away is held to
 * more: known fields only, and texts only where they look like a code, an id or an event.
 */
const known: ReadonlySet<string> = new Set([
  ...[
    'level',
    'time',
    'event',
    'name',
    'code',
    'class',
    'reason',
    'kind',
    'rule',
    'state',
    'outcome',
    'err',
    'cause',
  ],
  ...[
    'agent',
    'feed',
    'facility',
    'destination',
    'export',
    'envelope',
    'id',
    'facts',
    'stack',
    'method',
    'version',
  ],
]);
const plain = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,79}$/;
const frame = /^at [\w.<>[\] $*]+ \((node:|file:\/\/)[^\s()]+\)$|^at (async )?(node:|file:\/\/)[^\s()]+$/;

export interface FilteredLog {
  readonly lines: readonly string[];
  /** Lines that were no log lines of the agent's. */
  readonly dropped: number;
}

export function filterLog(text: string, limit: number): FilteredLog {
  const all = text.split('\n').filter((line) => line.trim() !== '');
  const kept = all.slice(-limit).flatMap((line) => {
    const start = line.indexOf('{');
    try {
      const parsed: unknown = JSON.parse(start < 0 ? '' : line.slice(start));
      return typeof parsed === 'object' && parsed !== null ? [JSON.stringify(filtered(parsed, 0))] : [];
    } catch {
      return [];
    }
  });
  return { lines: kept, dropped: Math.min(all.length, limit) - kept.length };
}

function filtered(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inside]: [string, unknown]): [string, unknown][] => {
      if (!plain.test(key)) return [];
      if (typeof inside === 'number' || typeof inside === 'boolean' || inside === null)
        return [[key, inside]];
      if (!known.has(key)) return [];
      if (typeof inside === 'string') return plain.test(inside) ? [[key, inside]] : [];
      if (Array.isArray(inside))
        return key === 'stack'
          ? [[key, inside.filter((each) => typeof each === 'string' && frame.test(each))]]
          : [];
      return typeof inside === 'object' && depth < 3 ? [[key, filtered(inside, depth + 1)]] : [];
    }),
  );
}
