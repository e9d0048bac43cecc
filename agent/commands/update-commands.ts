import { updateHelp as help } from '../../shared/i18n/terminal-agent-update.ts';
import { textOption, type CommandSpec, type OptionSpec } from './command.ts';
import { defaultConfig } from './default-config.ts';

const config: OptionSpec = { flags: '--config <file>', help: help.config, default: defaultConfig };
const yes: OptionSpec = { flags: '--yes', help: help.yes };

/** The installed agent's own life: another version of it, whether it works, and its end. */
export const updateCommands: readonly CommandSpec[] = [
  {
    usage: 'update',
    help: help.update,
    needs: 'nothing',
    options: [
      { flags: '--file <file>', help: help.file },
      { flags: '--stage', help: help.stage },
      { flags: '--apply', help: help.apply },
      { flags: '--back', help: help.back },
      { flags: '--status', help: help.status },
      yes,
      { flags: '--no-wait', help: help.noWait },
      { flags: '--service <name>', help: help.service, default: 'vaguemestre-agent' },
      config,
    ],
    run: async (context, options) => (await import('./update.ts')).updateCommand(context, options),
  },
  {
    usage: 'selftest',
    help: help.selftest,
    needs: 'nothing',
    options: [
      { flags: '--copy <folder>', help: help.copy },
      { flags: '--may-return-to <n>', help: help.mayReturnTo },
      config,
    ],
    run: async (context, options) => {
      const configPath = String(options['config']);
      const schema = textOption(options, 'mayReturnTo');
      if (schema !== undefined) {
        const { selftestReturnCommand } = await import('./selftest-return.ts');
        return selftestReturnCommand(context, { configPath, schema });
      }
      const { selftestCommand } = await import('./selftest.ts');
      return selftestCommand(context, { configPath, copy: textOption(options, 'copy') });
    },
  },
  {
    usage: 'purge',
    help: help.purge,
    needs: 'nothing',
    options: [
      { flags: '--check', help: help.check },
      { flags: '--lose-unsent', help: help.loseUnsent },
      yes,
      config,
    ],
    run: async (context, options) =>
      (await import('./purge.ts')).purgeCommand(context, {
        configPath: String(options['config']),
        check: options['check'] === true,
        loseUnsent: options['loseUnsent'] === true,
        yes: options['yes'] === true,
      }),
  },
];
