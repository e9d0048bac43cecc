import { terminalVerify } from '../../shared/i18n/terminal-verify.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { createReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { verifyAudit, type AuditVerdict } from '../audit/verify-audit.ts';
import { verifyManifests, type ManifestsVerdict } from '../forward/manifests/verify-manifests.ts';
import { verifyLedgers, type LedgerCheck } from '../inbox/verify-ledger.ts';
import { verifyKeyEnds, type KeyEndsVerdict } from '../pki/verify-keys.ts';
import { verifyDeletions, type DeletionsVerdict } from '../retention/verify-deletions.ts';
import { stateFolder } from '../state-folder.ts';
import { publishedBundle } from './audit.ts';
import {
  say,
  withRestoredStore,
  type CommandAnswer,
  type CommandContext,
  type StateConfig,
} from './command.ts';
import { tellAudit } from './proposal.ts';
import { tellRetention } from './purge.ts';

/** One ledger, in words, and how many faults it has. */
interface Part {
  readonly faults: number;
  readonly lines: readonly string[];
}

/**
 * Everything that the region signs or chains: ledgers of envelopes and their receipts, the journal, records of deletions,
 * manifests, ends of keys. With public keys only: no private key is read. Exit code 1 when anything does not hold.
 */
export async function verify({
  config,
  language,
}: Pick<CommandContext, 'language'> & { readonly config: StateConfig }): Promise<CommandAnswer> {
  const bundle = await publishedBundle(config);
  const verifier = createReceiptVerifier(bundle.receiptKeys);
  const { keys: keyFolder } = stateFolder(config.state);
  const found = await withRestoredStore(config, async (store) => ({
    ledgers: await verifyLedgers(store, verifier),
    audit: await verifyAudit(store, verifier),
    deletions: await verifyDeletions(store, verifier),
    manifests: await verifyManifests(store, bundle),
    keyEnds: await store.read((tx) => verifyKeyEnds(tx, keyFolder)),
  }));
  const parts = [
    ledgerPart(found.ledgers, language),
    auditPart(found.audit, language),
    deletionPart(found.deletions, language),
    manifestPart(found.manifests, language),
    keyPart(found.keyEnds, language),
  ];
  const faults = parts.reduce((sum, part) => sum + part.faults, 0);
  const verdict = faults === 0 ? say(language, 'verifyGood') : say(language, 'verifyBad', { faults });
  return {
    document: { good: faults === 0, ...found },
    lines: [...parts.flatMap(({ lines }) => lines), verdict],
    exitCode: faults === 0 ? 0 : 1,
  };
}

function ledgerPart(ledgers: readonly LedgerCheck[], language: Language): Part {
  return {
    faults: ledgers.reduce((sum, ledger) => sum + ledger.faults.length, 0),
    lines: ledgers.flatMap(({ faults: found, ...ledger }) => [
      say(language, 'verifyLedger', { ...ledger, faults: found.length }),
      ...(ledger.erased === 0 ? [] : [tellRetention(language, 'verifyErased', { count: ledger.erased })]),
      ...found.map(({ seq, fault }) => say(language, 'verifyFault', { seq, fault })),
    ]),
  };
}

function auditPart({ lines, head, broken }: AuditVerdict, language: Language): Part {
  if (broken === null)
    return { faults: 0, lines: [tellAudit(language, 'auditGood', { lines, head: head.hash })] };
  const facts = { seq: broken.seq, lines, fault: tellAudit(language, broken.fault) };
  return { faults: 1, lines: [tellAudit(language, 'auditBroken', facts)] };
}

function deletionPart({ records, broken }: DeletionsVerdict, language: Language): Part {
  return broken === null
    ? { faults: 0, lines: [tellRetention(language, 'deletionsGood', { records })] }
    : { faults: 1, lines: [tellRetention(language, 'deletionsBroken', { seq: broken })] };
}

function manifestPart({ manifests, broken }: ManifestsVerdict, language: Language): Part {
  const tell = speaker(terminalVerify, language);
  return {
    faults: broken.length,
    lines: [
      tell('manifestsGood', { manifests }),
      ...broken.map((each) => tell('manifestBroken', { ...each })),
    ],
  };
}

function keyPart({ ends, faults }: KeyEndsVerdict, language: Language): Part {
  const tell = speaker(terminalVerify, language);
  return {
    faults: faults.length,
    lines: [tell('keyEndsGood', { ends }), ...faults.map(({ key, fault }) => tell(fault, { key }))],
  };
}
