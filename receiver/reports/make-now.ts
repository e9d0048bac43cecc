import type { Language } from '../../shared/i18n/texts.ts';
import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { Actor } from '../accounts/actor.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { createWatchRules } from '../monitor/settings.ts';
import { computeFigures, type ReportPeriod } from './figures/compute.ts';
import { drawReport, type KeepDeps } from './keep-reports.ts';
import { periodText } from './period.ts';

export interface ReportWish extends ReportPeriod {
  /** null: the whole region. */
  readonly facility: string | null;
  readonly language: Language;
}

/** Makes one report at the wish of somebody, keeps it, and answers its number. */
export type MakeNow = (actor: Actor, wish: ReportWish) => Promise<number>;

const mostADay = 100;
const dayMs = 86_400_000;

/**
 * Reports that people ask for: of any period that has begun, as often as they like within a bound, never mailed. One at a
 * time, so that nobody's wish takes the time of those who look at pages. Faults: `report-busy`, `report-too-many`,
 * `report-facility-unknown`.
 */
export function createMakeNow(deps: Omit<KeepDeps, 'random' | 'logger'>): MakeNow {
  let isBusy = false;
  return async (actor, wish) => {
    if (isBusy) throw transient('report-busy');
    isBusy = true;
    try {
      return await makeOne(deps, actor, wish);
    } finally {
      isBusy = false;
    }
  };
}

async function makeOne(
  deps: Omit<KeepDeps, 'random' | 'logger'>,
  actor: Actor,
  { facility, language, ...period }: ReportWish,
): Promise<number> {
  const { config, store, clock } = deps;
  const { watching, destinations, region } = config;
  const recent = await store.read((tx) => tx.reports.stored.wishedSince(clock.now() - dayMs));
  if (recent >= mostADay) throw permanent('report-too-many', { facts: { most: mostADay } });
  const figures = await computeFigures(
    { store, rules: createWatchRules(watching), destinations, region },
    { ...period, facility, now: clock.now() },
  );
  const { row, files } = await drawReport(deps, figures, {
    ...{ language, author: actor.name, origin: 'person' },
  });
  return store.transaction(async (tx) => {
    // The schedule alone makes each report once: of a wish, there is always a row.
    const id = (await tx.reports.stored.add(row, files, [])) ?? 0;
    await appendAudit(tx, clock, actor, {
      ...{ action: 'report.make', subject: `${id}`, facts: { period: periodText(period), language } },
      ...(facility === null ? {} : { facility }),
    });
    return id;
  });
}
