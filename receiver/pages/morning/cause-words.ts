import { portalCauses } from '../../../shared/i18n/portal-causes.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { AgentSign } from '../../monitor/causes.ts';
import { deadAfterMs } from '../../monitor/causes.ts';
import type { WatchedDay } from '../../monitor/evaluate.ts';
import type { Call } from '../../monitor/summary.ts';
import type { SeenPair } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { count, dayWords, momentWords } from '../words.ts';

/** The cause of a call, told with what is known of its facility: nothing that blames, nothing that a page cannot prove. */
export interface CauseWords {
  readonly call: Call;
  readonly pair: SeenPair;
  readonly now: number;
  readonly language: Language;
}

const daysTold = 4;

export function causeWords(words: CauseWords): string {
  const { call, now, language } = words;
  const tell = teller(portalCauses, language);
  const days = call.days.map(({ day }) => day);
  const isNews = days.length === 1 && days[0] === dayOfInstant(now) - 1;
  const parts = [mainOf(words)];
  if (!isNews && call.state !== 'held') parts.push(tell('daysTouched', { days: dayList(days, language) }));
  if (call.missing === 1) parts.push(tell('missingOne'));
  else if (call.missing > 1) parts.push(tell('missing', { count: count(call.missing, language) }));
  return parts.join(' ');
}

function mainOf(words: CauseWords): string {
  const { call, pair, now, language } = words;
  const tell = teller(portalCauses, language);
  const moment = (at: number): string => momentWords(at, now, language);
  switch (call.cause) {
    case 'agent-dead':
      return `${deadWords(words)}${lastWhole(words)}`;
    case 'network-cut': {
      const pending = pair.agents.reduce((sum, each) => sum + each.pending, 0);
      const at = lastSign(pair.agents);
      const waiting = { count: count(pending, language) };
      return at !== undefined && now - at <= deadAfterMs
        ? tell('stuck', waiting)
        : tell('cut', { ...waiting, since: at === undefined ? '—' : moment(at) });
    }
    case 'agent-paused': {
      const code = pair.agents.find(({ paused }) => paused !== null)?.paused ?? '';
      return code.startsWith('disk') ? tell('pausedDisk') : tell('paused', { code });
    }
    case 'source-silent':
      return pair.lastReceptionAt === null || pair.lastReceptionAt === 0
        ? tell('sourceNever')
        : tell('sourceSilent', { since: moment(pair.lastReceptionAt) });
    case 'exports-rejected':
      return tell('rejected', { at: pair.rejectedAt === null ? '—' : moment(pair.rejectedAt) });
    case 'held-by-guard':
      return heldWords(words);
    case 'export-short':
    case 'forward-blocked':
    case null:
      return shortWords(words);
  }
}

function deadWords({ pair, now, language }: CauseWords): string {
  const tell = teller(portalCauses, language);
  if (pair.agents.length === 0) return tell('agentNone');
  const at = lastSign(pair.agents);
  return at === undefined ? tell('agentNever') : tell('agentDead', { since: momentWords(at, now, language) });
}

function lastSign(agents: readonly AgentSign[]): number | undefined {
  return agents.reduce<number | undefined>(
    (latest, { at }) => (at === undefined ? latest : Math.max(at, latest ?? 0)),
    undefined,
  );
}

function lastWhole({ pair, language }: CauseWords): string {
  const whole = pair.days.findLast(({ state }) => state === 'received' || state === 'late');
  return whole === undefined
    ? ''
    : ` ${teller(portalCauses, language)('lastWhole', { day: dayWords(whole.day, 'weekday', language) })}`;
}

function heldWords({ pair: { held }, language }: CauseWords): string {
  const tell = teller(portalCauses, language);
  if (held === null) return tell('unknown');
  if (held.removals === 0) return tell('rekeying');
  return tell('removals', {
    visits: visitWords(held.removals, language),
    days: dayList(held.days, language),
  });
}

/** What came is short: where the file stops, or by how much. */
function shortWords({ call, language }: CauseWords): string {
  const tell = teller(portalCauses, language);
  const [latest] = call.days;
  if (latest === undefined) return tell('unknown');
  const day = dayWords(latest.day, 'weekday', language);
  const volume = volumeWords(latest, language);
  if (latest.state === 'low') {
    const days = streakOf(call.days);
    const nth = language === 'fr' ? (frenchOrdinals[days] ?? `${days}e`) : (ordinals[days] ?? `${days}th`);
    return tell('low', { volume, streak: days < 2 ? '' : tell('streak', { nth }) });
  }
  if (latest.missingParts.length > 0)
    return tell('partMissing', { day, volume, parts: latest.missingParts.join(', ') });
  const stretch = latest.stretches.at(-1);
  if (stretch === undefined) return tell('tooEarly', { day, volume });
  if (stretch.to === 24) return tell('endsEarly', { day, volume, hour: hourOf(stretch.from) });
  if (stretch.from === 0) return tell('beginsLate', { day, volume, hour: hourOf(stretch.to) });
  return tell('gap', { day, volume, from: hourOf(stretch.from), to: hourOf(stretch.to) });
}

const frenchOrdinals: Readonly<Record<number, string>> = {
  2: 'deuxième',
  3: 'troisième',
  4: 'quatrième',
  5: 'cinquième',
  6: 'sixième',
  7: 'septième',
};
const ordinals: Readonly<Record<number, string>> = { 2: 'second', 3: 'third' };

/** Low days in a row, back from the latest. */
function streakOf(days: readonly WatchedDay[]): number {
  const latest = days[0]?.day ?? 0;
  const end = days.findIndex(({ state, day }, at) => state !== 'low' || day !== latest - at);
  return end === -1 ? days.length : end;
}

export function volumeWords({ count: held, expected }: WatchedDay, language: Language): string {
  const tell = teller(portalCauses, language);
  const visits = visitWords(held, language);
  return expected === null
    ? tell('volumeOnly', { count: visits })
    : tell('volume', { count: visits, expected: count(expected.median, language) });
}

export function visitWords(visits: number, language: Language): string {
  const tell = teller(portalCauses, language);
  return visits === 1 ? tell('visit') : tell('visits', { count: count(visits, language) });
}

function hourOf(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** "mercredi 18, jeudi 19": in order, the latest ones when there are many. */
function dayList(days: readonly Day[], language: Language): string {
  const inOrder = [...days].sort((a, b) => a - b);
  const told = inOrder
    .slice(-daysTold)
    .map((day) => dayWords(day, 'weekday', language))
    .join(', ');
  const more = inOrder.length - daysTold;
  return more <= 0 ? told : teller(portalCauses, language)('andMore', { days: told, count: more });
}
