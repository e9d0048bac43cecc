import { createReadStream } from 'node:fs';
import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import { Fault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import {
  dayFromIso,
  dayOfInstant,
  instantOf,
  parseFrenchDate,
  parseFrenchDateTime,
  type Day,
} from '../../shared/runtime/paris-time.ts';
import type { ImportedDay } from '../store/watch-tables.ts';
import { countHours } from './missing-hours.ts';

/**
 * Past days, so that something is expected on the first one: a CSV of `finess;day;count`, or a national RPU file of which
 * only entry times are looked at. Nothing but counts leaves this file, and nothing of it is sent on.
 */
export interface ToldHistory {
  readonly days: ReadonlyMap<string, readonly ImportedDay[]>;
  /** Lines or days that say nothing usable: without visits, or not over when they were written. */
  readonly passedOver: number;
}

const mostLines = 2_000_000;

/** Throws `history-unreadable`, `history-invalid` (file, line). `now`: orders what a CSV says among files. */
export async function readHistoryFile(file: string, now: number): Promise<ToldHistory> {
  let reader: HistoryReader | undefined;
  try {
    // Tags, digits and separators are the same in every encoding these files come in.
    for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 18 })) {
      const text = String(chunk);
      reader ??= /^(\u00ef\u00bb\u00bf)?\s*</.test(text) ? createXmlReader(file) : createCsvReader(file, now);
      reader.take(text);
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw permanent('history-unreadable', { facts: { file, reason: systemCode(error) ?? '' }, cause: error });
  }
  if (reader === undefined) throw invalid(file, 1);
  return reader.end();
}

interface HistoryReader {
  take(text: string): void;
  end(): ToldHistory;
}

function createCsvReader(file: string, now: number): HistoryReader {
  const days = new Map<string, Map<Day, ImportedDay>>();
  const today = dayOfInstant(now);
  let [rest, line, passedOver] = ['', 0, 0];
  const read = (text: string): void => {
    line += 1;
    const [finessText = '', dayText = '', countText = ''] = text
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .split(/[;,\t]/)
      .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (finessText === '' && dayText === '') return;
    const finess = normaliseFiness(finessText);
    const day = dayFromIso(dayText) ?? parseFrenchDate(dayText);
    const isCount = /^\d{1,6}$/.test(countText);
    // Column titles.
    if (line === 1 && !isFiness(finess) && day === undefined && !isCount) return;
    if (!isFiness(finess) || day === undefined || !isCount || line > mostLines) throw invalid(file, line);
    const count = Number(countText);
    if (count === 0 || day >= today) {
      passedOver += 1;
      return;
    }
    const own = days.get(finess) ?? new Map<Day, ImportedDay>();
    own.set(day, { day, count, counts: null, extract: now });
    days.set(finess, own);
  };
  return {
    take: (text) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      if (rest.length > 10_000) throw invalid(file, line + 1);
      for (const each of lines) read(each);
    },
    end: () => {
      if (rest !== '') read(rest);
      if (days.size === 0 && passedOver === 0) throw invalid(file, Math.max(line, 1));
      return { days: new Map([...days].map(([finess, own]) => [finess, [...own.values()]])), passedOver };
    },
  };
}

const tag = /<(FINESS|EXTRACT|ENTREE)>\s*([^<]{0,40}?)\s*<\/\1>/g;
const longestTag = 80;

/** Scanned for three tags rather than parsed: no entity is ever expanded, and nothing else of a visit is looked at. */
function createXmlReader(file: string): HistoryReader {
  const instants = new Map<Day, number[]>();
  let [rest, line] = ['', 1];
  let finess: string | undefined;
  let extract: number | undefined;
  const read = (name: string, value: string): boolean => {
    if (name === 'FINESS') {
      const found = normaliseFiness(value);
      finess ??= found;
      return isFiness(found) && found === finess;
    }
    const time = parseFrenchDateTime(value);
    if (name === 'EXTRACT') {
      extract = time?.at;
      return true;
    }
    if (time === undefined || finess === undefined) return false;
    const own = instants.get(time.day) ?? [];
    own.push(time.at);
    instants.set(time.day, own);
    return true;
  };
  return {
    take: (chunk) => {
      const text = rest + chunk;
      let done = 0;
      for (const match of text.matchAll(tag)) {
        line += newlines(text.slice(done, match.index));
        done = match.index;
        const [whole, name = '', value = ''] = match;
        if (!read(name, value)) throw invalid(file, line);
        line += newlines(whole);
        done += whole.length;
      }
      const kept = Math.max(done, text.length - longestTag);
      line += newlines(text.slice(done, kept));
      rest = text.slice(kept);
    },
    end: () => {
      if (finess === undefined || instants.size === 0) throw invalid(file, line);
      const unfinished = extract === undefined ? Infinity : dayOfInstant(extract);
      const days = [...instants].map(([day, own]) => ({
        ...{ day, count: own.length, extract: extract ?? 0 },
        counts: countHours(own, instantOf(day, 0).at),
      }));
      // The day on which it was taken is not over in it.
      const whole = days.filter(({ day }) => day < unfinished);
      return { days: new Map([[finess, whole]]), passedOver: days.length - whole.length };
    },
  };
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

function invalid(file: string, line: number) {
  return permanent('history-invalid', { facts: { file }, position: { line } });
}
