import { describeStored } from '../../../shared/i18n/stored-code.ts';
import { refusalReason } from '../../../shared/i18n/portal-agency.ts';
import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayFromIso, instantToFrench, type Day } from '../../../shared/runtime/paris-time.ts';
import type { ExportState } from '../../store/export-tables.ts';
import type { Glyph } from '../glyphs.ts';
import type { Html } from '../html.ts';
import { badge } from '../parts.ts';
import type { BatchLine } from '../reads/batch-reads.ts';
import { dayWords } from '../words.ts';

const marks: Readonly<
  Record<ExportState | 'duplicate', { readonly tone: Parameters<typeof badge>[0]; readonly glyph: Glyph }>
> = {
  receiving: { tone: '', glyph: 'inbox' },
  complete: { tone: '', glyph: 'inbox' },
  waiting: { tone: 'held', glyph: 'q' },
  processed: { tone: 'ok', glyph: 'k' },
  held: { tone: 'held', glyph: 'q' },
  rejected: { tone: 'silent', glyph: 's' },
  duplicate: { tone: '', glyph: 'd' },
};

export function batchBadge({ row, outcome }: BatchLine, language: Language): Html {
  const state = row.state === 'processed' && outcome?.result === 'duplicate' ? 'duplicate' : row.state;
  return badge(marks[state].tone, marks[state].glyph, portalBatches[state][language]);
}

/** States as addresses name them. */
export const stateSlugs: Readonly<Record<string, ExportState>> = {
  'en-reception': 'receiving',
  recu: 'complete',
  'etablissement-inconnu': 'waiting',
  controle: 'processed',
  retenu: 'held',
  refuse: 'rejected',
};

export function facilityWords({ row, facilityName }: BatchLine, language: Language): string {
  return facilityName ?? portalBatches.unregistered[language].replace('{finess}', row.facility);
}

/** Enough of an id to tell one from another: its instant, to the millisecond. */
export function shortId(id: string): string {
  return id.slice(0, 13);
}

/** "02:10:04", of Paris. */
export function secondWords(at: number): string {
  return instantToFrench(at).slice(11, 19);
}

/** "13 nov. → 19 nov.", one day alone; undefined when the file announced none. */
export function windowWords({ manifest, outcome }: BatchLine, language: Language): string | undefined {
  const window = outcome?.window ?? manifest?.window;
  if (window === null || window === undefined) return undefined;
  const [from, to] = [dayFromIso(window.from), dayFromIso(window.to)];
  return from === undefined || to === undefined ? undefined : rangeWords(from, to, language);
}

export function rangeWords(from: Day, to: Day, language: Language): string {
  const first = dayWords(from, 'month', language);
  return from === to ? first : `${first} → ${dayWords(to, 'month', language)}`;
}

const dayMs = 86_400_000;

/** When an id of version 7 was made, by the clock of who made it; undefined when it says nothing believable. */
export function instantOfId(id: string, receivedAt: number): number | undefined {
  if (id.charAt(14) !== '7') return undefined;
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return at > receivedAt - 400 * dayMs && at < receivedAt + dayMs ? at : undefined;
}

/** A code as a person reads it; an agency's own as it is. */
export function reasonWords(code: string | null, fallback: string, language: Language): string {
  if (code === null) return fallback;
  return refusalReason(code, language) ?? describeStored(code, language, {}).message;
}
