import { Command, CommanderError } from 'commander';
import { describeFault } from '../../shared/i18n/errors.ts';
import { languageOf, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { createLogger, type LogLevel } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { loadConfig } from '../config.ts';
import { addAccountCommands } from './account-commands.ts';
import { addAlertCommands } from './alert-commands.ts';
import { approve, invite, listAgents, revoke } from './agent.ts';
import { addAuditCommands } from './audit-commands.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addCareCommands } from './care-commands.ts';
import { carryImport } from './carry.ts';
import type { CommandAnswer, CommandContext } from './command.ts';
import { decide } from './decide.ts';
import { addDestinationCommands } from './destination-commands.ts';
import { addExtractCommands } from './extract-commands.ts';
import { addFacility, aliasFacility, listFacilities } from './facility.ts';
import { init } from './init.ts';
import { addKeyCommands } from './key-commands.ts';
import { addManifestCommands } from './manifest-commands.ts';
import { addReportCommands } from './report-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { trace } from './trace.ts';
import { verify } from './verify.ts';
import { addWatchCommands } from './watch-commands.ts';
import { addRetentionCommands } from './purge-commands.ts';
import { receiverVersion } from '../version.ts';

interface CommonOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** Answers the exit code: 0 done, 1 refused or not as it should be, 2 mistyped. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const language = languageOf(process.env);
  let exitCode = 0;

  /** A command that answers once, as JSON or as lines. */
  const answering =
    <Options>(work: (context: CommandContext, options: Options) => Promise<CommandAnswer>) =>
    async (options: CommonOptions & Options): Promise<void> => {
      print(await work(await contextOf(options.config, language), options), options);
    };
  /** The same for one that needs no region of its own. */
  const alone =
    <Options>(work: (language: Language, options: Options) => Promise<CommandAnswer>) =>
    async (options: Pick<CommonOptions, 'json'> & Options): Promise<void> => {
      print(await work(language, options), options);
    };
  const print = (answer: CommandAnswer, { json }: Pick<CommonOptions, 'json'>): void => {
    process.stdout.write(`${json === true ? JSON.stringify(answer.document) : answer.lines.join('\n')}\n`);
    exitCode = answer.exitCode ?? 0;
  };

  const program = new Command('vaguemestre-receiver')
    .exitOverride()
    .showHelpAfterError()
    .version(receiverVersion);
  const add = (parent: Command, usage: string, about: string): Command =>
    parent
      .command(usage)
      .description(about)
      .exitOverride()
      .requiredOption('--config <file>', 'configuration (YAML)', process.env['VAGUEMESTRE_CONFIG'])
      .option('--json', 'one JSON document on standard output');

  add(program, 'init', 'create the region: keys, database, trust bundle').action(answering(init));
  add(program, 'serve', 'run the receiver').action(async (options: CommonOptions) => {
    await serve(await contextOf(options.config, language));
  });

  const facility = program.command('facility').description('facilities').exitOverride();
  add(facility, 'add <finess>', 'register a facility')
    .requiredOption('--name <name>', 'its name')
    .action((finess: string, options: CommonOptions & { name: string }) =>
      answering(addFacility)({ ...options, finess }),
    );
  add(facility, 'alias <old> <new>', 'a renaming or merger')
    .requiredOption('--from <day>', 'first day under the new number (yyyy-mm-dd)')
    .action((old: string, to: string, options: CommonOptions & { from: string }) =>
      answering(aliasFacility)({ ...options, old, to }),
    );
  add(facility, 'list', 'registered facilities').action(answering(listFacilities));

  const agent = program.command('agent').description('agents').exitOverride();
  add(agent, 'invite', 'print a one-time enrolment code')
    .option('--name <name>', 'name of a new agent')
    .option('--facilities <finess,...>', 'facilities it may send for')
    .option(
      '--agent <id>',
      'replace the machine of an agent already known; with a name and facilities, bring one back that a restore lost',
    )
    .option('--approval', 'a second person must let the machine in')
    .option('--sheet <file>', 'write a sheet to print instead of showing the code (HTML)')
    .action(
      (
        options: CommonOptions & {
          name?: string;
          facilities?: string;
          agent?: string;
          approval?: boolean;
          sheet?: string;
        },
      ) => answering(invite)({ ...options, facilities: list(options.facilities ?? '') }),
    );
  add(agent, 'approve <id>', 'let in the machine that waits, as another person than who invited it')
    .requiredOption('--fingerprint <text>', 'as the hospital reads it from the agent')
    .action((id: string, options: CommonOptions & { fingerprint: string }) =>
      answering(approve)({ ...options, agent: id }),
    );
  add(agent, 'list', 'agents and their last heartbeat').action(answering(listAgents));
  add(agent, 'revoke <id>', 'refuse an agent from now on')
    .option('--reason <text>', 'why; kept in the audit log')
    .action((id: string, options: CommonOptions & { reason?: string }) =>
      answering(revoke)({ ...options, agent: id }),
    );

  addDestinationCommands({ program, add, answering });
  addAlertCommands({ program, add, answering });
  addWatchCommands({ program, add, answering }, { facility });
  addCareCommands({ add, answering }, { facility });
  addManifestCommands({ program, facility, add, answering, alone });
  addAuditCommands({ program, add, answering });
  addAccountCommands({ program, add, answering });
  addKeyCommands({ program, add, answering });
  addRetentionCommands({ program, add, answering });
  addBackupCommands({ program, add, answering, alone });
  addReportCommands({ program, add, answering });
  addExtractCommands({ program, add, answering });
  addTokenCommands({ program, add, answering });

  add(program, 'status', 'what is held, what waits for somebody').action(answering(status));
  add(program, 'trace <id>', 'the way of an export, envelope, dispatch or record key').action(
    (id: string, options: CommonOptions) => answering(trace)({ ...options, id }),
  );
  add(program, 'decide <target> <decision>', 'confirm or keep: an export, or finess:part:yyyy-mm-dd')
    .option('--reason <text>', 'why; with it, more than one person may remove becomes a proposal')
    .action((target: string, decision: string, options: CommonOptions & { reason?: string }) =>
      answering(decide)({ ...options, target, decision }),
    );
  const carry = program.command('carry').description('envelopes carried by hand').exitOverride();
  add(carry, 'import <file>', 'take in the file of "agent carry export"')
    .option('--answer <file>', 'write the receipts to take back to the hospital')
    .option('--wait <seconds>', 'wait for the serving receiver to apply what was brought', '10')
    .action((file: string, options: CommonOptions & { answer?: string; wait: string }) =>
      answering(carryImport)({ ...options, file, waitSeconds: Number(options.wait) || 0 }),
    );
  add(program, 'verify', 'prove that nothing is missing, altered or added').action(answering(verify));

  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return complain(error, language, argv.includes('--json'));
  }
}

async function contextOf(configPath: string, language: Language): Promise<CommandContext> {
  return {
    config: await loadConfig(configPath),
    language,
    clock: systemClock,
    random: systemRandom,
    logger: createLogger({ name: 'receiver', level: logLevel(process.env['VAGUEMESTRE_LOG']) }),
  };
}

function complain(error: unknown, language: Language, json: boolean): number {
  const fault = asFault(error);
  const described = describeFault(fault, language);
  process.stderr.write(`${described.message} [${described.code}]\n→ ${described.hint}\n`);
  if (fault.code === 'unexpected') createLogger({ name: 'receiver' }).error({ err: fault }, 'command-failed');
  if (json) process.stdout.write(`${JSON.stringify({ error: described })}\n`);
  return 1;
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

const levels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

function logLevel(text: string | undefined): LogLevel {
  return levels.find((level) => level === text) ?? 'info';
}
