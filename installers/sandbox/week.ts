import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { bedExport } from './bed-exports.ts';
import {
  cut,
  fictitiousFiness,
  hospital,
  usualExtract,
  type GeneratedExport,
  type Hospital,
} from './exports.ts';

/** The cast of `npm start`: three hospitals, three softwares; the third one has a bad week. */
const seed = 2006;

export const hospitals: readonly Hospital[] = [
  hospital(seed, { finess: fictitiousFiness(1), name: 'Valmorte', visitsPerDay: 60, shape: 'A' }),
  hospital(seed, { finess: fictitiousFiness(2), name: 'Ostrevanne', visitsPerDay: 140, shape: 'B' }),
  hospital(seed, { finess: fictitiousFiness(3), name: 'Saint-Elgue', visitsPerDay: 45, shape: 'C' }),
];

export const days = 7;
const cutOn = 3;
const lostOn = 6;

/** The day missing from the last export of the third hospital. */
export function lostDay(last: Day): Day {
  return (last - 3) as Day;
}

/** What hospital number `index` exports in night number `night` (0 to 6) after `day`. */
export function exportsOf(index: number, night: number, day: Day): readonly GeneratedExport[] {
  const one = hospitals[index];
  if (one === undefined) return [];
  const troubled = index === 2;
  const lost = troubled && night === lostOn ? [lostDay(day)] : [];
  const whole = one.exportFor(day, { lostDays: lost });
  const visits = troubled && night === cutOn ? cut(whole) : whole;
  return index === 1 ? [bedExport(seed, one.finess, usualExtract(day)), visits] : [visits];
}

export async function drop(folder: string, exports: readonly GeneratedExport[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of exports) await writeFile(join(folder, name), content);
}

const weeksBefore = 12;

/** What the region was told of the weeks before the first export: daily counts, so that something is expected. */
export function historyBefore(first: Day): string {
  const lines = hospitals.flatMap((hospital) =>
    Array.from({ length: weeksBefore * 7 }, (_none, back) => (first - 1 - back) as Day).map(
      (day) => `${hospital.finess};${dayToIso(day)};${hospital.visitsOn(day).length}`,
    ),
  );
  return `finess;day;count\n${lines.join('\n')}\n`;
}
