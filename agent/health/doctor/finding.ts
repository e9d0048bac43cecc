import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Fault } from '../../../shared/runtime/errors.ts';
import type { AgentConfig } from '../../config.ts';
import type { Identity } from '../../enrolment/identity.ts';
import type { ProxySettings } from '../../push/proxy.ts';

export type Level = 'ok' | 'warning' | 'failure';

/** What one look has found. The code stands in the texts of doctor, or in the catalogue of errors. Never a patient value. */
export interface DoctorFinding {
  readonly level: Level;
  readonly code: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** What is known before any check: each part may be missing, with the fault that says why. */
export interface Examined {
  readonly configPath: string;
  readonly config: AgentConfig | undefined;
  readonly configFault: Fault | undefined;
  readonly identity: Identity | undefined;
  readonly identityFault: Fault | undefined;
  /** The region's address: of the identity, or asked for before there is one. */
  readonly url: string | undefined;
  readonly proxy: ProxySettings | undefined;
  readonly proxyFault: Fault | undefined;
  /** The service's account, when it is not the one that looks. */
  readonly account: string | undefined;
  readonly clock: Clock;
}

export interface Check {
  /** Key of the check's name among the texts. */
  readonly name: string;
  run(examined: Examined, signal: AbortSignal): Promise<readonly DoctorFinding[]>;
}

export function fine(code: string, facts: DoctorFinding['facts'] = {}): DoctorFinding {
  return { level: 'ok', code, facts };
}

export function warning(code: string, facts: DoctorFinding['facts'] = {}): DoctorFinding {
  return { level: 'warning', code, facts };
}

export function failure(code: string, facts: DoctorFinding['facts'] = {}): DoctorFinding {
  return { level: 'failure', code, facts };
}
