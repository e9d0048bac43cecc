import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { cellPlaces } from '../../../shared/feeds/tally.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { quantile } from '../../monitor/statistics.ts';
import type { JudgedFeed } from '../reads/facility-judgement.ts';
import type { QualityReads } from '../reads/quality-reads.ts';
import { teller } from '../typeset.ts';
import type { UsualShare } from './content-card.ts';

/** Shares that move when an export is cut or mapped wrongly, while its volume stays as usual. */
const asked = [
  { text: 'hospitalised', dimension: 'departure', classes: ['ward', 'transfer'] },
  { text: 'aged75', dimension: 'age', classes: ['75-85', '85+'] },
] as const;
const lookedDays = 56;
const enoughDays = 28;
const unknown = 'unknown';

/** Of the latest day that brought something; none where nobody counted it. */
export async function readShares(
  quality: Pick<QualityReads, 'cells'>,
  facility: string,
  judged: JudgedFeed | undefined,
  language: Language,
): Promise<readonly UsualShare[]> {
  const latest = judged?.days.findLast(({ state, count }) => state !== null && count > 0);
  const dimensions = feedNamed(judged?.feed ?? '')?.tally?.dimensions;
  if (judged === undefined || latest === undefined || dimensions === undefined) return [];
  const from = (latest.day - lookedDays) as Day;
  const days = await quality.cells(judged.feed, [facility], from, latest.day);
  const today = days.find(({ day }) => day === latest.day);
  if (today === undefined) return [];
  const places = cellPlaces(dimensions);
  const say = teller(portalFacility, language);
  return asked.flatMap(({ text, dimension, classes }) => {
    const index = dimensions.findIndex(({ name }) => name === dimension);
    const [place, known] = [places[index], dimensions[index]?.classes];
    if (place === undefined || known === undefined) return [];
    const share = (cells: Uint32Array): number | undefined => {
      let [counted, among] = [0, 0];
      for (const cell of cells) {
        const name = known[(cell >>> place.shift) & place.mask];
        if (name === undefined || name === unknown) continue;
        counted += 1;
        if (classes.some((each) => each === name)) among += 1;
      }
      return counted === 0 ? undefined : among / counted;
    };
    const own = share(today.cells);
    if (own === undefined) return [];
    const past = days
      .filter(({ day }) => day < latest.day)
      .map(({ cells }) => share(cells))
      .filter((value) => value !== undefined);
    const whole = (value: number): string => String(Math.round(value * 100));
    return [
      {
        name: say(text),
        value: say('shareValue', { n: whole(own) }),
        usual:
          past.length < enoughDays
            ? undefined
            : say('habit', { from: whole(quantile(past, 0.1)), to: whole(quantile(past, 0.9)) }),
      },
    ];
  });
}
