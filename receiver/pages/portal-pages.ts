import { createAccountPages } from './accounts/accounts-pages.ts';
import { createAdministrationPages } from './administration/administration-pages.ts';
import { createAgencyPages } from './agency/agency-pages.ts';
import { createAlertPages } from './alerts/alerts-pages.ts';
import { createAnalysisPages } from './analysis/analysis-pages.ts';
import { createBatchPages } from './batches/batches-pages.ts';
import { createDecisionPages } from './batches/decision-pages.ts';
import { createCarePages } from './care/care-pages.ts';
import type { PortalDeps } from './deps.ts';
import { createDestinationPages } from './destinations/destinations-pages.ts';
import { createExtractionPages } from './extractions/extractions-pages.ts';
import { createFacilityListPages } from './facilities/facilities-pages.ts';
import { createFacilityPages } from './facility/facility-pages.ts';
import { createHelpPages } from './help/help-pages.ts';
import { createJournalPages } from './journal/journal-pages.ts';
import { createMorningPages } from './morning/morning-pages.ts';
import type { Page } from './page.ts';
import { createQualityPages } from './quality/quality-pages.ts';
import { createTokenPages } from './tokens/tokens-pages.ts';
import { createReportPages } from './reports/report-pages.ts';

/** Every page of the region, in the order of the navigation. */
export function createPortalPages(deps: PortalDeps): readonly Page[] {
  return [
    ...createMorningPages(deps),
    ...createFacilityListPages(deps),
    ...createFacilityPages(deps),
    ...createQualityPages(deps),
    ...createCarePages(deps),
    ...createBatchPages(deps),
    ...createDecisionPages(deps),
    ...createDestinationPages(deps),
    ...createAlertPages(deps),
    ...createAnalysisPages(),
    ...createExtractionPages(deps),
    ...createReportPages(deps),
    ...createAgencyPages(deps),
    ...createJournalPages(),
    ...createAdministrationPages(deps),
    ...createAccountPages(deps),
    ...createTokenPages(deps),
    ...createHelpPages(),
  ];
}
