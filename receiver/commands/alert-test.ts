import { userInfo } from 'node:os';
import { alertsTerminal } from '../../shared/i18n/terminal-alerts.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { createAlertActs } from '../alerts/acts.ts';
import { carryOf } from '../alerts/alerting.ts';
import { sendOne } from '../alerts/sender.ts';
import type { AlertMessage } from '../store/alert-tables.ts';
import type { Store } from '../store/store.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { describeStored } from '../../shared/i18n/stored-code.ts';

/** Written as the pages do, and sent from here: the answer says how each message fared. */
export async function testAlerts(
  context: CommandContext,
  { recipient }: { readonly recipient: string },
): Promise<CommandAnswer> {
  const { language, config } = context;
  const sent = await withStore(config, async (store) => {
    const acts = createAlertActs({ ...context, store, onChange: () => undefined });
    const name = userInfo().username;
    const ids = await acts.test(recipient, { kind: 'command-line', id: 'command-line', name });
    return send(context, store, ids);
  });
  const say = speaker(alertsTerminal, language);
  const lines = sent.map(({ channel, address, state, code }) =>
    state === 'sent'
      ? say('sent', { channel, address })
      : say('notSent', {
          channel,
          address,
          why: code === null ? state : describeStored(code, language, {}).message,
        }),
  );
  return {
    document: {
      messages: sent.map(({ channel, address, state, code, identity }) => ({
        channel,
        address,
        state,
        code,
        identity,
      })),
    },
    lines,
    exitCode: sent.every(({ state }) => state === 'sent') ? 0 : 1,
  };
}

/** What a serving receiver took first is its own to send. */
async function send(
  context: CommandContext,
  store: Store,
  ids: readonly number[],
): Promise<readonly AlertMessage[]> {
  const signal = AbortSignal.timeout(3 * 60_000);
  const taken = await store.transaction(async (tx) => {
    const mine: AlertMessage[] = [];
    for (const id of ids) {
      const message = await tx.alerts.claimOne(id);
      if (message !== undefined) mine.push(message);
    }
    return mine;
  });
  for (const message of taken)
    await sendOne({ ...context, store, carry: carryOf(message.channel, context) }, message, signal);
  return store.read(async (tx) => {
    const found = await Promise.all(ids.map((id) => tx.alerts.message(id)));
    return found.filter((each) => each !== undefined);
  });
}
