import { portalDeliveries, type DeliveryWord } from '../../shared/i18n/portal-deliveries.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { DeliveryState } from '../store/dispatch-table.ts';
import type { Glyph } from './glyphs.ts';
import type { Html } from './html.ts';
import { badge } from './parts.ts';

const marks: Readonly<
  Record<DeliveryWord, { readonly tone: Parameters<typeof badge>[0]; readonly glyph: Glyph }>
> = {
  waiting: { tone: '', glyph: 't' },
  toFetch: { tone: '', glyph: 't' },
  sending: { tone: '', glyph: 'send' },
  sent: { tone: '', glyph: 'send' },
  acknowledged: { tone: 'ok', glyph: 'k' },
  refused: { tone: 'silent', glyph: 's' },
  dead: { tone: 'held', glyph: 'q' },
  scheduled: { tone: '', glyph: 't' },
  idle: { tone: '', glyph: 'd' },
  held: { tone: '', glyph: 'q' },
};

export function deliveryBadge(word: DeliveryWord, language: Language): Html {
  const { tone, glyph } = marks[word];
  return badge(tone, glyph, portalDeliveries[word][language]);
}

/** The worst first: of several files of one destination, this one is shown. */
const order: readonly DeliveryState[] = ['refused', 'dead', 'waiting', 'sending', 'sent', 'acknowledged'];

export function worstState(states: readonly DeliveryState[]): DeliveryState | undefined {
  return order.find((state) => states.includes(state));
}
