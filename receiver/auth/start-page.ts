import { pathIn } from '../pages/path-in.ts';
import type { Account } from '../store/account-tables.ts';
import type { Language } from '../../shared/i18n/texts.ts';

/** Where a profile's day begins. */
export function startPage({ profile, language: own }: Account, language: Language): string {
  return pathIn(starts[profile] ?? '/', own === 'en' ? own : language);
}

const starts: Readonly<Partial<Record<Account['profile'], string>>> = {
  'hospital-admin': '/mon-etablissement',
  agency: '/agence',
  'health-professional': '/analyser',
};
