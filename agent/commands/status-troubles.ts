import { access } from 'node:fs/promises';
import { describeCode } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { AgentConfig } from '../config.ts';
import type { Identity } from '../enrolment/identity.ts';
import { expiryTrouble } from '../health/certificate-expiry.ts';
import { createNotes, type Notes } from '../outbox/notes.ts';
import { stateText } from './export-document.ts';
import type { OpenState } from './open-state.ts';
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
    ...certificateTroubles(asked, tell),
    ...(await unreachable(asked.config, tell)),
    ...sourceTroubles(status, language, tell),
    ...quarantineTroubles(status, tell),
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

function certificateTroubles({ identity, now }: Asked, tell: Tell): readonly Trouble[] {
  const found = expiryTrouble(identity.validity.until, now);
  if (found === null) return [];
  const isNear = found.code === 'certificate-ended' || found.code === 'certificate-ends-7';
  const until = new Date(identity.validity.until).toISOString();
  return [tell(isNear ? 'critical' : 'warning', 'identity', found.code, { days: found.days, until })];
}

async function unreachable({ sources }: AgentConfig, tell: Tell): Promise<readonly Trouble[]> {
  const found: Trouble[] = [];
  for (const { name, folder } of sources) {
    const reachable = await access(folder).then(
      () => true,
      () => false,
    );
    if (!reachable) found.push(tell('critical', name, 'source-unreachable', { folder, reason: '' }));
  }
  return found;
}

function sourceTroubles({ sources }: StatusFacts, language: Language, tell: Tell): readonly Trouble[] {
  return sources.flatMap(({ name, folder, problem, last }): readonly Trouble[] => [
    ...(problem === null || problem === 'source-unreachable'
      ? []
      : [tell('warning', name, problem, { folder })]),
    ...(last === null || last.error === null
      ? []
      : [
          {
            level: 'warning' as const,
            where: `${name}: ${last.file}`,
            code: last.error.code,
            message: stateText(last.state, language),
            hint: last.error.hint,
          },
        ]),
  ]);
}

function quarantineTroubles({ quarantine: count }: StatusFacts, tell: Tell): readonly Trouble[] {
  return count === 0 ? [] : [tell('warning', 'quarantine', 'quarantine-waiting', { count })];
}

/** Silent for longer than the hospital has set; that nobody even asks is another matter. */
function regionTroubles(
  { config, language, now }: Asked,
  { running }: StatusFacts,
  notes: Notes,
  tell: Tell,
): readonly Trouble[] {
  const since = notes.read('last-contact-at') ?? notes.read('region-silent')?.since;
  if (since === undefined || now - since < config.notify.afterHours * 3_600_000) return [];
  const code = running === null ? 'agent-not-running' : 'region-silent';
  return [tell('critical', 'region', code, { since: shownTime(since, language) })];
}

/** Refused for who we are: no waiting helps. */
const refusals = /^(certificate-|agent-not-active|enrolment-)/;

function pushTroubles({ backlog }: OpenState, notes: Notes, tell: Tell): readonly Trouble[] {
  const codes = new Set([notes.read('contact-problem')?.code, backlog.lastProblem() ?? undefined]);
  return [...codes].flatMap((code) =>
    code === undefined ? [] : [tell(refusals.test(code) ? 'critical' : 'warning', 'push', code)],
  );
}
