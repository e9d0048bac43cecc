import { describeFault, type Described } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import { isSealed, keyFault, type AgencyKey } from '../forward/protection/agency-key.ts';
import { approvalsOf, approversNeeded } from '../forward/protection/approvals.ts';
import { approveKey } from '../forward/protection/approve-key.ts';
import { inspectKey } from '../forward/protection/inspect-key.ts';
import type { KeyApproval } from '../store/destination-tables.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { expiryText } from './destination-list.ts';
import { isoOf, settingsOf, shownAt, tell } from './destination-words.ts';

/**
 * The agency's key as its file holds it now, why nothing is sealed for it, and who vouches for it. Exit code 1 while people
 * are missing, or it cannot be used.
 */
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
  const expiry = expiryText(expiresAt, language, clock.now());
  const fault = faultOf(key, settings, clock.now(), language);
  const missing = Math.max(0, approversNeeded - approvals.length);
  return {
    document: {
      ...{ destination: name, kind, algorithm, fingerprint },
      ...{ createdAt: isoOf(createdAt), expiresAt: isoOf(expiresAt) },
      ...approvalDocument(approvals, missing),
      error: fault ?? null,
    },
    lines: [
      tell(language, 'keyShown', { name, kind: `${kind} ${algorithm}`, fingerprint, expiry }),
      ...approvalLines({ name, fingerprint, approvals, missing, fault }, language),
    ],
    exitCode: missing === 0 && fault === undefined ? 0 : 1,
  };
}

function faultOf(
  key: AgencyKey,
  settings: DestinationConfig,
  now: number,
  language: Language,
): Described | undefined {
  const fault = isSealed(settings) ? keyFault(key, settings, now) : undefined;
  return fault === undefined ? undefined : describeFault(fault, language);
}

/** A person vouches for it. */
export async function approveDestinationKey(
  { config, language, clock }: CommandContext,
  { name, fingerprint, by }: { readonly name: string; readonly fingerprint: string; readonly by: string },
): Promise<CommandAnswer> {
  const settings = settingsOf(config, name);
  const approved = await withStore(config, (store) =>
    approveKey(store, settings, fingerprint, by, clock.now(), (tx, { missing }) =>
      writeDown(tx, clock, {
        ...{ action: 'key.approve', subject: name, destination: name },
        facts: { fingerprint, by, missing },
      }),
    ),
  );
  const key = await inspectKey(settings, clock);
  const fault = key === undefined ? undefined : faultOf(key, settings, clock.now(), language);
  return {
    document: {
      ...{ destination: name, fingerprint: approved.fingerprint },
      ...approvalDocument(approved.approvals, approved.missing),
      error: fault ?? null,
    },
    lines: approvalLines({ name, ...approved, fault }, language),
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
    readonly fault: Described | undefined;
  },
  language: Language,
): readonly string[] {
  const { name, fingerprint, approvals, missing, fault } = found;
  const told = fault === undefined ? [] : [`${fault.message} [${fault.code}]`, `→ ${fault.hint}`];
  // Nobody is asked to vouch for a key that the settings do not name.
  if (fault?.code === 'agency-key-swapped') return told;
  return [
    ...approvals.map(({ person, at }) =>
      tell(language, 'keyApproval', { person, at: shownAt(at, language) }),
    ),
    ...(missing === 0
      ? fault === undefined
        ? [tell(language, 'keyComplete')]
        : []
      : [tell(language, 'keyNeeds', { name, fingerprint, missing })]),
    ...told,
  ];
}
