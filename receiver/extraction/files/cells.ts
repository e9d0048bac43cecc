import type { Bilingual } from '../../../shared/i18n/texts.ts';
import type { Cell } from '../plan.ts';

/** What stands where a number is hidden. */
export const hiddenWord: Bilingual = { fr: 'masqué', en: 'hidden' };

export function isHidden(cell: Cell): cell is { readonly hidden: true } {
  return typeof cell === 'object' && cell !== null;
}
