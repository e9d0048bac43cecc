import { describeCode, type Described } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Refusal } from '../outbox/export-book.ts';
import { shownWindow } from './operation-options.ts';

type Refused = Pick<Refusal, 'name' | 'destination' | 'from' | 'to' | 'code'>;

/** An agency's refusal is a finding like those of checks: an error, with the agency's own code. */
export const refusalRule = 'agency-refused';

export function describeRefusal(
  { name, destination, from, to, code }: Refused,
  language: Language,
): Described {
  const days = shownWindow(from, to, language);
  return describeCode(refusalRule, language, { destination, dispatch: name, days, code: code ?? '-' });
}
