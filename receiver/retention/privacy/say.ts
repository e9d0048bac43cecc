import type { privacyTexts } from '../../../shared/i18n/privacy-sheet.ts';
import type { Facts } from '../../../shared/i18n/texts.ts';

/** The papers' words, in one language. */
export type Say = (name: keyof typeof privacyTexts, facts?: Facts) => string;
