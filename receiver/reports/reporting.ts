import type { Clock } from '../../shared/runtime/clock.ts';
import type { Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { createMailCarry } from '../alerts/mail-client.ts';
import type { ReceiverConfig } from '../config.ts';
import type { Store } from '../store/store.ts';
import { createPrinter } from './chromium.ts';
import { createReportMails } from './report-mails.ts';
import { createReportScheduler } from './scheduler.ts';

export interface ReportingDeps {
  readonly config: ReceiverConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Reports made on their calendar, and what is mailed of them. */
export function reportLoops({ config, store, clock, random, logger }: ReportingDeps): readonly Loop[] {
  const { reports, alerts, region } = config;
  const print = reports.chromium === undefined ? undefined : createPrinter(reports.chromium);
  const carry = createMailCarry({ settings: alerts.smtp, clock });
  return [
    createReportScheduler({ config, store, clock, random, logger, print }).loop,
    createReportMails({ store, clock, random, logger, carry, region }).loop,
  ];
}
