import { instantToCompact, instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { GeneratedExport } from './exports.ts';
import { createDraw } from './seeded.ts';

/** The bed software of an invented hospital: a CSV of what each unit has at one instant. */
const columns = [
  ...['finess', 'zoneId', 'unitLabel', 'careClass', 'observedAt', 'source', 'nature', 'status'],
  ...['horizon', 'count', 'gender', 'closing', 'additional', 'crisis', 'assignment', 'comment'],
];

const units = [
  { zone: 'MED1', label: 'Médecine polyvalente', careClass: 'med', beds: 28 },
  { zone: 'CHIR1', label: 'Chirurgie', careClass: 'chir', beds: 22 },
  { zone: 'UHCD', label: 'UHCD', careClass: 'uhcd', beds: 8 },
  { zone: 'REA', label: 'Réanimation', careClass: 'rea', beds: 10 },
  { zone: 'USC', label: 'Surveillance continue', careClass: 'usc', beds: 6 },
] as const;

export function bedExport(seed: number, finess: string, observedAt: number): GeneratedExport {
  const draw = createDraw(seed, finess, 'beds', Math.floor(observedAt / 60_000));
  const at = instantToFrench(observedAt).slice(0, 16);
  const rows = units.flatMap(({ zone, label, careClass, beds }) => {
    const closed = draw.chance(0.3) ? draw.whole(3) : 0;
    const taken = Math.min(beds - closed, Math.round(beds * (0.75 + 0.25 * draw.fraction())));
    const row = (status: string, count: number, more: Readonly<Record<string, string>> = {}): string => {
      const values: Readonly<Record<string, string>> = {
        finess,
        zoneId: zone,
        unitLabel: label,
        careClass,
        observedAt: at,
        source: '02',
        nature: '01',
        status,
        horizon: '01',
        count: String(count),
        assignment: '01',
        ...more,
      };
      return columns.map((column) => values[column] ?? '').join(';');
    };
    return [
      row('01', beds),
      row('03', taken),
      row('02', beds - closed - taken),
      ...(closed === 0 ? [] : [row('05', closed, { closing: '01' })]),
    ];
  });
  return {
    name: `lits_${finess}_${instantToCompact(observedAt).slice(0, 12)}.csv`,
    content: Buffer.from(`${[columns.join(';'), ...rows].join('\r\n')}\r\n`, 'latin1'),
    visits: rows.length,
  };
}
