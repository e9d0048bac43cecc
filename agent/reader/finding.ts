import { exportRules } from '../../shared/feeds/export-rules.ts';
import type { Feed, Finding, Severity } from '../../shared/feeds/feed.ts';
import { mappingRules } from '../mapping/rules.ts';

/** A finding of a rule of the feed, of exports in general or of mappings, with the rule's severity. */
export function findingOf(
  rule: string,
  feed: Feed,
  place: { readonly field?: string | null; readonly line?: number; readonly record?: number } = {},
): Finding {
  return {
    rule,
    severity: severitiesOf(feed).get(rule) ?? 'warning',
    field: place.field ?? null,
    line: place.line ?? null,
    record: place.record ?? null,
  };
}

/** A rule of no feed: what rests sealed on this machine, and a record needs, does not open. */
export const damagedRule = 'vault-damaged';

/** A record kept back until that is repaired; it does not keep the others. */
export function damagedFinding(line: number | null, record: number | null): Finding {
  return { rule: damagedRule, severity: 'error', field: null, line, record };
}

const known = new WeakMap<Feed, ReadonlyMap<string, Severity>>();

function severitiesOf(feed: Feed): ReadonlyMap<string, Severity> {
  const remembered = known.get(feed);
  if (remembered !== undefined) return remembered;
  const severities = new Map(
    [...exportRules, ...mappingRules, ...feed.rules].map(({ id, severity }) => [id, severity]),
  );
  known.set(feed, severities);
  return severities;
}
