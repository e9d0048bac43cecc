import { updateTexts as texts } from '../../shared/i18n/terminal-agent-update.ts';
import { describeCode } from '../../shared/i18n/errors.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { trialOf, versionBefore, type CurrentFile } from '../../shared/release/choose-version.ts';
import { completeRelease } from '../../shared/release/layout.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dropStaged, writeCurrent, writeProven } from '../update/decision.ts';
import { proveInTurn } from '../update/prove-release.ts';
import { isAgreed, tell } from './update-apply.ts';
import type { UpdateJob } from './update-job.ts';

/**
 * `update --back`: the version before runs again, once it has shown that it can work on the state. It needs no trial, having
 * had one. After a version that was well it can be gone forward again; one that never was is not kept. Faults:
 * `update-nothing-before`, `update-no-way-back`.
 */
export async function goBack(job: UpdateJob): Promise<number> {
  const { here, deps, language } = job;
  const { home, install, current, releases } = here;
  const before = current === undefined ? undefined : versionBefore(home, install, current);
  const release = before === undefined ? undefined : completeRelease(before.folder);
  if (
    current === undefined ||
    before === undefined ||
    release === undefined ||
    before.version === current.version
  )
    throw permanent('update-nothing-before', { facts: { running: here.running.version } });
  const { version } = current;
  const [back] = await proveInTurn(here, [before.folder], job.trying);
  if (back?.kind === 'failed') {
    const { message } = describeCode(back.code, language, back.facts);
    job.context.terminal.note(`${back.code}: ${message}`);
    const facts = { version, previous: before.version, check: back.check, reason: back.code };
    throw permanent('update-no-way-back', { facts });
  }
  const question = fill(texts.backQuestion[language], { version, previous: before.version });
  const agreed = await isAgreed(job, question);
  if (agreed !== 'yes') return agreed === 'nobody' ? 2 : 0;
  const { sequence } = release;
  const isProven = trialOf(install, current).healthy;
  const next: CurrentFile = {
    ...{ version: before.version, sequence, previous: isProven ? version : before.version },
    ...{ packaged: here.packaged, at: deps.clock.now(), reached: current.reached, highest: here.highest },
  };
  const ranAlready = here.running.version === before.version;
  await writeCurrent(releases, next);
  await writeProven(install, next);
  await dropStaged(releases);
  const facts = { version: before.version, previous: version };
  if (!(await deps.service.runs())) return tell(job, 'notRunning', facts);
  if (ranAlready) return tell(job, 'kept', facts);
  await deps.service.restart();
  return tell(job, 'switched', facts);
}
