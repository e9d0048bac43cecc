import { openCarry, writeCarry, type Carry, type CarryEntry } from '../../shared/protocol/carry.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { AgentRow, Store, StoreTx } from '../store/store.ts';
import { createAdmission } from './admission.ts';
import { carriedReceipts, takeCarried, type CarriedIn } from './carried.ts';
import { createIntake } from './intake.ts';

const lookAgainMs = 250;

export interface BringDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly sign: (texts: readonly string[]) => Promise<string>;
  /** SHA-256 of the region's root key, hex. */
  readonly rootDigest: string;
  /** Whether this agent's files may come this way; throws when not. */
  readonly mayBring?: (agent: AgentRow) => void;
  /** Said of what was brought, in a transaction of its own once it is stored. */
  readonly writeDown: (tx: StoreTx, agent: AgentRow, taken: CarriedIn) => Promise<void>;
}

export interface Brought extends CarriedIn {
  readonly agent: AgentRow;
}

/**
 * Takes in what an agent's file carries, beside a serving receiver if there is one: both write through the database's own
 * queue, and the serving one opens and applies what is stored here. Repeating it is harmless. With `answer`, writes what
 * goes back to the hospital: stored receipts, and every other receipt there is for this agent by then. Throws what
 * `openCarry` and `admission` throw, `carry-other-region` and `carry-agent-unknown`, with nothing stored.
 */
export async function bringCarry(
  deps: BringDeps,
  options: {
    readonly file: string;
    readonly answer?: string | undefined;
    /** How long to wait for a serving receiver to apply what was stored. */
    readonly waitSeconds: number;
  },
): Promise<Brought> {
  const { store, sign, clock, rootDigest } = deps;
  const carry = await openCarry(options.file, 'envelopes');
  try {
    const { header } = carry;
    if (header.region !== rootDigest)
      throw permanent('carry-other-region', { facts: { file: options.file } });
    const agent = await activeAgent(store, header.agent);
    deps.mayBring?.(agent);
    const taken = await take(deps, carry);
    await store.transaction((tx) => deps.writeDown(tx, agent, taken));
    await settled(deps, taken.envelopes, options.waitSeconds);
    const receipts = await carriedReceipts({ store, sign }, header);
    if (options.answer !== undefined)
      await writeAnswer(options.answer, carry, { taken, receipts, created: clock.now() });
    return { ...taken, agent };
  } finally {
    await carry.close();
  }
}

async function activeAgent(store: Store, agent: string): Promise<AgentRow> {
  const row = await store.read((tx) => tx.agents.get(agent));
  if (row?.status !== 'active') throw permanent('carry-agent-unknown', { facts: { agent } });
  return row;
}

async function take({ store, clock, random, logger, sign }: BringDeps, carry: Carry): Promise<CarriedIn> {
  const intake = createIntake({ store, clock, random, logger, sign, onStored: () => undefined });
  const admission = createAdmission({ store });
  try {
    return await takeCarried(carry, { admission, intake });
  } finally {
    await intake.drained();
  }
}

/** A serving receiver looks at the store each second: until none of these waits there, or time is up. */
async function settled(
  { store, clock }: BringDeps,
  envelopes: readonly string[],
  waitSeconds: number,
): Promise<void> {
  const end = clock.monotonic() + waitSeconds * 1000;
  const never = new AbortController().signal;
  let waiting = envelopes;
  while (clock.monotonic() < end) {
    waiting = await store.read(async (tx) => {
      const left: string[] = [];
      for (const id of waiting) if ((await tx.inbox.byId(id))?.state === 'stored') left.push(id);
      return left;
    });
    if (waiting.length === 0) return;
    await pause(lookAgainMs, never);
  }
}

async function writeAnswer(
  path: string,
  { header }: Carry,
  written: {
    readonly taken: CarriedIn;
    readonly receipts: readonly { readonly text: string; readonly proof: string }[];
    readonly created: number;
  },
): Promise<void> {
  const entry = (kind: CarryEntry['kind'], content: unknown): CarryEntry => ({
    kind,
    bytes: Buffer.from(JSON.stringify(content), 'utf8'),
  });
  const entries = [
    ...written.taken.answers.map((answers) => entry('answers', answers)),
    ...written.receipts.map((page) => entry('receipts', page)),
  ];
  const { created } = written;
  await writeCarry(path, { ...header, kind: 'answer', created, entries: entries.length }, entries);
}
