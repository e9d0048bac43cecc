import { bringCarry, type Brought } from '../inbox/bring-carry.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import { writeDown } from './command-actor.ts';
import { receiptSigner, say, withStore, type CommandAnswer, type CommandContext } from './command.ts';

/** Takes in what an agent's file carries; with `answer`, writes what goes back to the hospital. */
export async function carryImport(
  context: CommandContext,
  options: {
    readonly file: string;
    readonly answer?: string | undefined;
    /** How long to wait for a serving receiver to apply what was stored. */
    readonly waitSeconds: number;
  },
): Promise<CommandAnswer> {
  const { config, clock, random, logger } = context;
  const { rootDigest } = await loadRegion(stateFolder(config.state).keys);
  const sign = await receiptSigner(config, clock);
  const brought = await withStore(config, (store) =>
    bringCarry(
      {
        ...{ store, clock, random, logger, sign, rootDigest },
        writeDown: (tx, { id }, { stored, repeats }) =>
          writeDown(tx, clock, { action: 'carry.import', subject: id, facts: { stored, repeats } }),
      },
      options,
    ),
  );
  return answerOf(context, options, brought);
}

function answerOf(
  { language }: CommandContext,
  { answer }: { readonly answer?: string | undefined },
  { agent, stored, repeats, refused }: Brought,
): CommandAnswer {
  const refusals = Object.entries(refused);
  return {
    document: { agent: agent.id, stored, repeats, refused, answer: answer ?? null },
    lines: [
      say(language, 'carried', { agent: agent.id, stored, repeats }),
      ...refusals.map(([code, count]) => say(language, 'carryRefused', { code, count })),
      answer === undefined ? say(language, 'carryNoAnswer') : say(language, 'carryAnswer', { file: answer }),
    ],
    exitCode: refusals.length === 0 ? 0 : 1,
  };
}
