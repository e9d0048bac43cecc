import type { Bilingual } from '../../shared/i18n/texts.ts';
import {
  mappingExpectations,
  mappingExpected,
  type MappingExpectation,
} from '../../shared/i18n/mapping-expected.ts';

/** What zod carries as its message: the key of a sentence, and perhaps the names that go into it. */
export function expecting(key: MappingExpectation, list?: readonly string[]): string {
  return list === undefined ? key : `${key}:${list.join(', ')}`;
}

/** The sentence behind a message; zod's own words where it has none. */
export function expectationOf(message: string): Bilingual {
  if (!isExpectation(message)) return { fr: message, en: message };
  const [key, list] = partsOf(message);
  return mappingExpected(key as MappingExpectation, list);
}

export function isExpectation(message: string): boolean {
  return Object.hasOwn(mappingExpectations, partsOf(message)[0]);
}

function partsOf(message: string): readonly [key: string, list: string] {
  const colon = message.indexOf(':');
  return colon < 0 ? [message, ''] : [message.slice(0, colon), message.slice(colon + 1)];
}
