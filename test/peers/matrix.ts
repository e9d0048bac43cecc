import { faultNames, ownFaults, type FaultName } from './agency.ts';
import { runCase, type OpenedAgency } from './case.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { NotHere, overDirectory } from './over-directory.ts';
import { overMultipart, overPut, overSubmission } from './over-https.ts';
import { overPull } from './over-pull.ts';
import { overFtps, overSftp } from './over-remote-folder.ts';
import { createRig, type Rig } from './rig.ts';
import { createOpener, protectionKinds, type Opener, type ProtectionKind } from './sealing.ts';

/** Every transport, what agencies are at its end: undefined where the server it needs is not installed, said aloud. */
export const transports: Readonly<Record<string, (rig: Rig) => Promise<OpenedAgency | undefined>>> = {
  directory: overDirectory,
  sftp: overSftp,
  ftps: overFtps,
  'https-put': overPut,
  'https-multipart': overMultipart,
  submission: overSubmission,
  pull: overPull,
};

export type Outcome =
  | { readonly kind: 'holds'; readonly seen: readonly string[] }
  | { readonly kind: 'fails'; readonly why: string }
  | { readonly kind: 'left-out'; readonly why: string };

export interface CaseResult {
  readonly transport: string;
  readonly protection: ProtectionKind;
  readonly fault: FaultName;
  readonly outcome: Outcome;
  readonly ms: number;
}

export interface Wanted {
  readonly transport?: string | undefined;
  readonly protection?: string | undefined;
  readonly fault?: string | undefined;
  /** One protection per fault, the next one each time: every fault and every protection, not every pair. */
  readonly rotating?: boolean;
}

/** Runs what is wanted, one case after the other, and tells each as it ends. */
export async function runMatrix(wanted: Wanted, tell: (result: CaseResult) => void): Promise<void> {
  const opener = createOpener();
  const rig = await createRig();
  try {
    for (const [transport, open] of Object.entries(transports)) {
      if ((wanted.transport ?? transport) !== transport) continue;
      const agency = await open(rig);
      if (agency === undefined) {
        const why = 'its server is not installed';
        tell({ transport, protection: 'none', fault: 'none', outcome: { kind: 'left-out', why }, ms: 0 });
        continue;
      }
      try {
        await runTransport(transport, agency, { rig, opener, wanted, tell });
      } finally {
        await agency.close();
      }
    }
  } finally {
    await rig.close();
    opener.close();
  }
}

interface Running {
  readonly rig: Rig;
  readonly opener: Opener;
  readonly wanted: Wanted;
  readonly tell: (result: CaseResult) => void;
}

async function runTransport(
  transport: string,
  agency: OpenedAgency,
  { rig, opener, wanted, tell }: Running,
): Promise<void> {
  for (const [index, [protection, fault]] of pairsOf(agency, wanted).entries()) {
    const from = performance.now();
    const outcome = await attempt(async () => {
      const missing = opener.missing(protection);
      if (missing !== undefined) throw new NotHere(`without ${missing}`);
      await agency.clear();
      const carrier = agency.carrier === undefined ? {} : { carrier: agency.carrier };
      return runCase(
        { rig, agency, opener, ...carrier },
        { name: `${transport}-${index + 1}`, protection, fault },
      );
    });
    tell({ transport, protection, fault, outcome, ms: performance.now() - from });
  }
}

function pairsOf(agency: OpenedAgency, wanted: Wanted): readonly (readonly [ProtectionKind, FaultName])[] {
  const faults = faultNames.filter(
    (fault) =>
      (agency.faults[fault] !== undefined || ownFaults.includes(fault)) &&
      agency.without?.includes(fault) !== true &&
      (wanted.fault ?? fault) === fault,
  );
  const kinds = protectionKinds.filter((kind) => (wanted.protection ?? kind) === kind);
  if (wanted.rotating === true)
    return faults.map((fault) => {
      const turn = faultNames.indexOf(fault) % protectionKinds.length;
      return [protectionKinds[turn] ?? 'none', fault];
    });
  return kinds.flatMap((kind) => faults.map((fault) => [kind, fault] as const));
}

/** A case that lasts this long will never end. */
const caseSeconds = 90;

async function attempt(work: () => Promise<readonly string[]>): Promise<Outcome> {
  const deadline = new AbortController();
  const tooLong = pause(caseSeconds * 1000, deadline.signal).then(() => {
    throw new Error(`not within ${caseSeconds} s`);
  });
  tooLong.catch(() => undefined);
  try {
    return { kind: 'holds', seen: await Promise.race([work(), tooLong]) };
  } catch (error) {
    if (error instanceof NotHere) return { kind: 'left-out', why: error.message };
    return { kind: 'fails', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    deadline.abort();
  }
}
