import { z } from 'zod';
import { finessSyntax } from './facility.ts';
import type { FieldSpec } from './feed.ts';

/** One count of one bed zone: so many beds or places of a nature, in a status, at a horizon. Absent = blank at the source. */
export type BedRow = {
  readonly facility: string;
  /** The zone's identifier in the national register of care offers. */
  readonly zoneId: string;
  readonly unitLabel?: string;
  readonly careClass?: string;
  readonly observedAt: { readonly text: string; readonly at: number };
  readonly source?: string;
  readonly nature?: string;
  readonly status?: string;
  readonly horizon?: string;
  readonly count?: number;
  readonly gender?: string;
  readonly closing?: string;
  readonly additional?: string;
  readonly crisis?: string;
  readonly assignment: string;
  readonly comment?: string;
  readonly extensions?: Readonly<Record<string, string>>;
};

const names = [
  'zoneId',
  'unitLabel',
  'careClass',
  'observedAt',
  'source',
  'nature',
  'status',
  'horizon',
  'count',
  'gender',
  'closing',
  'additional',
  'crisis',
  'assignment',
  'comment',
] as const;

const freeTexts: readonly string[] = ['comment', 'unitLabel'];

export const bedAvailabilityFields: readonly FieldSpec[] = [
  { name: 'facility', tag: 'finessGeo', list: false },
  ...names.map((name) => ({
    name,
    tag: name,
    list: false,
    ...(freeTexts.includes(name) ? { freeText: true as const } : {}),
  })),
];

const text = z.string().min(1);
const optionalText = z.exactOptional(text);

export const bedRowSchema = z.strictObject({
  facility: z.string().regex(finessSyntax),
  zoneId: text,
  unitLabel: optionalText,
  careClass: optionalText,
  observedAt: z.strictObject({ text, at: z.int() }),
  source: optionalText,
  nature: optionalText,
  status: optionalText,
  horizon: optionalText,
  count: z.exactOptional(z.int()),
  gender: optionalText,
  closing: optionalText,
  additional: optionalText,
  crisis: optionalText,
  assignment: text,
  comment: optionalText,
  extensions: z.exactOptional(z.record(text, text)),
});
