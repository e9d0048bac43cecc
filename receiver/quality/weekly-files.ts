import { feedNamed } from '../../shared/feeds/registry.ts';
import type { ScorecardText } from '../../shared/protocol/push.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { dayOfInstant, dayToIso, instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import type { SignReceipts } from '../apply/receipts.ts';
import type { QualityConfig } from '../config-quality.ts';
import { scorecardCsv } from '../pages/quality/quality-file.ts';
import type { Store } from '../store/store.ts';
import { mondayOf } from './analyse.ts';
import { readScorecard } from './scorecard.ts';
import { weeklyMessage } from './weekly-message.ts';

export interface WeeklyFilesDeps {
  readonly settings: QualityConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sign: SignReceipts;
  readonly url: () => string;
}

export interface WeeklyFiles {
  readonly loop: Loop;
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

const everyMs = 10 * 60_000;
const hourMs = 3_600_000;
/** Monday, when the files of Sunday have usually come. */
const fromHour = 7;
const patienceMs = 6 * hourMs;

/** Each facility's week, signed and kept for its agents to fetch. */
export function createWeeklyFiles(deps: WeeklyFilesDeps): WeeklyFiles {
  const { store, clock, logger } = deps;
  const step = async (signal: AbortSignal): Promise<boolean> => {
    const monday = mondayOf(dayOfInstant(clock.now()));
    const { at } = instantOf(monday, fromHour * hourMs);
    if (clock.now() < at) return false;
    const week = (monday - 7) as Day;
    const facilities = await store.read((tx) => tx.facilities.list());
    let made = 0;
    for (const { finess } of facilities) {
      if (signal.aborted) return false;
      if (await makeFile(deps, finess, week, at)) made += 1;
    }
    if (made > 0) logger.info({ week, files: made }, 'quality-files-made');
    return false;
  };
  return { step, loop: createLoop({ name: 'quality-files', idleMs: everyMs, logger, step }) };
}

async function makeFile(
  { settings, store, clock, sign, url }: WeeklyFilesDeps,
  facility: string,
  week: Day,
  dueAt: number,
): Promise<boolean> {
  const feed = feedNamed('ed-visits');
  const known = await store.read((tx) => tx.quality.fileWeek(facility));
  if (feed === undefined || (known !== undefined && known >= week)) return false;
  const span = { from: week, to: (week + 6) as Day };
  const card = await store.read((tx) => readScorecard(tx, feed, facility, span, settings));
  if (card === undefined || card.records === 0) return false;
  if (card.uncounted > 0 && clock.now() < dueAt + patienceMs) return false;
  const link = `${url()}/etablissements/${facility}/qualite`;
  const content: ScorecardText = {
    ...{ v: 1, facility, week: dayToIso(week), csv: scorecardCsv(card, 'fr') },
    fr: weeklyMessage(card, 'fr', link).text,
    en: weeklyMessage(card, 'en', link).text,
  };
  const text = JSON.stringify(content);
  const proof = await sign([text]);
  await store.transaction((tx) => tx.quality.putFile(facility, week, { text, proof }));
  return true;
}
