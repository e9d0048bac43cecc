import { z } from 'zod';
import { apiProblems, type ProblemStatus } from '../../shared/i18n/api-problems.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Fault } from '../../shared/runtime/errors.ts';
import { toldFault } from '../pages/told-fault.ts';
import { about, named } from './schemas.ts';

/** What went wrong, as RFC 9457 has it. */
export const problemName = 'Problem';
export const problem = named(
  problemName,
  z.strictObject({
    type: about(z.string(), 'A name for this kind of problem'),
    title: about(z.string(), 'In the language asked for by Accept-Language, French or English'),
    status: z.int(),
    detail: z.string(),
    code: about(z.string(), 'Stable: programs decide on this'),
    hint: about(z.string(), 'What to do next'),
    reference: about(z.string(), 'The receiver’s log has it too'),
  }),
  'What went wrong (RFC 9457)',
);
export type Problem = z.output<typeof problem>;

const statuses: Readonly<Record<string, ProblemStatus>> = {
  'api-token-refused': 401,
  'api-scope': 403,
  'api-profile': 403,
  'api-not-found': 404,
  'api-method': 405,
  'api-query-invalid': 400,
  'api-query-twice': 400,
  'api-cursor-invalid': 400,
  'api-span-too-long': 400,
  'api-body-invalid': 400,
  'api-body-unreadable': 400,
  'api-body-too-large': 413,
  'api-too-many': 429,
  'portal-too-many': 429,
  'extraction-unknown': 404,
  'extraction-ended': 409,
  'extraction-not-ready': 409,
  'extraction-expired': 410,
  'extraction-too-many': 429,
  'extraction-too-many-kept': 429,
  'extraction-disk-full': 503,
  'extraction-refused': 403,
  'extraction-places-refused': 403,
  'extraction-region-refused': 403,
  'extraction-rights-changed': 403,
  'extraction-rows-refused': 403,
  'extraction-field-refused': 403,
  'extraction-facility-refused': 403,
  unexpected: 500,
};

/** What is permanent is in what was asked; everything else may go better in a moment. */
export function problemStatus(fault: Fault): ProblemStatus {
  return statuses[fault.code] ?? (fault.class === 'permanent' ? 422 : 503);
}

export function problemOf(
  fault: Fault,
  { status, language, reference }: { status: ProblemStatus; language: Language; reference: string },
): Problem {
  const { code, message, hint } = toldFault(fault, language);
  return {
    ...{ type: `urn:vaguemestre:problem:${code}`, title: apiProblems[status][language], status },
    ...{ detail: message, code, hint, reference },
  };
}

/** The better liked of the two, as Accept-Language says; French when it says neither. */
export function languageAsked(header: string | undefined): Language {
  let best: { readonly language: Language; readonly weight: number } | undefined;
  for (const each of (header ?? '').slice(0, 200).split(',')) {
    const [, name, weightText] =
      /^\s*(fr|en)(?:-[\w-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*$/i.exec(each) ?? [];
    if (name === undefined) continue;
    const weight = weightText === undefined ? 1 : Number(weightText);
    if (weight > (best?.weight ?? 0)) best = { language: name.toLowerCase() === 'en' ? 'en' : 'fr', weight };
  }
  return best?.language ?? 'fr';
}
