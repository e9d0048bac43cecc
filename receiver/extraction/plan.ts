import { setImmediate } from 'node:timers/promises';
import { extractionNotes } from '../../shared/i18n/extraction-texts.ts';
import { dimensionNames } from '../../shared/i18n/portal-analysis.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayOfInstant } from '../../shared/runtime/paris-time.ts';
import { reaches } from '../accounts/profile.ts';
import { smallOutside, smallWithin } from '../quality/small-numbers.ts';
import { isNotAwaited, isWhole, judgeSpan, type JudgingDeps } from '../reports/figures/judged-days.ts';
import type { FacilityRow, Store } from '../store/store.ts';
import { planAggregates, splitNames } from './aggregates.ts';
import { rowAudience } from './catalogue.ts';
import type { Period } from './lattice.ts';
import type { Column, ExtractionPlan } from './planned.ts';
import { planRows, rowFields } from './rows.ts';
import type { ExtractionRequest, Requester } from './request.ts';

export type { Cell, Column, ExtractionPlan } from './planned.ts';

export interface PlanDeps {
  readonly store: Store;
  readonly clock: Clock;
  /**
   * How the region judges its days; without it nothing is said of which of them are whole. Every day of every facility is
   * looked at: given where a file is written, not where one is only asked for.
   */
  readonly watch?: Omit<JudgingDeps, 'store'>;
}

/** Days of a period, at most: about five years. */
export const mostDays = 1830;

/**
 * What an extraction would give, refused before anything is read when the requester may not have it. Throws
 * `extraction-refused`, `extraction-rows-refused`, `extraction-field-refused`, `extraction-facility-refused`,
 * `extraction-places-refused`, `extraction-region-refused`, `extraction-split-unknown`, `extraction-group-unknown`,
 * `extraction-codes-invalid`, `extraction-period-future`, `extraction-period-long`, `extraction-period-short`.
 */
export async function planExtraction(
  deps: PlanDeps,
  requester: Requester,
  request: ExtractionRequest,
): Promise<ExtractionPlan> {
  const { store, clock } = deps;
  const { content, feed, language } = request;
  if (requester.profile === 'agency') throw permanent('extraction-refused');
  if (content.kind === 'rows' && rowAudience(requester) === undefined)
    throw permanent('extraction-rows-refused');
  const now = clock.now();
  const period = periodOf(request, now);
  const all = await store.read((tx) => tx.facilities.list());
  const isRegion = content.kind === 'aggregates' && content.places === 'region';
  if (content.kind === 'aggregates') refusePlaces(requester, request, isRegion);
  const facilities = isRegion ? all : facilitiesOf(requester, request, all);
  const common = { store, feed, language, ...period };
  const plan =
    content.kind === 'rows'
      ? await planRows({ ...common, facilities }, requester, content)
      : await planAggregates(
          {
            ...{ ...common, all, now, audience: audienceOf(requester) },
            facilities: isRegion ? null : facilities,
          },
          content,
        );
  const days = await judgedNote(deps, request, { ...period, now }, facilities);
  return { ...plan, notes: [...plan.notes, ...days] };
}

/** Fields of rows that a requester may ask for, with what they mean; empty: aggregates only. */
export function fieldsFor(requester: Requester, language: Language): readonly Column[] {
  return rowFields(requester, language);
}

/** Splits of aggregates; empty: no extraction at all. */
export function splitsFor(requester: Requester, language: Language): readonly Column[] {
  if (requester.profile === 'agency') return [];
  return splitNames('ed-visits').map((name) => ({
    ...{ name, title: dimensionNames[name]?.[language] ?? name, kind: 'text' },
  }));
}

/** Whoever sees facilities one by one on the pages is of the region's authority; health professionals are not. */
function audienceOf({ profile }: Requester): number {
  switch (profile) {
    case 'regional-operator':
    case 'hospital-admin':
    case 'auditor':
    case 'read-only':
      return smallWithin;
    case 'health-professional':
    case 'agency':
      return smallOutside;
  }
}

/**
 * Outside the authority: the whole region only. Within: a part of the region is no sum that is published, and whoever sees
 * only a part is not given the sum of theirs and the others'; auditors read all of it whatever their reach.
 */
function refusePlaces(requester: Requester, request: ExtractionRequest, isRegion: boolean): void {
  const isOutside = audienceOf(requester) === smallOutside;
  if (isRegion && request.facilities !== undefined) throw permanent('extraction-places-refused');
  if (!isRegion && isOutside) throw permanent('extraction-places-refused');
  if (isRegion && !isOutside && requester.profile !== 'auditor' && requester.facilities !== 'all')
    throw permanent('extraction-region-refused');
}

/** The same answer for a facility that is not there and for one that is somebody else's. */
function facilitiesOf(
  { facilities: reach }: Requester,
  { facilities: asked }: ExtractionRequest,
  all: readonly FacilityRow[],
): readonly FacilityRow[] {
  const own = all.filter(({ finess }) => reaches(reach, finess));
  const refused = asked?.find((each) => !own.some(({ finess }) => finess === each));
  if (refused !== undefined) throw permanent('extraction-facility-refused', { facts: { facility: refused } });
  return own
    .filter(({ finess }) => asked === undefined || asked.includes(finess))
    .toSorted((one, other) => (one.finess < other.finess ? -1 : 1));
}

/** Checked as dates by the request's schema. */
function periodOf({ from, to }: ExtractionRequest, now: number): Period {
  const [first, last] = [dayFromIso(from), dayFromIso(to)];
  const today = dayOfInstant(now);
  if (first === undefined || last === undefined || first > today)
    throw permanent('extraction-period-future', { facts: { from } });
  const end = last > today ? today : last;
  if (end - first + 1 > mostDays) throw permanent('extraction-period-long', { facts: { most: mostDays } });
  return { from: first, to: end };
}

async function judgedNote(
  { store, watch }: PlanDeps,
  { language }: ExtractionRequest,
  span: Period & { readonly now: number },
  facilities: readonly FacilityRow[],
): Promise<readonly string[]> {
  if (watch === undefined) return [];
  const judge = await judgeSpan({ store, ...watch }, span);
  const counts = { whole: 0, incomplete: 0, notAwaited: 0 };
  for (const { finess } of facilities) {
    for (const { state } of (await judge(finess)).values()) {
      if (isWhole(state)) counts.whole += 1;
      else if (isNotAwaited(state)) counts.notAwaited += 1;
      else counts.incomplete += 1;
    }
    // The pages and the other loops of this thread have their turn.
    await setImmediate();
  }
  return [fill(extractionNotes.wholeDays[language], counts)];
}
