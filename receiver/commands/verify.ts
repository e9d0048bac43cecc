import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificate, spkiDigest } from '../../shared/envelope/keys.ts';
import { createReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { verifyTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { verifyLedgers } from '../inbox/verify-ledger.ts';
import { stateFolder } from '../state-folder.ts';
import { say, withStore, type CommandAnswer, type CommandContext } from './command.ts';

/** All ledgers, with public keys only: no private key is read. */
export async function verify({ config, language }: CommandContext): Promise<CommandAnswer> {
  const state = stateFolder(config.state);
  const { jws } = await readTrustBundle(state.folder);
  const root = readCertificate(await readFile(join(state.keys, 'root.pem'), 'utf8'));
  const bundle = await verifyTrustBundle(jws, spkiDigest(root.publicKey), 0);
  const verifier = createReceiptVerifier(bundle.receiptKeys);
  const ledgers = await withStore(config, (store) => verifyLedgers(store, verifier));

  const faults = ledgers.reduce((sum, ledger) => sum + ledger.faults.length, 0);
  const lines = ledgers.flatMap(({ faults: found, ...ledger }) => [
    say(language, 'verifyLedger', { ...ledger, faults: found.length }),
    ...found.map(({ seq, fault }) => say(language, 'verifyFault', { seq, fault })),
  ]);
  const verdict = faults === 0 ? say(language, 'verifyGood') : say(language, 'verifyBad', { faults });
  return {
    document: { good: faults === 0, ledgers },
    lines: [...lines, verdict],
    exitCode: faults === 0 ? 0 : 1,
  };
}
