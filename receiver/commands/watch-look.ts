import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../config.ts';
import type { WatchedDay } from '../monitor/evaluate.ts';
import { createVolumeModels } from '../monitor/expected-volume.ts';
import { look, type Looked } from '../monitor/look.ts';
import { createWatchRules } from '../monitor/settings.ts';
import type { Store } from '../store/store.ts';
import { isoOf } from './destination-words.ts';

/** What the watching loop may have left to be counted is counted here, for the days looked at. */
const budget = 5000;

/** Judges the days of a span beside a serving receiver; writes nothing. */
export function lookAt(
  store: Store,
  config: ReceiverConfig,
  span: { readonly from: Day; readonly to: Day; readonly now: number },
): Promise<Looked> {
  const { watching, destinations } = config;
  const rules = createWatchRules(watching);
  return look({ store, rules, destinations, models: createVolumeModels() }, { ...span, budget });
}

export function dayDocument(one: WatchedDay) {
  const { facility, feed, state, cause, count, expected, missing, stretches, missingParts } = one;
  return {
    ...{
      facility,
      feed,
      day: dayToIso(one.day),
      state,
      cause,
      count,
      expected,
      missing,
      stretches,
      missingParts,
    },
    deadline: isoOf(one.deadline),
    wholeAt: one.wholeAt === 0 ? null : isoOf(one.wholeAt),
  };
}
