import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { feedWords } from '../charts/feed-words.ts';
import { capital, dayWords } from '../words.ts';
import type { SeenAgent } from '../reads/facility-agents.ts';
import type { SeenExport } from '../reads/facility-exports.ts';
import type { JudgedFeed } from '../reads/facility-judgement.ts';
import { teller } from '../typeset.ts';
import type { Told } from './sentence.ts';
import { atWords } from './spans.ts';

export interface LedeInput {
  readonly told: Told;
  readonly feed: JudgedFeed | undefined;
  /** The latest first. */
  readonly exports: readonly SeenExport[];
  readonly agents: readonly SeenAgent[];
  readonly now: number;
  readonly language: Language;
}

/** Why, when something is wrong; then the last file and what became of it. */
export function lede(input: LedeInput): string {
  // An abbreviated month ends its sentence with its own full stop.
  const { told, agents, language } = input;
  const say = teller(portalFacility, language);
  const last = lastFile(input);
  return [
    ...(told.cause === undefined ? [] : [capital(told.cause)]),
    last ?? say('noExport'),
    ...(last === undefined && agents.length === 0 ? [say('nextStep')] : []),
    ...(last === undefined && agents.some(({ status }) => status === 'invited')
      ? [say('waitsForAgent')]
      : []),
  ]
    .join(' ')
    .replace(/\.\.(?= |$)/g, '.');
}

function lastFile({ exports, feed, now, language }: LedeInput): string | undefined {
  const say = teller(portalFacility, language);
  const [latest] = exports;
  if (latest === undefined || feed === undefined) {
    const at = feed?.pair.lastReceptionAt ?? 0;
    return at === 0 ? undefined : say('lastExportBare', { at: atWords(at, now, language) });
  }
  const { receivedAt, records, from, to, deliveries } = latest;
  const at = atWords(receivedAt, now, language);
  if (records === undefined) return say('lastExportBare', { at });
  const acknowledged = deliveries.length > 0 && deliveries.every((each) => each === 'acknowledged');
  const sent =
    deliveries.length > 0 && deliveries.every((each) => each === 'acknowledged' || each === 'sent');
  return say('lastExport', {
    ...{ at, visits: feedWords(feed.feed, language).counted(records) },
    period:
      from === undefined || to === undefined
        ? ''
        : say(from === to ? 'ofDay' : 'ofDays', {
            from: dayWords(from, 'month', language),
            to: dayWords(to, 'month', language),
          }),
    delivery: acknowledged ? say('thenAcknowledged') : sent ? say('thenSent') : '',
  });
}
