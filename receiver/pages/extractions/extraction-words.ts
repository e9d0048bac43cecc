import { extractionStateNames } from '../../../shared/i18n/terminal-extraction.ts';
import { portalExtractions } from '../../../shared/i18n/portal-extractions.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayFromIso } from '../../../shared/runtime/paris-time.ts';
import type { Viewer } from '../../accounts/profile.ts';
import type { ExtractionRequest, Requester } from '../../extraction/request.ts';
import type { ExtractionRow, ExtractionState } from '../../store/extraction-tables.ts';
import type { Glyph, Tone } from '../glyphs.ts';
import type { Html } from '../html.ts';
import { badge } from '../parts.ts';
import { actorWords } from '../journal/journal-sentence.ts';
import { teller } from '../typeset.ts';
import { capital, dayWords } from '../words.ts';

export function speak(language: Language) {
  return teller(portalExtractions, language);
}

export function requesterOf({ profile, administrator, facilities, account, name }: Viewer): Requester {
  return { profile, administrator, facilities, actor: { kind: 'account', id: account, name } };
}

/** Who asked for it. */
export function requesterWords(row: ExtractionRow, language: Language): string {
  const { requesterKind: kind, requesterId: id, requesterName: name } = row;
  const words = actorWords({ kind, id, name }, language);
  return kind === 'system' ? capital(words) : words;
}

/** "Lignes, 1 oct. – 31 oct." */
export function periodWords({ from, to, content }: ExtractionRequest, language: Language): string {
  const say = speak(language);
  return say('period', {
    kind: say(content.kind === 'rows' ? 'rows' : 'counts'),
    ...{ from: isoWords(from, language), to: isoWords(to, language) },
  });
}

function isoWords(iso: string, language: Language): string {
  const day = dayFromIso(iso);
  return day === undefined ? iso : `${dayWords(day, 'month', language)} ${iso.slice(0, 4)}`;
}

const marks: Readonly<Record<ExtractionState, readonly [Tone, Glyph]>> = {
  waiting: ['part', 't'],
  running: ['part', 'p'],
  ready: ['ok', 'k'],
  failed: ['silent', 's'],
  cancelled: ['', 'd'],
  expired: ['', 'd'],
};

export function stateBadge({ state, done, parts }: ExtractionRow, language: Language): Html {
  const [tone, mark] = marks[state];
  const words =
    state === 'running' && parts !== null
      ? speak(language)('progress', { done, parts })
      : extractionStateNames[state][language];
  return badge(tone, mark, capital(words));
}
