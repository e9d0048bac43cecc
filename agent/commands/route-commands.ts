import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commandHelp as help } from '../../shared/i18n/terminal-agent-commands.ts';
import { operationHelp } from '../../shared/i18n/terminal-agent-operations.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { textOption, type CommandContext, type CommandSpec } from './command.ts';

/** The commands of the route itself: who we are, go, how is it going, where is it, is it all there, once more. */
export const routeCommands: readonly CommandSpec[] = [
  {
    usage: 'enroll',
    help: help.enroll,
    needs: 'config',
    options: [
      { flags: '--url <url>', help: help.enrollUrl, required: true },
      { flags: '--code-file <file>', help: help.enrollCodeFile },
      { flags: '--replace', help: help.enrollReplace },
    ],
    run: async (context, options) => {
      const file = textOption(options, 'codeFile');
      const code = file === undefined ? await codeTyped(context) : await codeIn(file);
      const { enrollCommand } = await import('./enroll.ts');
      return enrollCommand(context, {
        url: String(options['url']),
        code,
        replace: options['replace'] === true,
      });
    },
  },
  {
    usage: 'run',
    help: help.run,
    needs: 'config',
    options: [
      { flags: '--once', help: help.runOnce },
      { flags: '--one-by-one', help: help.runOneByOne },
      { flags: '--timeout <seconds>', help: help.runTimeout, default: '600' },
    ],
    run: async (context, options) => {
      const { runCommand } = await import('./run.ts');
      return runCommand(context, {
        once: options['once'] === true || options['oneByOne'] === true,
        oneByOne: options['oneByOne'] === true,
        timeoutSeconds: Number(options['timeout']),
      });
    },
  },
  {
    usage: 'status',
    help: operationHelp.status,
    needs: 'config',
    options: [{ flags: '--brief', help: operationHelp.statusBrief }],
    run: async (context, options) => (await import('./status.ts')).statusCommand(context, options),
    onFault: async (fault, around, options) =>
      options['brief'] === true ? (await import('./status-unknown.ts')).cannotTell(fault, around) : undefined,
  },
  {
    usage: 'trace <what>',
    help: help.trace,
    needs: 'config',
    run: async (context, _options, [what = '']) => (await import('./trace.ts')).traceCommand(context, what),
  },
  {
    usage: 'verify',
    help: help.verify,
    needs: 'config',
    run: async (context) => (await import('./verify.ts')).verifyCommand(context),
  },
];

async function codeIn(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw permanent('setup-code-file', { facts: { file: resolve(file) }, cause });
  });
}

/** A person is asked; a pipe is read to its end. */
async function codeTyped({ terminal, language }: CommandContext): Promise<string> {
  return (await terminal.ask(`${help.enrollAskCode[language]} `)) ?? terminal.input();
}
