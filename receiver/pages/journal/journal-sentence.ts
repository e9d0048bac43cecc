import { portalJournal } from '../../../shared/i18n/portal-journal.ts';
import { sentenceNamed } from '../../../shared/i18n/portal-journal-sentences.ts';
import { fill, type Language } from '../../../shared/i18n/texts.ts';
import { dayFromIso } from '../../../shared/runtime/paris-time.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { AuditLine } from '../../store/audit-tables.ts';
import { capital, count, dayWords } from '../words.ts';

/** What a line says, in words; of an action this version does not know, its name and what it was done to. */
export function sentenceOf(line: AuditLine, names: ReadonlyMap<string, string>, language: Language): string {
  const { action, subject, facility, destination, reason } = line;
  const template = (sentenceNamed(action)?.text ?? portalJournal.unknownAction)[language];
  const who = actorWords({ kind: line.actorKind, id: line.actorId, name: line.actorName }, language);
  const filled = fill(template, {
    ...shownFacts(line.facts, language),
    ...{ who, action, subject, destination: destination ?? subject },
    facility: facility === null ? subject : (names.get(facility) ?? facility),
  })
    // What an older or a newer version did not write down.
    .replace(/\{\w+\}/g, '—');
  // Only a token is told by a common noun.
  const text = line.actorKind === 'system' && who !== line.actorName ? capital(filled) : filled;
  if (reason === null) return text;
  return `${text}${language === 'fr' ? '\u202f: ' : ': '}${reason}`;
}

/** Of the parts of the region that act by themselves, those with an id of their own are tokens, under a name of any kind. */
const tokenId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Who acted: a token is not taken for a person of the same name. */
export function actorWords(
  { kind, id, name }: Pick<Actor, 'id' | 'name'> & { readonly kind: string },
  language: Language,
): string {
  if (kind === 'system' && tokenId.test(id)) return fill(portalJournal.byToken[language], { name });
  return kind === 'command-line' ? fill(portalJournal.atCommandLine[language], { name }) : name;
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
