import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { createReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { verifyLedgers } from '../outbox/verify-ledger.ts';
import type { CommandContext } from './command.ts';
import { withState } from './open-state.ts';

/** Exit 1 when something does not hold. */
export async function verifyCommand({ config, language, json, print }: CommandContext): Promise<number> {
  const identity = await loadIdentity(config.state);
  const verifier = createReceiptVerifier(identity.bundle().receiptKeys);
  const proof = await withState(config.state, ({ database, backlog, exports }) =>
    verifyLedgers({
      database,
      backlog,
      exports,
      verifyReceipt: (text, jws) => verifier.verify(text, jws),
      sealKey: identity.sealKey,
    }),
  );
  if (json) print(JSON.stringify({ ok: proof.faults.length === 0, ...proof }));
  else {
    const { envelopes, receipts, contents } = proof;
    print(
      fill(agentTexts.verified[language], { envelopes, receipts, contents, faults: proof.faults.length }),
    );
    for (const { feed, epoch, seq, code } of proof.faults) print(`! ${feed} ${epoch}/${seq}: ${code}`);
  }
  return proof.faults.length === 0 ? 0 : 1;
}
