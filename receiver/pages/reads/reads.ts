import type { StoreTx } from '../../store/store.ts';
import { createAccountReads, type AccountReads } from './account-reads.ts';
import { createAlertReads, type AlertReads } from './alert-reads.ts';
import { createBatchReads, type BatchReads } from './batch-reads.ts';
import { createCareReads, type CareReads } from './care-reads.ts';
import { createAdministrationReads, type AdministrationReads } from './administration-reads.ts';
import { createDecisionReads, type DecisionReads } from './decision-reads.ts';
import { createDestinationReads, type DestinationReads } from './destination-reads.ts';
import { createFacilityReads, type FacilityReads } from './facility-reads.ts';
import { createJournalReads, type JournalReads } from './journal-reads.ts';
import { createQualityReads, type QualityReads } from './quality-reads.ts';
import type { ViewReach } from './reach.ts';
import { createTokenReads, type TokenReads } from './token-reads.ts';
import { createReportReads, type ReportReads } from './report-reads.ts';

/** All that pages can ask of the store: each verb is bound to the viewer's reach before a page sees it. */
export interface Reads {
  readonly facilities: FacilityReads;
  readonly batches: BatchReads;
  readonly destinations: DestinationReads;
  readonly alerts: AlertReads;
  readonly quality: QualityReads;
  readonly journal: JournalReads;
  readonly care: CareReads;
  readonly accounts: AccountReads;
  readonly decisions: DecisionReads;
  readonly administration: AdministrationReads;
  readonly reports: ReportReads;
  readonly tokens: TokenReads;
}

export function createReads(tx: StoreTx, reach: ViewReach): Reads {
  return {
    facilities: createFacilityReads(tx, reach),
    batches: createBatchReads(tx, reach),
    destinations: createDestinationReads(tx, reach),
    alerts: createAlertReads(tx, reach),
    quality: createQualityReads(tx, reach),
    journal: createJournalReads(tx, reach),
    care: createCareReads(tx, reach),
    accounts: createAccountReads(tx, reach),
    decisions: createDecisionReads(tx, reach),
    administration: createAdministrationReads(tx, reach),
    reports: createReportReads(tx, reach),
    tokens: createTokenReads(tx, reach),
  };
}
