import { join } from 'node:path';
import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { openAgentDatabase, type AgentDatabase } from '../../agent/outbox/database.ts';
import { loadRegion, type Region } from '../../receiver/pki/region-keys.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import { genesis } from '../../shared/envelope/header.ts';
import { fingerprint, readCertificate } from '../../shared/envelope/keys.ts';
import { createSealer, type Sealer } from '../../shared/envelope/seal.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { LiveRegion } from './live-region.ts';

/** The keys of a live region, so that stages measured apart do what the processes do. */
export interface StageKit {
  readonly agent: string;
  readonly sealCertificatePem: string;
  readonly facilities: readonly { readonly finess: string; readonly name: string; readonly key: Buffer }[];
  readonly region: Region;
  readonly sealer: Sealer;
  /** Where the ledger of this kit stands: rounds follow each other in it, as they do in life. */
  readonly ledger: { seq: number; prev: string };
  /** Databases that stay from round to round: a file that has grown once costs less than a new one. */
  readonly outboxes: AgentDatabase;
  readonly store: Store;
  readonly outFolder: string;
  close(): Promise<void>;
}

export async function createStageKit(live: LiveRegion): Promise<StageKit> {
  const [first] = live.agents;
  if (first === undefined) throw new Error('a live region has an agent');
  const identity = await loadIdentity(first.stateFolder);
  const folder = await live.scratch('stages');
  const outboxes = openAgentDatabase(join(folder, 'agent.db'));
  const store = openSqliteStore(join(folder, 'receiver.db'));
  const kit: StageKit = {
    ...{ agent: identity.agent, outboxes, store, outFolder: join(folder, 'out') },
    ledger: { seq: 0, prev: genesis },
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
    close: async () => {
      outboxes.close();
      await store.close();
    },
  };
  await admitAgent(kit);
  return kit;
}

/** The store knows the agent and its facilities, as after an enrolment. */
async function admitAgent({ store, agent, facilities, sealCertificatePem: pem }: StageKit): Promise<void> {
  const now = systemClock.now();
  await store.transaction(async (tx) => {
    for (const facility of facilities) await tx.facilities.put({ ...facility, addedAt: now });
    const finesses = facilities.map(({ finess }) => finess);
    await tx.agents.put({ id: agent, name: 'bench', status: 'active', facilities: finesses, createdAt: now });
    await tx.agents.putCertificate({
      ...{ fingerprint: fingerprint(readCertificate(pem)), agent, use: 'seal', pem },
      ...{ notAfter: now + 86_400_000, revokedAt: null },
    });
  });
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
