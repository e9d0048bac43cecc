import { countsInWords, deliveryWords } from '../../shared/i18n/terminal-receiver-words.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { CommandAnswer, CommandContext } from './command.ts';
import { withStore } from './command.ts';
import { attentionOf } from './destination-attention.ts';
import { fileFacts, overviewOf, type DestinationOverview } from '../forward/overview.ts';
import { dayText, shownAt, tell } from './destination-words.ts';

/** How each destination stands. Exit code 1 when one is not as it should be; a pause is as a person wanted it. */
export async function listDestinations({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const now = clock.now();
  const files = await fileFacts(config, clock);
  const found = await withStore(config, (store) => store.read((tx) => overviewOf(tx, config, files, now)));
  const attention = attentionOf(found, language, now);
  const linesOf = (name: string): readonly string[] =>
    attention.filter(({ destination }) => destination === name).map(({ line }) => `  ! ${line}`);
  const lines = [
    ...found.destinations.flatMap((each) => [...standLines(each, language, now), ...linesOf(each.name)]),
    // Not a line of the destination above.
    ...found.removed.flatMap(({ name }) => linesOf(name).map((line) => line.trimStart())),
  ];
  return {
    document: found,
    lines: lines.length === 0 ? [tell(language, 'none')] : lines,
    exitCode: attention.some(({ wanted }) => !wanted) ? 1 : 0,
  };
}

function standLines(each: DestinationOverview, language: Language, now: number): readonly string[] {
  const { name, owner, feed, format, transport, protection, calendar, next, facilities, key } = each;
  const head = {
    ...{ name, feed, format, transport, owner: owner === null ? '' : ` (${owner})` },
    protection: protection === 'none' ? tell(language, 'unsealed') : protection,
    schedule: calendar === null ? tell(language, 'atOnce') : tell(language, 'byCalendar', calendar),
  };
  return [
    tell(language, 'listHead', head),
    ...(next === null
      ? []
      : [tell(language, 'nextFormat', { version: next.version, from: dayText(next.from, language) })]),
    ...(facilities === null ? [] : [tell(language, 'onlyFacilities', { count: facilities })]),
    tell(language, 'listCounts', { counts: countsInWords(deliveryWords, each.counts, language) }),
    ...(each.lastSentAt === null
      ? []
      : [tell(language, 'lastSent', { at: shownAt(Date.parse(each.lastSentAt), language) })]),
    ...(key?.fingerprint == null
      ? []
      : [
          tell(language, 'keyLine', {
            fingerprint: key.fingerprint,
            expiry: expiryText(key.expiresAt === null ? null : Date.parse(key.expiresAt), language, now),
            people: key.approvedBy.length === 0 ? tell(language, 'nobody') : key.approvedBy.join(', '),
          }),
        ]),
  ];
}

export function expiryText(expiresAt: number | null, language: Language, now: number): string {
  return expiresAt === null
    ? tell(language, 'keyForEver')
    : tell(language, expiresAt <= now ? 'keyEnded' : 'keyUntil', { at: shownAt(expiresAt, language) });
}
