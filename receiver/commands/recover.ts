import { loadPrivateKey } from '../../shared/envelope/keys.ts';
import { terminalKeys } from '../../shared/i18n/terminal-keys.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dispatchTargets } from '../forward/targets.ts';
import { recoverable, recoverEnvelopes } from '../inbox/recover.ts';
import { loadRegion, openersOf } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import { receiptSigner, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';

/** Opens with the recovery key what was refused because the region's own key is no more; beside a serving receiver. */
export async function recover(
  { config, language, clock, random }: CommandContext,
  { recoveryKey: path, reason }: { readonly recoveryKey: string; readonly reason: string },
): Promise<CommandAnswer> {
  const region = await loadRegion(stateFolder(config.state).keys, clock);
  const privateKey = await loadPrivateKey(path);
  if (!region.recovery.checkPrivateKey(privateKey))
    throw permanent('recovery-key-other', { facts: { path } });
  const sign = await receiptSigner(config, clock);
  const targets = await dispatchTargets(config.destinations);
  const done = await withStore(config, async (store) => {
    const keys = { recovery: { privateKey, certificate: region.recovery }, openers: openersOf(region) };
    const rows = await recoverable({ store, ...keys });
    if (rows.length === 0) return { recovered: 0, refused: 0 };
    await store.transaction((tx) =>
      writeDown(tx, clock, {
        ...{ action: 'envelopes.recover', subject: region.name, reason },
        facts: { envelopes: rows.length },
      }),
    );
    return recoverEnvelopes(rows, { store, ...keys, targets, clock, random, sign });
  });
  const { recovered, refused } = done;
  const line = recovered + refused === 0 ? 'recoverNone' : 'recovered';
  return {
    document: done,
    lines: [fill(terminalKeys[line][language], { recovered, refused })],
    exitCode: refused === 0 ? 0 : 1,
  };
}
