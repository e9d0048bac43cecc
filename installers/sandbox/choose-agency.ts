import { permanent } from '../../shared/runtime/errors.ts';
import { agencyFaults, createTrouble, type SandboxAgency, type TroubleEvents } from './agency.ts';
import { startHttpsAgency } from './https-agency.ts';
import { startSftpAgency } from './sftp-agency.ts';

export interface AgencyOptions {
  readonly fault: string | undefined;
  readonly seconds: number;
  readonly sftp: boolean;
}

const longestSeconds = 3600;

/** Throws `sandbox-agency-fault`, and what the agency's programs throw when they are not there. */
export async function startAgency(
  { fault, seconds, sftp }: AgencyOptions,
  folder: string,
  events: TroubleEvents,
): Promise<SandboxAgency> {
  const known = agencyFaults.find((each) => each === fault);
  if (fault !== undefined && known === undefined) throw wrong(fault);
  if (!(seconds > 0 && seconds <= longestSeconds)) throw wrong(String(seconds));
  const trouble = createTrouble(known, seconds, events);
  return sftp ? startSftpAgency(folder, trouble) : startHttpsAgency(folder, trouble);
}

function wrong(found: string): Error {
  const facts = { found, known: agencyFaults.join(', '), longest: longestSeconds };
  return permanent('sandbox-agency-fault', { facts });
}
