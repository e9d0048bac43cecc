import { shadowHelp } from '../../shared/i18n/terminal-agent-shadow.ts';
import type { CommandSpec } from './command.ts';
import { completionSpec, serviceCommands } from './service-commands.ts';

const shadow: CommandSpec = {
  usage: 'shadow <folder>',
  help: shadowHelp.shadow,
  needs: 'config',
  options: [
    { flags: '--source <name>', help: shadowHelp.source },
    { flags: '--from <day>', help: shadowHelp.from },
    { flags: '--to <day>', help: shadowHelp.to },
    { flags: '--enough <days>', help: shadowHelp.enough, default: '7' },
  ],
  run: async (context, options, [folder = '']) =>
    (await import('./shadow.ts')).shadowCommand(context, folder, options),
};

/** Commands around the agent's life on a machine. `all`: the whole catalogue. */
export function setupCommands(all: () => readonly CommandSpec[]): readonly CommandSpec[] {
  return [shadow, ...serviceCommands, completionSpec(all)];
}
