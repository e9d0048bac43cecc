import type { Language } from '../../shared/i18n/texts.ts';
import type { DestinationOverview, DestinationsOverview } from '../forward/overview.ts';
import { describeStored } from '../../shared/i18n/stored-code.ts';
import { shownAt, tell } from './destination-words.ts';

export interface Attention {
  readonly destination: string;
  readonly line: string;
  /** A pause is what a person wanted; anything else is not as it should be. */
  readonly wanted: boolean;
}

const soonMs = 30 * 86_400_000;

/** One line for each thing about destinations that somebody should know, or do. */
export function attentionOf(
  { destinations, removed }: DestinationsOverview,
  language: Language,
  now: number,
): readonly Attention[] {
  const fault = (destination: string, line: string): Attention => ({ destination, line, wanted: false });
  return [
    ...destinations.flatMap((each) => [
      ...pausedLine(each, language),
      ...[
        ...failureLines(each, language),
        ...keyLines(each, language, now),
        ...queueLines(each, language),
      ].map((line) => fault(each.name, line)),
    ]),
    ...removed.map(({ name, waiting }) => fault(name, tell(language, 'removed', { name, waiting }))),
  ];
}

function pausedLine(each: DestinationOverview, language: Language): readonly Attention[] {
  const { name, pausedBy, pausedAt, counts } = each;
  if (pausedBy === null) return [];
  const facts = { name, person: pausedBy, since: shown(pausedAt, language), waiting: counts.waiting };
  return [{ destination: name, line: tell(language, 'paused', facts), wanted: true }];
}

function failureLines(each: DestinationOverview, language: Language): readonly string[] {
  const { name, breaker, failures, code, blocked, key } = each;
  const said = code ?? blocked?.code ?? null;
  if (said === null) return [];
  const { message, hint } = describeStored(said, language, {
    ...{ destination: name, ...(blocked === null ? {} : { dispatch: blocked.file }) },
    ...(key?.fingerprint == null
      ? {}
      : { fingerprint: key.fingerprint, approvals: key.approvedBy.length, needed: key.needed }),
    // As the file is now: what the queue met, unless somebody has just put another one there.
    ...(key?.code === said ? key.facts : {}),
  });
  const facts = { name, failures, message, hint, code: said };
  if (breaker === 'closed') return [tell(language, 'failing', { ...facts, failures: Math.max(failures, 1) })];
  const next =
    each.nextAttemptAt === null
      ? tell(language, 'nextNow')
      : tell(language, 'nextAt', { at: shown(each.nextAttemptAt, language) });
  return [tell(language, 'down', { ...facts, next, since: shown(each.since, language) })];
}

function keyLines(each: DestinationOverview, language: Language, now: number): readonly string[] {
  const { name, key, code: held } = each;
  if (key === null) return [];
  if (key.code !== null) {
    // Said already as the reason of the failure.
    if (key.code === held) return [];
    return [
      tell(language, 'keyFault', {
        name,
        ...describeStored(key.code, language, { destination: name, ...key.facts }),
      }),
    ];
  }
  const lines: string[] = [];
  const approvals = key.approvedBy.length;
  if (approvals < key.needed && held !== 'agency-key-unapproved')
    lines.push(tell(language, 'keyMissingPeople', { name, approvals, needed: key.needed }));
  if (key.expiresAt !== null && Date.parse(key.expiresAt) < now + soonMs)
    lines.push(tell(language, 'keySoon', { name, at: shown(key.expiresAt, language) }));
  return lines;
}

function queueLines(each: DestinationOverview, language: Language): readonly string[] {
  const { name, dead, refused, overdue } = each;
  return [
    ...(dead === 0 ? [] : [tell(language, 'dead', { name, count: dead })]),
    ...(refused === 0 ? [] : [tell(language, 'refused', { name, count: refused })]),
    ...(overdue === null
      ? []
      : [tell(language, 'overdue', { name, ...overdue, at: shown(overdue.sentAt, language) })]),
  ];
}

function shown(iso: string | null, language: Language): string {
  return shownAt(iso === null ? null : Date.parse(iso), language);
}
