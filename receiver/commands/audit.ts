import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { readCertificate, spkiDigest } from '../../shared/envelope/keys.ts';
import { createReceiptVerifier, type ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { verifyTrustBundle, type TrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { instantOf, type Day } from '../../shared/runtime/paris-time.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { readTrustBundle } from '../auth/trust-bundle-file.ts';
import { stateFolder } from '../state-folder.ts';
import type { AuditHead } from '../store/audit-tables.ts';
import { withStore, type CommandAnswer, type CommandContext, type StateConfig } from './command.ts';
import { countOption, dayOption, isoOf } from './destination-words.ts';
import { tellAudit } from './proposal.ts';

export interface AuditListOptions {
  readonly from?: string;
  readonly to?: string;
  readonly action?: string;
  readonly actor?: string;
  readonly facility?: string;
  readonly before?: string;
  readonly limit?: string;
}

/** The latest lines first. */
export async function listAudit(
  { config, language }: CommandContext,
  { from, to, action, actor, facility, before, limit }: AuditListOptions,
): Promise<CommandAnswer> {
  const most = countOption(limit ?? '100', '--limit', 10_000);
  const below =
    before === undefined ? Number.MAX_SAFE_INTEGER : countOption(before, '--before', Number.MAX_SAFE_INTEGER);
  const filter = {
    ...{ action, actor, facility },
    since: from === undefined ? undefined : instantOf(dayOption(from, '--from'), 0).at,
    until: to === undefined ? undefined : instantOf((dayOption(to, '--to') + 1) as Day, 0).at,
  };
  const lines = await withStore(config, (store) => store.read((tx) => tx.audit.find(filter, below, most)));
  const last = lines.at(-1);
  return {
    document: {
      lines: lines.map(({ at, facts, ...line }) => ({
        ...line,
        at: isoOf(at),
        facts: JSON.parse(facts) as unknown,
      })),
    },
    lines:
      last === undefined
        ? [tellAudit(language, 'auditNone')]
        : [
            ...lines.map((line) =>
              tellAudit(language, 'auditLine', {
                ...{ seq: line.seq, at: shownInstant(line.at, language), actor: line.actorName },
                ...{ action: line.action, subject: line.subject },
                facility: line.facility === null ? '' : `  ${line.facility}`,
                reason: line.reason === null ? '' : `  « ${line.reason} »`,
              }),
            ),
            ...(lines.length === most && last.seq > 1
              ? [tellAudit(language, 'auditMore', { seq: last.seq })]
              : []),
          ],
  };
}

/** The whole chain, with public keys only; exit code 1 with the first line that does not hold. */
export async function verifyAuditLog(
  { config, language }: CommandContext,
  { head }: { readonly head?: string },
): Promise<CommandAnswer> {
  const known = head === undefined ? undefined : headOf(head);
  const verifier = await regionVerifier(config);
  const { lines, broken, signed, ...verdict } = await withStore(config, (store) =>
    verifyAudit(store, verifier, known),
  );
  const shownHead = `${verdict.head.seq}:${verdict.head.hash}`;
  const first =
    broken === null
      ? tellAudit(language, 'auditGood', { lines, head: verdict.head.hash })
      : tellAudit(language, 'auditBroken', {
          ...{ seq: broken.seq, lines, fault: tellAudit(language, broken.fault) },
        });
  const second =
    signed === null
      ? tellAudit(language, 'auditUnsigned')
      : tellAudit(language, 'auditSigned', {
          ...{ seq: signed.seq, at: shownInstant(signed.at, language), head: shownHead },
        });
  return {
    document: { good: broken === null, lines, head: shownHead, signed, broken },
    lines: [first, second],
    exitCode: broken === null ? 0 : 1,
  };
}

/** With public keys only: no private key is read. */
export async function regionVerifier(config: StateConfig): Promise<ReceiptVerifier> {
  return createReceiptVerifier((await publishedBundle(config)).receiptKeys);
}

/** What the region tells its agents to trust, as its root signed it. */
export async function publishedBundle(config: StateConfig): Promise<TrustBundle> {
  const state = stateFolder(config.state);
  const { jws } = await readTrustBundle(state.folder);
  const root = readCertificate(await readFile(join(state.keys, 'root.pem'), 'utf8'));
  return verifyTrustBundle(jws, spkiDigest(root.publicKey), 0);
}

function headOf(text: string): AuditHead {
  const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase());
  if (found === null) throw permanent('command-invalid', { facts: { detail: '--head LINE:DIGEST' } });
  return { seq: Number(found[1]), hash: found[2] ?? '' };
}
