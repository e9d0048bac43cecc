import { access, constants } from 'node:fs/promises';
import { describeCode } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { systemCode } from '../../shared/runtime/errors.ts';
import type { AgentConfig } from '../config.ts';
import type { Identity } from '../enrolment/identity.ts';
import { expiryTrouble } from '../health/certificate-expiry.ts';
import { createNotes, type Notes } from '../outbox/notes.ts';
import { stateText } from './export-document.ts';
import { describeRefusal } from './refusals.ts';
import type { OpenState } from './open-state.ts';
import { agentVersion } from '../version.ts';
import { shownTime } from './operation-options.ts';
import type { StatusFacts, Trouble, TroubleLevel } from './status-document.ts';

interface Asked {
  readonly config: AgentConfig;
  readonly identity: Identity;
  readonly language: Language;
  readonly now: number;
  /** What the disk guard says. */
  readonly disk: string | null;
}

type Facts = Readonly<Record<string, string | number>>;
type Tell = (level: TroubleLevel, where: string, code: string, facts?: Facts) => Trouble;

/** What is wrong and what to do, in the order data takes. */
export async function troublesOf(
  asked: Asked,
  status: StatusFacts,
  open: OpenState,
): Promise<readonly Trouble[]> {
  const { language } = asked;
  const notes = createNotes(open.database);
  const tell: Tell = (level, where, code, facts = {}) => {
    const { message, hint } = describeCode(code, language, facts);
    return { level, where, code, message, hint };
  };
  return [
    ...diskTroubles(asked, status, notes, tell),
    ...settingTroubles(notes, tell),
    ...updateTroubles(asked, notes, tell),
    ...certificateTroubles(asked, tell),
    ...(await sourceTroubles(status, tell)),
    ...exportTroubles(status, language),
    ...quarantineTroubles(status, tell),
    ...refusalTroubles(status, language),
    ...regionTroubles(asked, status, notes, tell),
    ...pushTroubles(open, notes, tell),
  ];
}

function diskTroubles(
  { disk }: Asked,
  { running }: StatusFacts,
  notes: Notes,
  tell: Tell,
): readonly Trouble[] {
  // What a stopped agent has left says nothing of now.
  const paused = running === null ? undefined : notes.read('intake-paused');
  const code = disk ?? paused?.code;
  return code === undefined ? [] : [tell('critical', 'disk', code)];
}

function settingTroubles(notes: Notes, tell: Tell): readonly Trouble[] {
  const refused = notes.read('config-refused');
  const notice = notes.read('notice-problem');
  return [
    ...(refused === undefined ? [] : [tell('warning', 'config', refused.code, refused.facts)]),
    ...(notice === undefined
      ? []
      : [tell('warning', 'notify', notice.code, { host: notice.host, reason: notice.reason })]),
  ];
}

/** The version that was given up is not what runs: the vendor is to know, and the hospital need not hurry. */
function updateTroubles({ language }: Asked, notes: Notes, tell: Tell): readonly Trouble[] {
  const found = notes.read('release-rolled-back');
  if (found === undefined) return [];
  const { version, at } = found;
  const facts = { version, running: agentVersion, since: shownTime(at, language) };
  return [tell('warning', 'update', 'update-rolled-back', facts)];
}

function certificateTroubles({ identity, now }: Asked, tell: Tell): readonly Trouble[] {
  const found = expiryTrouble(identity.validity.until, now);
  if (found === null) return [];
  const isNear = found.code === 'certificate-ended' || found.code === 'certificate-ends-7';
  const until = new Date(identity.validity.until).toISOString();
  return [tell(isNear ? 'critical' : 'warning', 'identity', found.code, { days: found.days, until })];
}

/** What this account finds, or what the agent under its own account has noted. */
async function sourceTroubles({ sources, running }: StatusFacts, tell: Tell): Promise<readonly Trouble[]> {
  const found: Trouble[] = [];
  for (const { name, folder, problem, problemFacts } of sources) {
    const reason = await access(folder, constants.R_OK | constants.X_OK).then(
      () => undefined,
      (error: unknown) => systemCode(error) ?? '',
    );
    if (reason !== undefined) found.push(tell('critical', name, 'source-unreachable', { folder, reason }));
    else if (problem === 'source-unreachable') {
      // What a stopped agent has left says nothing of now.
      if (running !== null) found.push(tell('critical', name, problem, problemFacts));
    } else if (problem !== null) found.push(tell('warning', name, problem, problemFacts));
  }
  return found;
}

function exportTroubles({ sources }: StatusFacts, language: Language): readonly Trouble[] {
  return sources.flatMap(({ name, last }): readonly Trouble[] =>
    last === null || last.error === null
      ? []
      : [
          {
            level: 'warning' as const,
            where: `${name}: ${last.file}`,
            code: last.error.code,
            message: last.reason ?? stateText(last.state, language),
            hint: last.error.hint,
          },
        ],
  );
}

function quarantineTroubles({ quarantine: count }: StatusFacts, tell: Tell): readonly Trouble[] {
  return count === 0 ? [] : [tell('warning', 'quarantine', 'quarantine-waiting', { count })];
}

function refusalTroubles({ refusals }: StatusFacts, language: Language): readonly Trouble[] {
  return refusals.map((refusal) => {
    const { code, message, hint } = describeRefusal(refusal, language);
    return { level: 'warning', where: refusal.destination, code, message, hint };
  });
}

const hourMs = 3_600_000;
/** A run a day, which may come late. */
const runsEveryHours = 26;

/** Silent for longer than the hospital has set; that nobody even asks is another matter. */
function regionTroubles(
  { config, language, now }: Asked,
  { running }: StatusFacts,
  notes: Notes,
  tell: Tell,
): readonly Trouble[] {
  const found = (code: string, since: number): readonly Trouble[] => [
    tell('critical', 'region', code, { since: shownTime(since, language) }),
  ];
  const since = notes.read('last-contact-at') ?? notes.read('region-silent')?.since;
  const lastRun = notes.read('last-run');
  const isOnce = lastRun?.how === 'once';
  if (isOnce && now - lastRun.at >= runsEveryHours * hourMs) return found('run-overdue', lastRun.at);
  // Between two runs nobody asks: what counts is that the last one was not answered.
  const asked = isOnce ? lastRun.at : now;
  if (since === undefined || asked - since < config.notify.afterHours * hourMs) return [];
  return found(running === null && !isOnce ? 'agent-not-running' : 'region-silent', since);
}

/** Refused for who we are: no waiting helps. */
const refusals = /^(certificate-|agent-not-active|enrolment-)/;

function pushTroubles({ backlog }: OpenState, notes: Notes, tell: Tell): readonly Trouble[] {
  const codes = new Set([notes.read('contact-problem')?.code, backlog.lastProblem() ?? undefined]);
  return [...codes].flatMap((code) =>
    code === undefined ? [] : [tell(refusals.test(code) ? 'critical' : 'warning', 'push', code)],
  );
}
