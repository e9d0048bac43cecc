import type { Bilingual } from './texts.ts';

/** One sentence per rule, under the rule's id. */
export const findingTexts: Readonly<Record<string, Bilingual>> = {};
