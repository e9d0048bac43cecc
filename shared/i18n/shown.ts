import { instantToFrench } from '../runtime/paris-time.ts';
import type { Language } from './texts.ts';

/** Local time of Paris, to the minute: "21/01/2026 12:00", "2026-01-21 12:00". */
export function shownInstant(at: number, language: Language): string {
  const french = instantToFrench(at).slice(0, 16);
  if (language === 'fr') return french;
  return `${french.slice(6, 10)}-${french.slice(3, 5)}-${french.slice(0, 2)} ${french.slice(11)}`;
}

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Facts as a person reads them: instants, which programs get in ISO, become local time. */
export function shownFacts(
  facts: Readonly<Record<string, string | number>>,
  language: Language,
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' && isoInstant.test(value) ? shownInstant(Date.parse(value), language) : value,
    ]),
  );
}
