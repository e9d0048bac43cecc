import { existsSync } from 'node:fs';
import { updateTexts as texts } from '../../shared/i18n/terminal-agent-update.ts';
import { fill, speaker } from '../../shared/i18n/texts.ts';
import { readInstall } from '../../shared/release/layout.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { databaseOf } from '../agent.ts';
import { takeStateLock } from '../health/state-lock.ts';
import { createBacklog } from '../outbox/backlog.ts';
import { openAgentDatabase } from '../outbox/database.ts';
import { removeInstalled } from '../update/remove-installed.ts';
import type { Surroundings } from './command.ts';
import { stateFolder } from './selftest-return.ts';
import { isAgreed } from './update-apply.ts';

export interface PurgeOptions {
  readonly configPath: string;
  readonly check: boolean;
  readonly loseUnsent: boolean;
  readonly yes: boolean;
}

/**
 * `purge`: what packages that keep no such list themselves call before they go. Refused while the agent runs, and while
 * something waits for the region, unless a person says that it is to be lost. Faults: `update-not-installed`,
 * `purge-no-state`, `purge-unsent`, `state-locked`.
 */
export async function purgeCommand(context: Surroundings, options: PurgeOptions): Promise<number> {
  const { json, language, print, terminal } = context;
  const state = await stateFolder(options.configPath, terminal.env);
  if (options.check) {
    const unsent = state === undefined ? 0 : unsentIn(state);
    print(json ? JSON.stringify({ unsent }) : String(unsent));
    return 0;
  }
  const home = terminal.env['VAGUEMESTRE_HOME'];
  const install = home === undefined ? undefined : readInstall(home);
  if (install === undefined) throw permanent('update-not-installed');
  const config = options.configPath;
  if (state === undefined) throw permanent('purge-no-state', { facts: { config } });
  const release = existsSync(state) ? takeStateLock(state, systemClock) : () => undefined;
  try {
    const count = options.loseUnsent ? 0 : unsentIn(state);
    if (count > 0) throw permanent('purge-unsent', { facts: { count } });
    const question = fill(texts.purgeQuestion[language], { state, config });
    const agreed = await isAgreed({ yes: options.yes, context, language }, question);
    if (agreed !== 'yes') return agreed === 'nobody' ? 2 : 1;
  } finally {
    release();
  }
  const { removed, left } = await removeInstalled({ state, config, releases: install.releases });
  const say = speaker(texts, language);
  if (json) print(JSON.stringify({ removed, left }));
  else {
    for (const path of removed) print(say('purged', { path }));
    for (const path of left) print(say('left', { path }));
  }
  return 0;
}

/** Envelopes that the region has not acknowledged. */
function unsentIn(state: string): number {
  const path = databaseOf(state);
  if (!existsSync(path)) return 0;
  const database = openAgentDatabase(path, { readonly: true });
  try {
    return createBacklog(database).unsent();
  } finally {
    database.close();
  }
}
