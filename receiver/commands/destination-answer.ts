import { deliveryWords, wordFor } from '../../shared/i18n/terminal-receiver-words.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { recordAnswers } from '../forward/answers/record-answers.ts';
import type { AgencyAnswer } from '../forward/destination.ts';
import { dispatchNamed, stateFacts } from '../forward/find-dispatch.ts';
import type { DispatchRow } from '../store/dispatch-table.ts';
import { receiptSigner, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { settingsOf, tell } from './destination-words.ts';

interface Answered {
  readonly name: string;
  readonly file: string;
}

/** A person says that the agency has the dispatch; the hospital gets the signed receipt. */
export function acknowledgeDispatch(context: CommandContext, answered: Answered): Promise<CommandAnswer> {
  return answer(context, answered, { verdict: 'acknowledged', code: null });
}

/** A person says that the agency refused the dispatch, with the agency's own code. */
export async function refuseDispatch(
  context: CommandContext,
  { code, ...answered }: Answered & { readonly code: string },
): Promise<CommandAnswer> {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(code))
    throw permanent('command-invalid', { facts: { detail: '--code [A-Za-z0-9._-]{1,64}' } });
  return answer(context, answered, { verdict: 'refused', code });
}

async function answer(
  { config, language, clock, random }: CommandContext,
  { name, file }: Answered,
  said: AgencyAnswer,
): Promise<CommandAnswer> {
  settingsOf(config, name);
  const sign = await receiptSigner(config, clock);
  const { row, agents, repeated } = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const before = await dispatchNamed(tx, name, file);
      mustBeAnswerable(before);
      const reply = { name: before.name, ...said };
      const { receipts } = await recordAnswers(tx, name, [reply], { now: clock.now(), random });
      if (receipts.length > 0) await tx.receipts.put(await sign(receipts.map(({ text }) => text)), receipts);
      const after = await dispatchNamed(tx, name, file);
      if (after.state !== said.verdict) throw notSent(after);
      await writeDown(tx, clock, {
        ...{
          action: `dispatch.${said.verdict === 'refused' ? 'refuse' : 'acknowledge'}`,
          subject: after.name,
        },
        ...{ destination: name, facility: after.facility },
        facts: { visits: after.records, ...(said.code === null ? {} : { code: said.code }) },
      });
      const agentsTold = new Set(receipts.map(({ agent }) => agent)).size;
      return {
        row: after,
        agents: agentsTold,
        repeated: before.state === after.state && before.code === after.code,
      };
    }),
  );
  const facts = { file: row.name, state: wordFor(deliveryWords, row.state, language), receipts: agents };
  return {
    document: { destination: name, file: row.name, state: row.state, code: row.code, agents },
    lines: [tell(language, repeated ? 'answeredBefore' : 'answered', facts)],
  };
}

/** A file that never left cannot have been answered: the name was mistyped. One set aside may have gone another way. */
function mustBeAnswerable(row: DispatchRow): void {
  if ((row.state === 'waiting' || row.state === 'sending') && row.sentAt === null) throw notSent(row);
}

function notSent({ destination, name: file, state }: DispatchRow): Error {
  return permanent('dispatch-not-sent', { facts: { destination, file, ...stateFacts(state) } });
}
