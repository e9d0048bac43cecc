import { fill, type Language } from '../../shared/i18n/texts.ts';
import { terminalAudit, type AuditText } from '../../shared/i18n/terminal-audit.ts';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { createDecider, openProposal } from '../apply/decide.ts';
import { withdrawProposal } from '../apply/proposals.ts';
import { dispatchTargets } from '../forward/targets.ts';
import type { ProposalRow } from '../store/proposal-tables.ts';
import { receiptSigner, say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { commandActor } from './command-actor.ts';

const listed = 200;

/** Decisions that wait for a second person, the hospitals' suggestions among them. */
export async function listProposals({ config, language, clock }: CommandContext): Promise<CommandAnswer> {
  const open = await withStore(config, (store) => store.read((tx) => tx.audit.proposals.open(listed)));
  const proposals = open.filter(({ expiresAt }) => expiresAt > clock.now());
  return {
    document: { proposals },
    lines:
      proposals.length === 0
        ? [tellAudit(language, 'noProposal')]
        : proposals.flatMap((row) => proposedLines(row, language)),
  };
}

/** Another person than the one who proposed it carries it out. */
export async function confirmProposal(
  { config, language, clock, random }: CommandContext,
  { id, reason }: { readonly id: string; readonly reason?: string },
): Promise<CommandAnswer> {
  const sign = await receiptSigner(config, clock);
  const result = await withStore(config, async (store) => {
    const targets = await dispatchTargets(config.destinations);
    const decider = createDecider({ store, clock, random, sign, targets });
    return decider.confirm(id, { actor: commandActor(), reason });
  });
  const facts = { count: 1, removed: result.removed, dispatches: result.dispatches.length };
  return { document: result, lines: [say(language, 'decided', facts)] };
}

export async function takeProposalBack(
  { config, language, clock }: CommandContext,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<CommandAnswer> {
  await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const row = await openProposal(tx, id, clock);
      await withdrawProposal(tx, clock, row, { actor: commandActor(), reason });
    }),
  );
  return { document: { proposal: id }, lines: [tellAudit(language, 'withdrawn', { proposal: id })] };
}

export function proposedLines(row: ProposalRow, language: Language): readonly string[] {
  const { id, decision, count, facility, subject, reason, proposerName, expiresAt } = row;
  return [
    tellAudit(language, decision === 'confirm' ? 'proposesRemoval' : 'proposesKeeping', {
      ...{ person: proposerName, count, facility, subject, reason },
    }),
    tellAudit(language, row.proposerKind === 'account' ? 'confirmOnPage' : 'confirmBy', {
      ...{ proposal: id, until: shownInstant(expiresAt, language) },
    }),
  ];
}

export function tellAudit(
  language: Language,
  name: AuditText,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return fill(terminalAudit[name][language], facts);
}
