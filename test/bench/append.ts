import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createAdmission } from '../../receiver/inbox/admission.ts';
import { createIntake } from '../../receiver/inbox/intake.ts';
import { createReceiptSigner } from '../../shared/protocol/receipt-proof.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createLiveRegion } from './live-region.ts';
import { createStageKit } from './stage-kit.ts';
import { agentStages } from './stages-agent.ts';
import { createSupply, filesOf } from './supply.ts';

const envelopesPerRound = 300;
const inFlight = 32;

/**
 * Sealed envelopes whose signed receipt is durable, per second ÷ as many bytes appended to a file and synced one envelope
 * at a time: what a disk gives to whoever promises something for each.
 */
export async function measureAppends(rounds: number): Promise<readonly number[]> {
  const supply = createSupply({ first: 300, facilities: 1, ...filesOf[10] });
  const live = await createLiveRegion([supply.facilities]);
  try {
    const kit = await createStageKit(live);
    const folder = await live.scratch('append');
    const { store } = kit;
    const { envelopes } = await agentStages(kit, supply.next(envelopesPerRound * (rounds + 1)));
    const signer = createReceiptSigner({ ...kit.region.receipts, clock: systemClock });
    const intake = createIntake({
      ...{ store, clock: systemClock, random: systemRandom },
      logger: createLogger({ name: 'bench', level: 'silent' }),
      sign: (texts) => signer.sign(texts),
      onStored: () => undefined,
    });
    const admission = createAdmission({ store });
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const from = round * envelopesPerRound;
      const contents = envelopes.slice(from, from + envelopesPerRound).map(({ content }) => content);
      const appended = await seconds(() => appendAll(join(folder, `raw-${round}`), contents));
      const stored = await seconds(() =>
        together(contents, async (content) => {
          const { kind } = await intake.put(await admission.envelope(kit.agent, content));
          if (kind !== 'receipt') throw new Error('an envelope was not receipted');
        }),
      );
      if (round > 0) ratios.push(appended / stored);
    }
    await kit.close();
    return ratios;
  } finally {
    await live.close();
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function appendAll(path: string, contents: readonly Buffer[]): Promise<void> {
  const file = await open(path, 'a');
  for (const content of contents) {
    await file.write(content);
    await file.datasync();
  }
  await file.close();
}

/** As many at once as agents have on their way. */
async function together(contents: readonly Buffer[], one: (content: Buffer) => Promise<void>): Promise<void> {
  const left = [...contents];
  const worker = async (): Promise<void> => {
    for (let content = left.shift(); content !== undefined; content = left.shift()) await one(content);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
