import { verifyAudit } from '../audit/verify-audit.ts';
import { verifyLedgers } from '../inbox/verify-ledger.ts';
import { verifyDeletions } from '../retention/verify-deletions.ts';
import { regionVerifier } from './audit.ts';
import { say, withStore, type CommandAnswer, type CommandContext, type StateConfig } from './command.ts';
import { tellAudit } from './proposal.ts';
import { tellRetention } from './purge.ts';

/** All ledgers and the audit log, with public keys only: no private key is read. */
export async function verify({
  config,
  language,
}: Pick<CommandContext, 'language'> & { readonly config: StateConfig }): Promise<CommandAnswer> {
  const verifier = await regionVerifier(config);
  const { ledgers, audit, deletions } = await withStore(config, async (store) => ({
    ledgers: await verifyLedgers(store, verifier),
    audit: await verifyAudit(store, verifier),
    deletions: await verifyDeletions(store, verifier),
  }));

  const { broken } = audit;
  const faults =
    ledgers.reduce((sum, ledger) => sum + ledger.faults.length, 0) +
    (broken === null ? 0 : 1) +
    (deletions.broken === null ? 0 : 1);
  const lines = ledgers.flatMap(({ faults: found, ...ledger }) => [
    say(language, 'verifyLedger', { ...ledger, faults: found.length }),
    ...(ledger.erased === 0 ? [] : [tellRetention(language, 'verifyErased', { count: ledger.erased })]),
    ...found.map(({ seq, fault }) => say(language, 'verifyFault', { seq, fault })),
  ]);
  const auditLine =
    broken === null
      ? tellAudit(language, 'auditGood', { lines: audit.lines, head: audit.head.hash })
      : tellAudit(language, 'auditBroken', {
          ...{ seq: broken.seq, lines: audit.lines, fault: tellAudit(language, broken.fault) },
        });
  const { records } = deletions;
  const deletionLine =
    deletions.broken === null
      ? tellRetention(language, 'deletionsGood', { records })
      : tellRetention(language, 'deletionsBroken', { seq: deletions.broken });
  const verdict = faults === 0 ? say(language, 'verifyGood') : say(language, 'verifyBad', { faults });
  return {
    document: { good: faults === 0, ledgers, audit, deletions },
    lines: [
      ...lines,
      auditLine,
      ...(records === 0 && deletions.broken === null ? [] : [deletionLine]),
      verdict,
    ],
    exitCode: faults === 0 ? 0 : 1,
  };
}
