import { portalJournal } from '../../../shared/i18n/portal-journal.ts';
import { sentenceNamed } from '../../../shared/i18n/portal-journal-sentences.ts';
import { fill, type Language } from '../../../shared/i18n/texts.ts';
import { dayFromIso } from '../../../shared/runtime/paris-time.ts';
import type { AuditLine } from '../../store/audit-tables.ts';
import { count, dayWords } from '../words.ts';

/** What a line says, in words; of an action this version does not know, its name and what it was done to. */
export function sentenceOf(line: AuditLine, names: ReadonlyMap<string, string>, language: Language): string {
  const { action, actorKind, actorName, subject, facility, destination, reason } = line;
  const template = (sentenceNamed(action)?.text ?? portalJournal.unknownAction)[language];
  const who =
    actorKind === 'command-line'
      ? fill(portalJournal.atCommandLine[language], { name: actorName })
      : actorName;
  const text = fill(template, {
    ...shownFacts(line.facts, language),
    ...{ who, action, subject, destination: destination ?? subject },
    facility: facility === null ? subject : (names.get(facility) ?? facility),
  })
    // What an older or a newer version did not write down.
    .replace(/\{\w+\}/g, '—');
  if (reason === null) return text;
  return `${text}${language === 'fr' ? '\u202f: ' : ': '}${reason}`;
}

function shownFacts(text: string, language: Language): Readonly<Record<string, string>> {
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, shownFact(value, language)] as const),
  );
}

function shownFact(value: unknown, language: Language): string {
  if (typeof value === 'number') return count(value, language);
  const text = String(value);
  const day = dayFromIso(text);
  return day === undefined ? text : dayWords(day, 'month', language);
}
