import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command } from 'commander';
import { describeFault } from '../../shared/i18n/errors.ts';
import { languageOf, type Language } from '../../shared/i18n/texts.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { loadConfig } from '../config.ts';
import { agentVersion } from '../version.ts';
import type { CommandContext } from './command.ts';
import { enrollCommand } from './enroll.ts';
import { runCommand } from './run.ts';
import { resendCommand } from './resend.ts';
import { statusCommand } from './status.ts';
import { traceCommand } from './trace.ts';
import { verifyCommand } from './verify.ts';

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Parses the command line and runs one command. Answers the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  let language = languageOf(process.env);

  const withConfig =
    (run: (context: CommandContext, options: Options, args: readonly string[]) => Promise<number>) =>
    async (...given: readonly unknown[]): Promise<void> => {
      const command = given.at(-1) as Command;
      const options = command.opts<Options>();
      const path = String(options['config']);
      const config = await loadConfig(path);
      language = config.language ?? language;
      exitCode = await run(
        {
          config,
          configPath: path,
          language,
          json: options['json'] === true,
          print: (line) => process.stdout.write(`${line}\n`),
        },
        options,
        command.args,
      );
    };

  const program = new Command('agent').version(agentVersion).showHelpAfterError();
  const add = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--config <file>', 'configuration file', 'agent.yaml')
      .option('--json', 'print JSON on stdout');

  add('enroll', 'turn a one-time code of the region into this agent’s identity')
    .requiredOption('--url <url>', 'enrolment address of the region (https)')
    .option('--code-file <file>', 'file holding the code; else it is read from stdin')
    .option('--replace', 'bring a lost agent back: its old certificates end')
    .action(
      withConfig(async (context, options) => {
        const file = options['codeFile'];
        const code = typeof file === 'string' ? await readFile(file, 'utf8') : await readAll(process.stdin);
        return enrollCommand(context, {
          url: String(options['url']),
          code,
          replace: options['replace'] === true,
        });
      }),
    );

  add('run', 'take exports from the sources, seal and send them')
    .option('--once', 'take what is there, wait for every outcome, then stop')
    .option('--one-by-one', 'with --once: each export goes its whole way before the next is read')
    .option('--timeout <seconds>', 'with --once: stop waiting after this long', '600')
    .action(
      withConfig((context, options) =>
        runCommand(context, {
          once: options['once'] === true || options['oneByOne'] === true,
          oneByOne: options['oneByOne'] === true,
          timeoutSeconds: Number(options['timeout']),
        }),
      ),
    );

  add('status', 'what was taken, what waits, what is wrong and what to do').action(
    withConfig((context) => statusCommand(context)),
  );
  add('trace <what>', 'the way of a file, file:line, export, envelope or record key').action(
    withConfig((context, _options, [what = '']) => traceCommand(context, what)),
  );
  add('verify', 'prove that nothing is missing, altered or added').action(
    withConfig((context) => verifyCommand(context)),
  );
  add('resend <what>', 'send a file or an export again, even when it was processed already').action(
    withConfig((context, _options, [what = '']) => resendCommand(context, what)),
  );

  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    reportFault(error, language, argv.includes('--json'));
    return 1;
  }
  return exitCode;
}

function reportFault(error: unknown, language: Language, json: boolean): void {
  const fault = asFault(error);
  const described = describeFault(fault, language);
  process.stderr.write(`${described.code}: ${described.message}\n→ ${described.hint}\n`);
  if (fault.code === 'unexpected' && fault.cause instanceof Error)
    process.stderr.write(`${(fault.cause.stack ?? '').split('\n').slice(1, 6).join('\n')}\n`);
  if (json)
    process.stdout.write(`${JSON.stringify({ error: { code: described.code, hint: described.hint } })}\n`);
}
