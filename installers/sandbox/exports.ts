import {
  dayOfInstant,
  dayToFrench,
  instantOf,
  instantToCompact,
  instantToFrench,
  type Day,
} from '../../shared/runtime/paris-time.ts';
import {
  encode,
  printHead,
  printTail,
  printVisit,
  shapes,
  type PrintedHeader,
  type ShapeName,
} from './shapes.ts';
import { visitsOf, type Visit } from './visits.ts';

/** An export file of an invented hospital. */
export interface GeneratedExport {
  readonly name: string;
  readonly content: Buffer;
  readonly visits: number;
}

export interface HospitalOptions {
  readonly finess: string;
  readonly name: string;
  readonly visitsPerDay: number;
  readonly shape: ShapeName;
}

export interface ExportOptions {
  /** Days the export covers, the asked one being the last. Default 7. */
  readonly windowDays?: number;
  /** When the software wrote it, epoch ms. Default 02:30 local time of the day after. */
  readonly extractAt?: number;
  /** Days whose visits are missing though the header says they are there. */
  readonly lostDays?: readonly Day[];
  /** Header fields written instead of the right ones. */
  readonly header?: Partial<PrintedHeader>;
}

export interface Hospital extends HospitalOptions {
  exportFor(day: Day, options?: ExportOptions): GeneratedExport;
  visitsOn(day: Day): readonly Visit[];
}

/**
 * A hospital whose days never change: an export of the same days extracted later shows the same visits, completed
 * (exits, diagnoses). Same seed and options, same bytes.
 */
export function hospital(seed: number, options: HospitalOptions): Hospital {
  const shape = shapes[options.shape];
  const visitsOn = (day: Day): Visit[] =>
    visitsOf({ seed, finess: options.finess, visitsPerDay: options.visitsPerDay, habits: shape.habits }, day);
  return {
    ...options,
    visitsOn,
    exportFor: (day, { windowDays = 7, extractAt, lostDays = [], header = {} } = {}) => {
      const from = (day - windowDays + 1) as Day;
      const extract = extractAt ?? usualExtract(day);
      const known = wallMinute(extract);
      const visits: Visit[] = [];
      for (let current: number = from; current <= day; current += 1) {
        if (lostDays.includes(current as Day)) continue;
        visits.push(...visitsOn(current as Day).filter(({ arrivedMinute }) => arrivedMinute <= known));
      }
      const extractDay = dayOfInstant(extract);
      const printed: PrintedHeader = {
        FINESS: options.finess,
        ORDRE: '0',
        EXTRACT: instantToFrench(extract),
        DATEDEBUT: dayToFrench(shape.wrongWindow ? extractDay : from),
        DATEFIN: dayToFrench(shape.wrongWindow ? extractDay : day),
        ...header,
      };
      const text = [
        printHead(shape, printed),
        ...visits.map((visit) => printVisit(shape, printed.FINESS, visit, known)),
        printTail(shape),
      ].join('');
      return {
        name: shape.fileName(options.finess, instantToCompact(extract)),
        content: encode(text, shape.encoding),
        visits: visits.length,
      };
    },
  };
}

/** The same export, as a disk that filled or a transfer that stopped leaves it. */
export function cut(whole: GeneratedExport, share = 0.6): GeneratedExport {
  return { ...whole, content: whole.content.subarray(0, Math.floor(whole.content.length * share)) };
}

/** 02:30 local time of the day after: when the night's exports run. */
export function usualExtract(day: Day): number {
  const after = (day + 1) as Day;
  return instantOf(after, 150 * 60_000).at;
}

function wallMinute(at: number): number {
  const text = instantToFrench(at);
  const [day, month, year] = [text.slice(0, 2), text.slice(3, 5), text.slice(6, 10)].map(Number);
  const [hour, minute] = [text.slice(11, 13), text.slice(14, 16)].map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute) / 60_000;
}

/** A fictitious geographic FINESS: 99, the number, and the Luhn digit. */
export function fictitiousFiness(number: number): string {
  const stem = `99${String(number).padStart(6, '0')}`;
  const sum = Array.from(stem).reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${stem}${(10 - (sum % 10)) % 10}`;
}
