import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { loadRegion, type Region } from '../../receiver/pki/region-keys.ts';
import { createSealer, type Sealer } from '../../shared/envelope/seal.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { LiveRegion } from './live-region.ts';

/** The keys of a live region, so that stages measured apart do what the processes do. */
export interface StageKit {
  readonly agent: string;
  readonly sealCertificatePem: string;
  readonly facilities: readonly { readonly finess: string; readonly name: string; readonly key: Buffer }[];
  readonly region: Region;
  readonly sealer: Sealer;
  /** A new folder each time. */
  folder(): Promise<string>;
}

export async function createStageKit(live: LiveRegion): Promise<StageKit> {
  const [first] = live.agents;
  if (first === undefined) throw new Error('a live region has an agent');
  const identity = await loadIdentity(first.stateFolder);
  let folders = 0;
  return {
    agent: identity.agent,
    sealCertificatePem: identity.seal.certificate.toString(),
    facilities: identity
      .facilities()
      .map(({ finess, name, key }) => ({ finess, name, key: Buffer.from(key, 'base64url') })),
    region: await loadRegion(live.keysFolder),
    sealer: createSealer({
      recipients: identity.bundle().recipients.map(({ certificate }) => certificate),
      signer: identity.seal,
      random: systemRandom,
    }),
    folder: () => live.scratch(`stages-${(folders += 1)}`),
  };
}

/** CPU milliseconds by stage, and the records they were spent on. */
export interface StageCosts {
  readonly records: number;
  readonly cpuMs: ReadonlyMap<string, number>;
}

export function microsecondsPerRecord({ records, cpuMs }: StageCosts): number {
  return ([...cpuMs.values()].reduce((sum, one) => sum + one, 0) * 1000) / records;
}

export function describeStages({ records, cpuMs }: StageCosts): string {
  return [...cpuMs].map(([stage, ms]) => `${stage} ${((ms * 1000) / records).toFixed(1)}`).join(', ');
}
