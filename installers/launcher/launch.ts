import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launcherTexts as texts } from '../../shared/i18n/launcher.ts';
import { fill, languageOf } from '../../shared/i18n/texts.ts';
import { chooseVersion, trialStarts } from '../../shared/release/choose-version.ts';
import { readInstall } from '../../shared/release/layout.ts';
import { pauseBeforeRestart } from './restart-pause.ts';
import { beginTrialStart } from './trial.ts';

/**
 * Finds the version that is to run and runs it in this process. `home` is the folder of the installed program. This file
 * is laid by the package and never by an update, so that whatever an update brings, something sound decides what runs.
 */
export async function launch(home: string): Promise<void> {
  const say = (key: keyof typeof texts, facts: Readonly<Record<string, string | number>>): void => {
    process.stderr.write(`${fill(texts[key][languageOf(process.env)], facts)}\n`);
  };
  // Only the service's starts are a trial: a person asking for its status proves nothing.
  const isService = process.argv[2] === 'run';
  if (isService) pauseBeforeRestart();
  const install = readInstall(home);
  const chosen = install && chooseVersion(home, install);
  if (install === undefined || chosen === undefined) {
    say('nothingWhole', { home });
    process.exit(1);
  }
  const running = isService && chosen.onTrial ? beginTrialStart(home, install, chosen, say) : chosen;
  process.env['VAGUEMESTRE_HOME'] = home;
  process.env['VAGUEMESTRE_CONFIG'] ??= install.config;
  if (isService && running.insteadOf !== undefined) {
    process.env['VAGUEMESTRE_ROLLED_BACK'] = running.insteadOf;
    say('rolledBack', { version: running.insteadOf, previous: running.version, starts: trialStarts });
  }
  await import(pathToFileURL(join(running.folder, 'main.mjs')).href);
}
