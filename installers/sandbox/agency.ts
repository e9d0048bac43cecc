import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the invented agency does wrong, for a while. */
export const agencyFaults = ['cut', 'slow', 'down', 'refuse'] as const;
export type AgencyFault = (typeof agencyFaults)[number];

/** The code by which the invented agency refuses a file. */
export const refusalCode = 'ESSAI-042';

/** An agency beside the region: how the region's settings say it, and what it does with what it is given. */
export interface SandboxAgency {
  /** Over the destination's usual settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of the key that dispatches are sealed for: two people vouch for it. */
  readonly fingerprint?: string;
  readonly address: string;
  close(): Promise<void>;
}

/** A fault that begins once the first file has been delivered, and ends by itself. */
export interface Trouble {
  readonly fault: AgencyFault | undefined;
  readonly seconds: number;
  /** What is wrong now. */
  now(): AgencyFault | undefined;
  /** A file has been taken. */
  delivered(): void;
  close(): void;
}

export interface TroubleEvents {
  readonly onBegin: (fault: AgencyFault) => void;
  readonly onEnd: (fault: AgencyFault) => void;
}

export function createTrouble(
  fault: AgencyFault | undefined,
  seconds: number,
  { onBegin, onEnd }: TroubleEvents,
): Trouble {
  let state: 'ahead' | 'now' | 'over' = fault === undefined ? 'over' : 'ahead';
  let timer: NodeJS.Timeout | undefined;
  return {
    ...{ fault, seconds },
    now: () => (state === 'now' ? fault : undefined),
    delivered: () => {
      if (state !== 'ahead' || fault === undefined) return;
      state = 'now';
      onBegin(fault);
      timer = setTimeout(() => {
        state = 'over';
        onEnd(fault);
      }, seconds * 1000);
    },
    close: () => clearTimeout(timer),
  };
}

/** A folder of the agency's own, gone with it. */
export async function agencyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'vaguemestre-agency-'));
}

export async function removeAgencyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Under its name only once it is whole. */
export async function keepWhole(folder: string, name: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${name}.tmp`);
  const file = await open(temporary, 'w', 0o640);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
}

/** Quick enough to be watched. */
export const watchedRetry = { firstSeconds: 1, maxSeconds: 5 };
