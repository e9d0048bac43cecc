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
  const [key = '', ...list] = message.split(':');
  return isExpectation(key) ? mappingExpected(key, list.join(':')) : { fr: message, en: message };
}

function isExpectation(key: string): key is MappingExpectation {
  return Object.hasOwn(mappingExpectations, key);
}
