import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { approvalsOf, approversNeeded } from '../forward/protection/approvals.ts';
import { approveKey } from '../forward/protection/approve-key.ts';
import { inspectKey } from '../forward/protection/inspect-key.ts';
import type { KeyApproval } from '../store/destination-tables.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { expiryText } from './destination-list.ts';
import { isoOf, settingsOf, shownAt, tell } from './destination-words.ts';

/** The agency's key as its file holds it now, and who vouches for it. Exit code 1 while people are missing. */
export async function showKey(
  { config, language, clock }: CommandContext,
  { name }: { readonly name: string },
): Promise<CommandAnswer> {
  const settings = settingsOf(config, name);
  const key = await inspectKey(settings, clock);
  if (key === undefined) throw permanent('agency-key-none', { facts: { destination: name } });
  const approvals = approvalsOf(
    await withStore(config, (store) => store.read((tx) => tx.destinations.approvals(name))),
    key.fingerprint,
  );
  const { kind, algorithm, fingerprint, createdAt, expiresAt } = key;
  const expiry = expiryText(expiresAt, language);
  const missing = Math.max(0, approversNeeded - approvals.length);
  return {
    document: {
      ...{ destination: name, kind, algorithm, fingerprint },
      ...{ createdAt: isoOf(createdAt), expiresAt: isoOf(expiresAt) },
      ...approvalDocument(approvals, missing),
    },
    lines: [
      tell(language, 'keyShown', { name, kind: `${kind} ${algorithm}`, fingerprint, expiry }),
      ...approvalLines({ name, fingerprint, approvals, missing }, language),
    ],
    exitCode: missing === 0 ? 0 : 1,
  };
}

/** A person vouches for it. */
export async function approveDestinationKey(
  { config, language, clock }: CommandContext,
  { name, fingerprint, by }: { readonly name: string; readonly fingerprint: string; readonly by: string },
): Promise<CommandAnswer> {
  const settings = settingsOf(config, name);
  const approved = await withStore(config, (store) =>
    approveKey(store, settings, fingerprint, by, clock.now()),
  );
  return {
    document: {
      ...{ destination: name, fingerprint: approved.fingerprint },
      ...approvalDocument(approved.approvals, approved.missing),
    },
    lines: approvalLines({ name, ...approved }, language),
  };
}

function approvalDocument(approvals: readonly KeyApproval[], missing: number) {
  return { approvals: approvals.map(({ person, at }) => ({ person, at: isoOf(at) })), missing };
}

function approvalLines(
  found: {
    readonly name: string;
    readonly fingerprint: string;
    readonly approvals: readonly KeyApproval[];
    readonly missing: number;
  },
  language: Language,
): readonly string[] {
  const { name, fingerprint, approvals, missing } = found;
  return [
    ...approvals.map(({ person, at }) =>
      tell(language, 'keyApproval', { person, at: shownAt(at, language) }),
    ),
    missing === 0
      ? tell(language, 'keyComplete')
      : tell(language, 'keyNeeds', { name, fingerprint, missing }),
  ];
}
