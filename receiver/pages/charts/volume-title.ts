import { portalCharts } from '../../../shared/i18n/portal-charts.ts';
import type { WatchState } from '../../store/watch-tables.ts';
import { count as shownCount, dayWords } from '../words.ts';
import type { VolumeOptions, VolumePoint } from './volume-point.ts';
import { teller } from '../typeset.ts';

type Said = 'low' | 'silent' | 'partial' | 'held' | 'late';
/** Worst first. */
const said: readonly Said[] = ['held', 'silent', 'partial', 'low', 'late'];

/** The finding, in a sentence for each state that is not as usual. */
export function volumeTitle(
  points: readonly VolumePoint[],
  { language, noun }: Pick<VolumeOptions, 'language' | 'noun'>,
): string {
  const say = teller(portalCharts, language);
  const n = points.length;
  const period = say(n === 0 ? 'periodNone' : n === 1 ? 'periodOne' : 'periodMany', { n });
  const expects = points.some(({ expected }) => expected !== null);
  const found = said.flatMap((name) => {
    const days = points.filter(({ state }) => state === (name satisfies WatchState));
    const last = days.at(-1);
    if (last === undefined) return [];
    return [
      say(days.length === 1 ? `${name}One` : `${name}Many`, {
        n: days.length,
        day: dayWords(last.day, 'weekday', language) + monthAfter(last, language),
        count: shownCount(last.count, language),
        expected: shownCount(last.expected?.median ?? 0, language),
      }),
    ];
  });
  return [
    say(expects ? 'titleExpected' : 'title', { noun, period }),
    ...(n > 0 && found.length === 0 ? [say('nothingUnusual')] : found),
  ].join(' ');
}

function monthAfter({ day }: VolumePoint, language: VolumeOptions['language']): string {
  return ` ${
    dayWords(day, 'long', language)
      .replace(/\s*\d{4}$/, '')
      .split(' ')
      .at(-1) ?? ''
  }`;
}
