import { existsSync } from 'node:fs';
import { updateTexts as texts } from '../../shared/i18n/terminal-agent-update.ts';
import { describeCode } from '../../shared/i18n/errors.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { trialOf, trialStarts, type CurrentFile } from '../../shared/release/choose-version.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { databaseOf } from '../agent.ts';
import { loadConfig } from '../config.ts';
import { systemService } from '../service/control.ts';
import { dropStaged, readStaged } from '../update/decision.ts';
import { installationAt, type Installation } from '../update/installation.ts';
import { openUpdate, prepareUpdate, reopenStaged, type Preparing } from '../update/prepare-update.ts';
import { isRunning } from '../update/release-rules.ts';
import { tidyReleases } from '../update/tidy-releases.ts';
import { takeUpdateLock } from '../update/update-lock.ts';
import { textOption, type Options, type Surroundings } from './command.ts';
import { applyPrepared, follow, tell } from './update-apply.ts';
import { goBack } from './update-back.ts';
import type { UpdateDeps, UpdateJob } from './update-job.ts';
import { showUpdateStatus } from './update-status.ts';

/**
 * `update`: exit code 0 done (or prepared, or in place already), 1 a fault or a version that was taken back, 2 a wrong command
 * line or nobody to agree. Killed at any step, it leaves what ran before, and the same command goes on from there.
 */
export async function updateCommand(
  context: Surroundings,
  options: Options,
  deps: UpdateDeps = {
    env: context.terminal.env,
    service: systemService(textOption(options, 'service') ?? ''),
    clock: systemClock,
  },
): Promise<number> {
  const file = textOption(options, 'file');
  const actions = [file, options['apply'], options['back'], options['status']].filter(Boolean);
  if (actions.length !== 1) {
    context.terminal.note(texts.oneAction[context.language]);
    return 2;
  }
  const home = deps.env['VAGUEMESTRE_HOME'];
  const { releases } = installationAt(home);
  if (options['status'] === true) return showUpdateStatus(context, installationAt(home));
  const unlock = takeUpdateLock(releases);
  try {
    const job = await jobOf(context, options, deps);
    await tidyReleases(job.here, undefined);
    if (options['back'] === true) return await goBack(job);
    return file === undefined
      ? await applyStaged(job)
      : await applyFile(job, file, options['stage'] === true);
  } finally {
    context.terminal.progress('');
    unlock();
  }
}

async function applyFile(job: UpdateJob, file: string, stageOnly: boolean): Promise<number> {
  const { here, context, deps } = job;
  const say = speaker(texts, job.language);
  context.terminal.progress(say('verifying'));
  const update = await openUpdate(here, file);
  const { version } = update.release;
  const decided = currentIf(here, update.release);
  if (decided !== undefined && !(await isGivenUp(job))) return resume(job, decided);
  if (isRunning(here, update.file.release)) return tell(job, 'already', { version });
  context.terminal.progress(say('trying'));
  const prepared = await prepareUpdate(update, preparing(job));
  context.terminal.progress('');
  if (stageOnly) return tell(job, 'staged', { version, previous: here.proven.version });
  return applyPrepared(job, prepared, deps.clock.now());
}

async function applyStaged(job: UpdateJob): Promise<number> {
  const decided = currentIf(job.here, readStaged(job.here.releases));
  if (decided !== undefined) return resume(job, decided);
  job.context.terminal.progress(texts.trying[job.language]);
  const prepared = await reopenStaged(preparing(job));
  job.context.terminal.progress('');
  return applyPrepared(job, prepared, job.deps.clock.now());
}

/** What is decided already, when it is this release. */
function currentIf(
  { current }: Installation,
  wanted: { readonly version: string; readonly sequence: number } | undefined,
): CurrentFile | undefined {
  return current?.version === wanted?.version && current?.sequence === wanted?.sequence ? current : undefined;
}

/** A command that was stopped just after it had decided, or one given twice. */
async function resume(job: UpdateJob, decided: CurrentFile): Promise<number> {
  const { releases } = job.here;
  if (readStaged(releases)?.version === decided.version) await dropStaged(releases);
  return follow(job, decided);
}

/** Its trial is lost: it may have another. While its last try still runs, that is not known. */
async function isGivenUp({ here: { install, current }, deps }: UpdateJob): Promise<boolean> {
  if (current === undefined) return false;
  const { healthy, starts, rolledBackAt } = trialOf(install, current);
  if (healthy) return false;
  return rolledBackAt !== undefined || (starts >= trialStarts && !(await deps.service.runs()));
}

function preparing({ here, trying, context, language, deps }: UpdateJob): Preparing {
  return {
    ...{ here, trying, now: deps.clock.now(), platform: `${process.platform}-${process.arch}` },
    onFailed: ({ code, facts }) => {
      const { message, hint } = describeCode(code, language, facts);
      context.terminal.note(`${code}: ${message}\n→ ${hint}`);
    },
  };
}

/** Under the lock: what an update that has just ended changed is seen. Faults: those of the configuration. */
async function jobOf(context: Surroundings, options: Options, deps: UpdateDeps): Promise<UpdateJob> {
  const configPath = String(options['config']);
  const config = existsSync(configPath) ? await loadConfig(configPath) : undefined;
  return {
    ...{ context, deps, language: config?.language ?? context.language },
    here: installationAt(deps.env['VAGUEMESTRE_HOME']),
    trying: { configPath, database: config === undefined ? undefined : databaseOf(config.state) },
    yes: options['yes'] === true,
    wait: options['wait'] !== false,
  };
}
