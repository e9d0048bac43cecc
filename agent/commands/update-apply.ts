import { existsSync } from 'node:fs';
import { updateTexts as texts } from '../../shared/i18n/terminal-agent-update.ts';
import { operationTexts } from '../../shared/i18n/terminal-agent-operations.ts';
import { speaker, type Facts } from '../../shared/i18n/texts.ts';
import { trialOf, trialStarts, type CurrentFile } from '../../shared/release/choose-version.ts';
import { crashPoint } from '../../shared/runtime/crash-point.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { schemaVersion } from '../../shared/runtime/sqlite.ts';
import { openAgentDatabase } from '../outbox/database.ts';
import { createNotes } from '../outbox/notes.ts';
import { awaitTrial } from '../update/await-trial.ts';
import { dropStaged, forgetTrial, writeCurrent } from '../update/decision.ts';
import { installationAt } from '../update/installation.ts';
import type { Prepared } from '../update/prepare-update.ts';
import { regionBefore, type RegionBefore } from '../update/region-before.ts';
import { tidyReleases } from '../update/tidy-releases.ts';
import { shownTime } from './operation-options.ts';
import type { UpdateJob } from './update-job.ts';

/** Asks, switches, restarts, and waits for the new version to say that it is well. */
export async function applyPrepared(
  job: UpdateJob,
  { release, schema }: Prepared,
  now: number,
): Promise<number> {
  const { here } = job;
  const { version, sequence } = release;
  const before = memoryBefore(job.trying.database);
  describe(job, { release, schema }, before.schema);
  const agreed = await isAgreed(job, texts.question[job.language]);
  if (agreed !== 'yes') return agreed === 'nobody' ? 2 : tell(job, 'staged', { version });
  const current: CurrentFile = {
    ...{ version, sequence, previous: here.proven.version, packaged: here.packaged, at: now },
    ...before.region,
    highest: Math.max(here.highest, sequence),
  };
  await writeCurrent(here.releases, current);
  await forgetTrial(here.install);
  await dropStaged(here.releases);
  return follow(job, current);
}

/** From the moment of the decision on: also where an earlier command was stopped after it. */
export async function follow(job: UpdateJob, current: CurrentFile): Promise<number> {
  const { deps, here, context } = job;
  const { version, previous } = current;
  const { starts, healthy } = trialOf(here.install, current);
  if (healthy) return tell(job, 'already', { version });
  if (!(await deps.service.runs())) return tell(job, 'notRunning', { version, previous });
  if (starts === 0) await deps.service.restart();
  crashPoint('update-restarted');
  if (!job.wait) return tell(job, 'switched', { version, previous });
  const say = speaker(texts, job.language);
  const end = await awaitTrial({
    ...{ install: here.install, current, service: deps.service, clock: deps.clock },
    onStart: (count) =>
      context.terminal.progress(say('starting', { version, starts: count, most: trialStarts })),
  });
  switch (end) {
    case 'healthy':
      await tidyReleases(installationAt(here.home), current);
      return tell(job, 'healthy', { version, previous });
    case 'rolled-back': {
      const since = trialOf(here.install, current).rolledBackAt ?? null;
      const facts = { version, running: previous, since: shownTime(since, job.language) };
      throw permanent('update-rolled-back', { facts });
    }
    case 'stopped':
      throw permanent('update-service-stopped', { facts: { version } });
    case 'undecided':
      throw permanent('update-undecided', { facts: { version } });
  }
}

type Outcome = 'already' | 'staged' | 'switched' | 'notRunning' | 'healthy' | 'kept';

/** Says how it ended, and ends with 0. */
export function tell({ context, language }: UpdateJob, outcome: Outcome, facts: Facts): number {
  if (context.json) context.print(JSON.stringify({ outcome, ...facts }));
  else context.print(speaker(texts, language)(outcome, facts));
  return 0;
}

/** Never without a person's word: given beforehand, or now. */
export async function isAgreed(
  { yes, context, language }: Pick<UpdateJob, 'yes' | 'context' | 'language'>,
  question: string,
): Promise<'yes' | 'no' | 'nobody'> {
  if (yes) return 'yes';
  const asked = `${question} ${operationTexts.yesOrNo[language]} `;
  const answer = context.json ? undefined : await context.terminal.ask(asked);
  if (answer !== undefined) return /^(o|oui|y|yes)$/i.test(answer) ? 'yes' : 'no';
  context.terminal.note(texts.nobody[language]);
  return 'nobody';
}

function describe(job: UpdateJob, { release, schema }: Prepared, schemaBefore: number | undefined): void {
  if (job.context.json) return;
  const say = speaker(texts, job.language);
  const { version, files, expiresAt, downgrade } = release;
  const previous = job.here.proven.version;
  const megabytes = (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 / 1024).toFixed(1);
  const until = new Date(expiresAt).toISOString().slice(0, 10);
  const lines = [
    say('proven', { version, previous }),
    say('brings', { version, previous, files: files.length, megabytes, until }),
    ...(downgrade ? [say('downgrade')] : []),
    ...(schemaBefore === undefined || schemaBefore === schema
      ? []
      : [say('schema', { from: schemaBefore, to: schema })]),
    say('restarts'),
  ];
  for (const line of lines) job.context.print(line);
}

/** What the new version is measured by. */
function memoryBefore(database: string | undefined): {
  readonly region: RegionBefore;
  readonly schema: number | undefined;
} {
  if (database === undefined || !existsSync(database))
    return { region: regionBefore(undefined), schema: undefined };
  const open = openAgentDatabase(database, { readonly: true });
  try {
    return { region: regionBefore(createNotes(open)), schema: schemaVersion(open.db).version };
  } finally {
    open.close();
  }
}
