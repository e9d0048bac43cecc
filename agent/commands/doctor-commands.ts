import { doctorHelp as help } from '../../shared/i18n/terminal-agent-doctor.ts';
import { textOption, type CommandSpec } from './command.ts';
import { defaultConfig } from './default-config.ts';

/** What is wrong, from the settings to the region, and its cure. */
export const doctorCommands: readonly CommandSpec[] = [
  {
    usage: 'doctor',
    help: help.doctor,
    needs: 'nothing',
    options: [
      { flags: '--config <file>', help: help.config, default: defaultConfig },
      { flags: '--ticket [file]', help: help.ticket },
      { flags: '--repair', help: help.repair },
      { flags: '--account <name>', help: help.account },
      { flags: '--url <url>', help: help.url },
    ],
    run: async (context, options) => {
      const configPath = String(options['config']);
      if (options['repair'] === true) {
        const { doctorRepairCommand } = await import('./doctor-repair.ts');
        return doctorRepairCommand(context, configPath);
      }
      const { doctorCommand } = await import('./doctor.ts');
      return doctorCommand(context, {
        configPath,
        account: textOption(options, 'account'),
        url: textOption(options, 'url'),
        ticket: options['ticket'] === true ? true : textOption(options, 'ticket'),
      });
    },
  },
];
