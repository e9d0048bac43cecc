import { createWatchRules } from '../../monitor/settings.ts';
import type { PortalDeps } from '../deps.ts';
import type { Page } from '../page.ts';
import { createJudging } from '../reads/facility-judgement.ts';
import { createDayPage } from './day-page.ts';
import { createFacilityPage } from './facility-page.ts';

export function createFacilityPages({ config, logger }: PortalDeps): readonly Page[] {
  const rules = createWatchRules(config.watching);
  const judging = createJudging(rules, config.destinations);
  return [createFacilityPage({ config, rules, judging, logger }), createDayPage({ rules, judging })];
}
