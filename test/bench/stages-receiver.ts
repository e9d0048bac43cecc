import type { SealedEnvelope } from '../../agent/outbox/rows.ts';
import { openRecord } from '../../receiver/apply/content.ts';
import { issueReceipts } from '../../receiver/apply/receipts.ts';
import { destination } from '../../receiver/config-destinations.ts';
import { composeDispatches, type DispatchTarget } from '../../receiver/forward/compose.ts';
import { createDirectoryDestination } from '../../receiver/forward/transports/directory.ts';
import { dispatchTargets } from '../../receiver/forward/targets.ts';
import { createIntake } from '../../receiver/inbox/intake.ts';
import type { OpenedSlice } from '../../receiver/inbox/open-slice.ts';
import { placeSlice, type Placed } from '../../receiver/inbox/place-slice.ts';
import type { Store } from '../../receiver/store/store.ts';
import { readCertificate } from '../../shared/envelope/keys.ts';
import {
  openEnvelope,
  parseEnvelope,
  verifyEnvelope,
  type ParsedEnvelope,
} from '../../shared/envelope/open.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { createReceiptSigner } from '../../shared/protocol/receipt-proof.ts';
import { parseSlice, type Slice } from '../../shared/protocol/slice.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { ownCpuMs } from './process-cost.ts';
import type { StageCosts, StageKit } from './stage-kit.ts';

const arrivalsAtOnce = 8;
const filesAtOnce = 32;
const slicesAtOnce = 32;

type OpenSlice = Extract<OpenedSlice, { kind: 'slice' }>;

/** The receiver's stages one after the other over the same envelopes, each alone. */
export async function receiverStages(
  kit: StageKit,
  envelopes: readonly SealedEnvelope[],
): Promise<StageCosts> {
  const { store, outFolder } = kit;
  const cpuMs = new Map<string, number>();
  const stage = async (name: string, work: () => Promise<void>): Promise<void> => {
    cpuMs.set(name, await ownCpuMs(work));
  };
  const signer = createReceiptSigner({ ...kit.region.receipts, clock: systemClock });
  const sign = (texts: readonly string[]): Promise<string> => signer.sign(texts);
  const publicKey = readCertificate(kit.sealCertificatePem).publicKey;

  const parsed: ParsedEnvelope[] = [];
  await stage('verify', async () => {
    for (const { content } of envelopes) {
      const one = parseEnvelope(content);
      if (!(await verifyEnvelope(one, publicKey))) throw new Error('a signature does not verify');
      parsed.push(one);
    }
  });

  const logger = createLogger({ name: 'bench', level: 'silent' });
  const intake = createIntake({
    ...{ store, clock: systemClock, random: systemRandom, logger, sign, onStored: () => undefined },
  });
  await stage('inbox', async () => {
    for (let from = 0; from < parsed.length; from += arrivalsAtOnce) {
      const group = parsed.slice(from, from + arrivalsAtOnce).map(({ header, digest }, index) => {
        const content = envelopes[from + index]?.content ?? null;
        const { id, feed, epoch, seq, prev } = header;
        return intake.put({ id, agent: kit.agent, feed, epoch, seq, digest, prev, content });
      });
      await Promise.all(group);
    }
  });

  const plaintexts: Buffer[] = [];
  await stage('open', async () => {
    for (let from = 0; from < parsed.length; from += arrivalsAtOnce) {
      const wave = parsed.slice(from, from + arrivalsAtOnce);
      plaintexts.push(...(await Promise.all(wave.map((one) => openEnvelope(one, kit.region.encryption)))));
    }
  });

  const slices: Slice[] = [];
  await stage('parse', async () => {
    for (const plaintext of plaintexts) slices.push(parseSlice(plaintext));
  });

  const opened: OpenSlice[] = [];
  const rows = await store.read((tx) => tx.inbox.inState('stored', envelopes.length));
  await stage('decode', async () => {
    for (const [index, slice] of slices.entries()) {
      const row = rows[index];
      const feed = feedNamed(row?.feed ?? '');
      if (row === undefined || feed === undefined) throw new Error('an envelope is missing');
      const records = slice.records.map((one) => openRecord(feed, one, slice.head.facility).incoming);
      opened.push({ kind: 'slice', row, feed, slice, records, totals: {} });
    }
  });

  const placed: Placed[] = [];
  await stage('apply', async () => {
    for (let from = 0; from < opened.length; from += slicesAtOnce)
      await store.transaction(async (tx) => {
        const now = systemClock.now();
        for (const one of opened.slice(from, from + slicesAtOnce))
          placed.push(await placeSlice(tx, one, { random: systemRandom, targets: [], now }));
      });
  });
  const refused = placed.find(({ refusal }) => refusal !== undefined)?.refusal;
  if (refused !== undefined) throw new Error(`an export was refused: ${refused.code}`);

  await stage('receipts', async () => {
    for (let from = 0; from < placed.length; from += slicesAtOnce)
      await store.transaction(async (tx) => {
        const drafts = placed.slice(from, from + slicesAtOnce).flatMap(({ receipts }) => receipts);
        await issueReceipts(tx, drafts, sign);
      });
  });

  const targets = await dispatchTargets([
    destination.parse({
      ...{ name: 'oscour', feed: 'ed-visits', format: 'oscour-xml' },
      transport: { kind: 'directory', folder: outFolder },
    }),
  ]);
  await stage('compose', () => composeAll(store, opened, targets));
  await stage('deliver', () => deliverAll(store, outFolder));
  return { records: opened.reduce((sum, { records }) => sum + records.length, 0), cpuMs };
}

async function composeAll(
  store: Store,
  opened: readonly OpenSlice[],
  targets: readonly DispatchTarget[],
): Promise<void> {
  for (let from = 0; from < opened.length; from += slicesAtOnce)
    await store.transaction(async (tx) => {
      for (const { slice, records, feed } of opened.slice(from, from + slicesAtOnce)) {
        const days = new Set<Day>(records.map(({ day }) => day));
        const { facility, export: id } = slice.head;
        const changed = {
          facility,
          feed: feed.name,
          replacement: feed.replacement,
          days,
          export: id,
          cause: 'export' as const,
        };
        await composeDispatches(tx, { ...changed, now: systemClock.now() }, targets);
      }
    });
}

async function deliverAll(store: Store, directory: string): Promise<void> {
  const agency = createDirectoryDestination({ name: 'oscour', directory });
  await agency.open();
  for (;;) {
    const delivered = await store.transaction(async (tx) => {
      const now = systemClock.now();
      const due = await tx.dispatches.due('oscour', filesAtOnce);
      const files: { name: string; content: Buffer; digest: string }[] = [];
      for (const { id, name, digest } of due)
        files.push({ name, digest, content: (await tx.dispatches.content(id)) ?? Buffer.alloc(0) });
      const { fault } = await agency.deliver(files, new AbortController().signal);
      if (fault !== undefined) throw fault;
      for (const { id } of due) {
        const change = {
          state: 'sent',
          attempts: 1,
          nextAttemptAt: now,
          changedAt: now,
          code: null,
        } as const;
        await tx.dispatches.setDelivery(id, ['waiting'], change);
      }
      return due.length;
    });
    if (delivered === 0) return;
  }
}
