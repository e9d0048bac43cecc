import { serviceHelp as help } from '../../shared/i18n/terminal-agent-service.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { textOption, type CommandSpec, type OptionSpec } from './command.ts';

const everyService: readonly OptionSpec[] = [
  { flags: '--name <name>', help: help.name, default: 'vaguemestre-agent' },
  { flags: '--platform <system>', help: help.platform },
];
const dryRun: OptionSpec = { flags: '--dry-run', help: help.dryRun };
const root: OptionSpec = { flags: '--root <folder>', help: help.root };

/** The agent as a service of the system. */
export const serviceCommands: readonly CommandSpec[] = [
  {
    usage: 'service install',
    help: help.install,
    needs: 'config',
    options: [
      dryRun,
      ...everyService,
      { flags: '--user <name>', help: help.user, default: 'vaguemestre' },
      root,
      { flags: '--node <file>', help: help.node },
      { flags: '--script <file>', help: help.script },
      { flags: '--shawl <file>', help: help.shawl },
      { flags: '--account <account>', help: help.account },
    ],
    run: async (context, options) => (await import('./service.ts')).serviceInstallCommand(context, options),
  },
  {
    usage: 'service uninstall',
    help: help.uninstall,
    needs: 'nothing',
    options: [dryRun, ...everyService, root],
    run: async (context, options) => (await import('./service.ts')).serviceUninstallCommand(context, options),
  },
  ...(['start', 'stop'] as const).map((verb): CommandSpec => ({
    usage: `service ${verb}`,
    help: help[verb],
    needs: 'nothing',
    options: [dryRun, ...everyService],
    run: async (context, options) =>
      (await import('./service.ts')).serviceControlCommand(context, verb, options),
  })),
  {
    usage: 'service status',
    help: help.status,
    needs: 'nothing',
    options: everyService,
    run: async (context, options) => (await import('./service.ts')).serviceStatusCommand(context, options),
  },
];

/** `all`: the whole catalogue, which this command is part of. */
export function completionSpec(all: () => readonly CommandSpec[]): CommandSpec {
  return {
    usage: 'completion <shell>',
    help: help.completion,
    needs: 'nothing',
    options: [{ flags: '--program <name>', help: help.program, default: 'vaguemestre-agent' }],
    run: async (context, options, [shell = '']) => {
      if (shell !== 'bash' && shell !== 'zsh') throw permanent('completion-shell', { facts: { shell } });
      const { completionCommand } = await import('./completion.ts');
      return completionCommand(context, {
        shell,
        program: textOption(options, 'program') ?? '',
        specs: all(),
      });
    },
  };
}
