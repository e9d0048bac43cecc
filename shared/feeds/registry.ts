import { bedAvailability } from './bed-availability.ts';
import { edVisits } from './ed-visits.ts';
import { exportRules } from './export-rules.ts';
import type { Breach, Feed, Finding, Severity } from './feed.ts';

export const allFeeds: readonly Feed[] = [edVisits, bedAvailability];

const byName: ReadonlyMap<string, Feed> = new Map(allFeeds.map((feed) => [feed.name, feed]));

export function feedNamed(name: string): Feed | undefined {
  return byName.get(name);
}

// Feeds may share a rule; it then has one severity.
const severities: ReadonlyMap<string, Severity> = new Map(
  [...allFeeds.flatMap((feed) => feed.rules), ...exportRules].map((rule) => [rule.id, rule.severity]),
);

/** A breach with the place of its record: 1-based line and record number, null when not known. */
export function findingOf(breach: Breach, line: number | null, record: number | null): Finding {
  const severity = severities.get(breach.rule) ?? 'warning';
  return { rule: breach.rule, severity, field: breach.field, line, record };
}
