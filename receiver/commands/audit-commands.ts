import { listAudit, verifyAuditLog, type AuditListOptions } from './audit.ts';
import type { CommandLineParts } from './destination-commands.ts';
import { confirmProposal, listProposals, takeProposalBack } from './proposal.ts';

interface Common {
  readonly config: string;
  readonly json?: boolean;
}

/** `audit ...` and `proposal ...`: what was done, and what waits for a second person. */
export function addAuditCommands({ program, add, answering }: CommandLineParts): void {
  const audit = program.command('audit').description('what was done, and by whom').exitOverride();
  add(audit, 'list', 'lines of the audit log, the latest first')
    .option('--from <day>', 'first day (yyyy-mm-dd)')
    .option('--to <day>', 'last day')
    .option('--action <name>', 'as it is listed: removals.confirm')
    .option('--actor <name>', 'as it is listed')
    .option('--facility <finess>', 'of this facility')
    .option('--limit <count>', 'how many', '100')
    .option('--before <line>', 'older than this line')
    .action((options: Common & AuditListOptions) => answering(listAudit)(options));
  add(audit, 'verify', 'prove that no line is missing, altered or moved; 1 with the first that is')
    .option('--head <line:digest>', 'a head written down elsewhere: what was cut off since is missed, too')
    .action((options: Common & { head?: string }) => answering(verifyAuditLog)(options));

  const proposal = program
    .command('proposal')
    .description('removals that wait for a second person; the pages are the surer way: they know accounts')
    .exitOverride();
  add(proposal, 'list', 'what waits').action(answering(listProposals));
  add(proposal, 'confirm <id>', 'do what another person proposed; here persons are only system accounts')
    .option('--reason <text>', 'why; default: the reason of the proposal')
    .action((id: string, options: Common & { reason?: string }) =>
      answering(confirmProposal)({ ...options, id }),
    );
  add(proposal, 'withdraw <id>', 'take it back')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: Common & { reason: string }) =>
      answering(takeProposalBack)({ ...options, id }),
    );
}
