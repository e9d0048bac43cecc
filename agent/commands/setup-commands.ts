import { setupHelp } from '../../shared/i18n/terminal-agent-setup.ts';
import { supportHelp } from '../../shared/i18n/terminal-agent-support.ts';
import { shadowHelp } from '../../shared/i18n/terminal-agent-shadow.ts';
import { commandLineTexts } from '../../shared/i18n/terminal-agent-commands.ts';
import { textOption, type CommandSpec } from './command.ts';
import { completionSpec, serviceCommands } from './service-commands.ts';
import { defaultConfig } from './default-config.ts';

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

function setupSpec(all: () => readonly CommandSpec[]): CommandSpec {
  return {
    usage: 'setup',
    help: setupHelp.setup,
    needs: 'nothing',
    options: [
      { flags: '--answers <file>', help: setupHelp.answers },
      { flags: '--config <file>', help: commandLineTexts.config, default: defaultConfig },
    ],
    run: async (context, options) =>
      (await import('./setup.ts')).setupCommand(context, {
        answers: textOption(options, 'answers'),
        config: textOption(options, 'config') ?? defaultConfig,
        specs: all(),
      }),
  };
}

function supportBundle(all: () => readonly CommandSpec[]): CommandSpec {
  return {
    usage: 'support-bundle <file>',
    help: supportHelp.bundle,
    // A configuration that cannot be read is a reason to ask for help.
    needs: 'nothing',
    options: [
      { flags: '--config <file>', help: commandLineTexts.config, default: defaultConfig },
      { flags: '--log <file>', help: supportHelp.log },
      { flags: '--service <name>', help: supportHelp.service, default: 'vaguemestre-agent' },
      { flags: '--with-names', help: supportHelp.withNames },
    ],
    run: async (context, options, [file = '']) =>
      (await import('./support-bundle.ts')).supportBundleCommand(context, {
        file,
        configPath: textOption(options, 'config') ?? defaultConfig,
        log: textOption(options, 'log'),
        service: textOption(options, 'service') ?? 'vaguemestre-agent',
        withNames: options['withNames'] === true,
        specs: all(),
      }),
  };
}

/** Commands around the agent's life on a machine. `all`: the whole catalogue. */
export function setupCommands(all: () => readonly CommandSpec[]): readonly CommandSpec[] {
  return [setupSpec(all), shadow, supportBundle(all), ...serviceCommands, completionSpec(all)];
}
