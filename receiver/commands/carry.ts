import { openCarry, writeCarry, type Carry, type CarryEntry } from '../../shared/protocol/carry.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { createAdmission } from '../inbox/admission.ts';
import { carriedReceipts, takeCarried, type CarriedIn } from '../inbox/carried.ts';
import { createIntake } from '../inbox/intake.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import type { Store } from '../store/store.ts';
import { receiptSigner, say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';

const lookAgainMs = 250;

/**
 * Takes in what an agent's file carries, beside a serving receiver if there is one: both write through the database's own
 * queue, and the serving one opens and applies what is stored here. Repeating it is harmless. With `answer`, writes what
 * goes back to the hospital: stored receipts, and every other receipt there is for this agent by then.
 */
export async function carryImport(
  context: CommandContext,
  options: {
    readonly file: string;
    readonly answer?: string | undefined;
    /** How long to wait for a serving receiver to apply what was stored. */
    readonly waitSeconds: number;
  },
): Promise<CommandAnswer> {
  const { config, clock } = context;
  const { rootDigest } = await loadRegion(stateFolder(config.state).keys);
  const carry = await openCarry(options.file, 'envelopes');
  try {
    if (carry.header.region !== rootDigest)
      throw permanent('carry-other-region', { facts: { file: options.file } });
    const sign = await receiptSigner(config, clock);
    const { taken, receipts } = await withStore(config, async (store) => {
      await mustBeActive(store, carry.header.agent);
      const found = await take(context, store, sign, carry);
      // After the fact: what it brought is committed group by group, as anything that arrives.
      await store.transaction((tx) =>
        writeDown(tx, clock, {
          ...{ action: 'carry.import', subject: carry.header.agent },
          facts: { stored: found.stored, repeats: found.repeats },
        }),
      );
      await settled(store, found.envelopes, options.waitSeconds, context);
      return { taken: found, receipts: await carriedReceipts({ store, sign }, carry.header) };
    });
    if (options.answer !== undefined)
      await writeAnswer(options.answer, carry, { taken, receipts, created: clock.now() });
    return answerOf(context, options, carry, taken);
  } finally {
    await carry.close();
  }
}

async function mustBeActive(store: Store, agent: string): Promise<void> {
  const row = await store.read((tx) => tx.agents.get(agent));
  if (row?.status !== 'active') throw permanent('carry-agent-unknown', { facts: { agent } });
}

async function take(
  { clock, random, logger }: CommandContext,
  store: Store,
  sign: (texts: readonly string[]) => Promise<string>,
  carry: Carry,
): Promise<CarriedIn> {
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
  store: Store,
  envelopes: readonly string[],
  waitSeconds: number,
  { clock }: CommandContext,
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

function answerOf(
  { language }: CommandContext,
  { answer }: { readonly answer?: string | undefined },
  { header }: Carry,
  { stored, repeats, refused }: CarriedIn,
): CommandAnswer {
  const refusals = Object.entries(refused);
  return {
    document: { agent: header.agent, stored, repeats, refused, answer: answer ?? null },
    lines: [
      say(language, 'carried', { agent: header.agent, stored, repeats }),
      ...refusals.map(([code, count]) => say(language, 'carryRefused', { code, count })),
      answer === undefined ? say(language, 'carryNoAnswer') : say(language, 'carryAnswer', { file: answer }),
    ],
    exitCode: refusals.length === 0 ? 0 : 1,
  };
}
