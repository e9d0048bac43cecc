import type { Fault } from '../runtime/errors.ts';
import { accountsErrors } from './errors-accounts.ts';
import { agentErrors } from './errors-agent.ts';
import { mappingErrors } from './errors-agent-mapping.ts';
import { adtErrors } from './errors-agent-adt.ts';
import { operationsErrors } from './errors-agent-operations.ts';
import { doctorErrors } from './errors-agent-doctor.ts';
import { setupErrors } from './errors-agent-setup.ts';
import { runningErrors } from './errors-agent-running.ts';
import { deliveryErrors } from './errors-delivery.ts';
import { destinationFormsErrors } from './errors-destination-forms.ts';
import { apiErrors } from './errors-api.ts';
import { extractionErrors } from './errors-extraction.ts';
import { agencyKeysErrors } from './errors-agency-keys.ts';
import { remoteFoldersErrors } from './errors-remote-folders.ts';
import { uploadsErrors } from './errors-uploads.ts';
import { agencyDoorsErrors } from './errors-agency-doors.ts';
import { calendarErrors } from './errors-calendar.ts';
import { destinationsErrors } from './errors-destinations.ts';
import { alertsErrors } from './errors-alerts.ts';
import { applyingErrors } from './errors-applying.ts';
import { auditErrors } from './errors-audit.ts';
import { careErrors } from './errors-care.ts';
import { keysErrors } from './errors-keys.ts';
import { portalErrors } from './errors-portal.ts';
import { qualityErrors } from './errors-quality.ts';
import { readingErrors } from './errors-reading.ts';
import { retentionErrors } from './errors-retention.ts';
import { receiverErrors } from './errors-receiver.ts';
import { runtimeErrors } from './errors-runtime.ts';
import { reportsErrors } from './errors-reports.ts';
import { sandboxErrors } from './errors-sandbox.ts';
import { backupErrors } from './errors-backup.ts';
import { updateErrors } from './errors-agent-update.ts';
import { sealingErrors } from './errors-sealing.ts';
import { watchingErrors } from './errors-watching.ts';
import { shownFacts } from './shown.ts';
import { fill, type ErrorText, type Language } from './texts.ts';

/** The catalogue: every error code of the product. A test holds it against the codes thrown in the sources. */
export const errorTexts: Readonly<Record<string, ErrorText>> = {
  ...runtimeErrors,
  ...readingErrors,
  ...sealingErrors,
  ...backupErrors,
  ...updateErrors,
  ...agentErrors,
  ...mappingErrors,
  ...adtErrors,
  ...operationsErrors,
  ...doctorErrors,
  ...setupErrors,
  ...runningErrors,
  ...receiverErrors,
  ...deliveryErrors,
  ...destinationFormsErrors,
  ...agencyKeysErrors,
  ...remoteFoldersErrors,
  ...uploadsErrors,
  ...agencyDoorsErrors,
  ...calendarErrors,
  ...destinationsErrors,
  ...applyingErrors,
  ...sandboxErrors,
  ...watchingErrors,
  ...portalErrors,
  ...accountsErrors,
  ...auditErrors,
  ...alertsErrors,
  ...qualityErrors,
  ...careErrors,
  ...keysErrors,
  ...retentionErrors,
  ...reportsErrors,
  ...extractionErrors,
  ...apiErrors,
};

export interface Described {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export function describeCode(
  code: string,
  language: Language,
  facts: Readonly<Record<string, string | number>> = {},
): Described {
  const text = errorTexts[code] ?? errorTexts['unexpected'];
  if (text === undefined) return { code, message: code, hint: '' };
  const shown = shownFacts(facts, language);
  return { code, message: fill(text.message[language], shown), hint: fill(text.hint[language], shown) };
}

export function describeFault(fault: Fault, language: Language): Described {
  return describeCode(fault.code, language, { ...fault.position, ...fault.facts });
}
