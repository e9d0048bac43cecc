import { existsSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CutPlan } from '../support/peers/cut-proxy.ts';
import type { Agency, Inflicted, Parcel } from './agency.ts';

/** A line to an agency that is told what to do with it: one relay, or one for each of a server's ports. */
export interface Line {
  /** For every connection, or for those that carry commands. */
  readonly plan: (next: CutPlan) => void;
  /** For those that carry files, where they are others. */
  readonly planFiles: (next: CutPlan) => void;
  /** Nobody listens any more; then somebody does again. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
}

/** A session's opening fits in this many bytes; a file of a case does not. */
const openingBytes = 8000;

/** The small file that goes first. */
const before = 20_000;

/** Seconds that settings wait for the peer while it stalls. */
export const quickPatience = { timeoutSeconds: 1 };

type Faults = Agency['faults'];

/**
 * What any connection may suffer. Bytes are counted as they travel, sealed: a percentage is of the large file, which the
 * few bytes around it hardly move.
 */
export function faultsOnTheLine(
  line: Line,
  way: 'toServer' | 'toClient' = 'toServer',
  codes: readonly string[] = ['delivery-unavailable'],
): Faults {
  const on = async (plan: CutPlan, files = false): Promise<Inflicted> => {
    (files ? line.planFiles : line.plan)(plan);
    return {
      ...{ shows: 'waits', codes },
      lift: async () => {
        line.plan({});
        line.planFiles({});
      },
    };
  };
  const cutAt = (share: number) => async (parcels: readonly Parcel[]) => {
    const bytes = Math.max(...parcels.map((parcel) => parcel.bytes));
    return on({ cutAfter: { [way]: before + Math.floor(share * bytes) } }, true);
  };
  return {
    'refused-connection': async () => {
      await line.down();
      return { shows: 'waits', codes, lift: () => line.up() };
    },
    'cut-at-connect': () => on({ refuse: true }),
    'cut-in-handshake': () => on({ cutAfter: { toServer: 200 } }),
    'cut-at-10': cutAt(0.1),
    'cut-at-50': cutAt(0.5),
    'cut-at-99': cutAt(0.99),
    stalled: async (parcels) => {
      const bytes = Math.max(...parcels.map((parcel) => parcel.bytes));
      const inflicted = await on({ stallAfter: { [way]: openingBytes + before + bytes / 2 } }, true);
      return { ...inflicted, transport: quickPatience };
    },
  };
}

/**
 * What may happen between a server's work and its answer, where the server's folder can be looked at: the relay asks before
 * it passes an answer on, so that nothing hangs on time.
 */
export function faultsBeforeAnswers(
  line: Line,
  folder: string,
  { writesAside }: { readonly writesAside: boolean },
): Faults {
  const on = async (
    beforeAnswer: () => 'pass' | 'cut',
    change: Partial<Inflicted> = {},
  ): Promise<Inflicted> => {
    let lifted = false;
    // A connection that outlives the fault keeps its plan.
    const plan: CutPlan = { beforeAnswer: () => (lifted ? 'pass' : beforeAnswer()) };
    line.plan(plan);
    line.planFiles(plan);
    return {
      ...{ shows: 'waits', codes: ['delivery-unavailable'] },
      lift: async () => {
        lifted = true;
        line.plan({});
        line.planFiles({});
      },
      ...change,
    };
  };
  const largest = (parcels: readonly Parcel[]): Parcel => {
    const [first, ...others] = parcels;
    if (first === undefined) throw new Error('a case has files');
    return others.reduce((most, each) => (each.bytes > most.bytes ? each : most), first);
  };
  const faults: Faults = {
    'cut-before-answer': async (parcels) => {
      const final = join(folder, largest(parcels).name);
      return on(() => (existsSync(final) ? 'cut' : 'pass'));
    },
    'accepted-then-dropped': async (parcels) => {
      const final = join(folder, largest(parcels).name);
      const beforeAnswer = (): 'pass' => {
        if (existsSync(final)) unlinkSync(final);
        return 'pass';
      };
      return on(beforeAnswer, { codes: ['delivery-vanished'] });
    },
  };
  if (!writesAside) return faults;
  return {
    ...faults,
    'cut-before-rename': async (parcels) => {
      const { bytes } = largest(parcels);
      const whole = (): boolean =>
        readdirSync(folder).some(
          (name) => name.startsWith('.') && statSync(join(folder, name)).size >= bytes,
        );
      return on(() => (whole() ? 'cut' : 'pass'));
    },
  };
}
