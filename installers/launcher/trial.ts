import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import {
  currentOf,
  trialOf,
  trialStarts,
  versionBefore,
  type Chosen,
  type TrialFile,
} from '../../shared/release/choose-version.ts';
import type { InstallFile } from '../../shared/release/layout.ts';

/** How long a version on trial has to say that it is well. */
const trialSeconds = 300;
/** EX_SOFTWARE: the service manager starts it again, and that counts. */
const notWell = 70;

type Say = (key: 'notWell', facts: Readonly<Record<string, string | number>>) => void;

/**
 * Counts one start of the version on trial, before anything of it runs. Answers what is to run: that version, or the one
 * before it when this start cannot be counted: nothing would ever end the trial.
 */
export function beginTrialStart(home: string, install: InstallFile, chosen: Chosen, say: Say): Chosen {
  const current = currentOf(home, install);
  if (current === undefined || install.trial === null) return chosen;
  const trial = trialOf(install, current);
  if (!couldWrite(install.trial, { ...trial, starts: trial.starts + 1 }))
    return versionBefore(home, install, current) ?? chosen;
  // The judge is not the judged: whatever the new version does with its own timers, this one ends it.
  setTimeout(() => {
    if (trialOf(install, current).healthy) return;
    say('notWell', { version: chosen.version, seconds: trialSeconds, starts: trialStarts });
    process.exit(notWell);
  }, trialSeconds * 1000).unref();
  return chosen;
}

function couldWrite(path: string, trial: TrialFile): boolean {
  try {
    const file = openSync(`${path}.tmp`, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(trial));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.tmp`, path);
    return true;
  } catch {
    return false;
  }
}
