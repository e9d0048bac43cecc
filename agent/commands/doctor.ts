import { describeCode } from '../../shared/i18n/errors.ts';
import { checkNames, doctorFindings } from '../../shared/i18n/terminal-agent-doctor-findings.ts';
import { doctorTexts as texts } from '../../shared/i18n/terminal-agent-doctor.ts';
import { shownFacts } from '../../shared/i18n/shown.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { asFault, type Fault } from '../../shared/runtime/errors.ts';
import { loadMappings } from '../agent.ts';
import { loadConfig } from '../config.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { databaseCheck } from '../health/doctor/check-database.ts';
import { roomCheck, runningCheck, stateCheck } from '../health/doctor/check-machine.ts';
import { namesCheck, regionCheck, tlsCheck, wayCheck } from '../health/doctor/check-network.ts';
import { identityCheck, settingsCheck } from '../health/doctor/check-settings.ts';
import { sourcesCheck } from '../health/doctor/check-sources.ts';
import { examine, worst, type Examination } from '../health/doctor/examine.ts';
import type { Check, Examined } from '../health/doctor/finding.ts';
import { probeAccess, probeVariable } from '../health/doctor/service-account.ts';
import { proxyFor } from '../push/proxy.ts';
import type { Surroundings } from './command.ts';

export interface DoctorOptions {
  readonly configPath: string;
  readonly account: string | undefined;
  /** The region's address, while there is no identity that knows it. */
  readonly url: string | undefined;
  readonly ticket: string | true | undefined;
}

/** In the order in which data goes. */
const checks: readonly Check[] = [
  settingsCheck({ mustLoad: loadMappings }),
  identityCheck,
  stateCheck,
  runningCheck,
  sourcesCheck,
  databaseCheck,
  roomCheck,
  namesCheck,
  wayCheck,
  tlsCheck,
  regionCheck,
];

/** Exit 0: all is well. 1: warnings. 2: something does not work. */
export async function doctorCommand(context: Surroundings, options: DoctorOptions): Promise<number> {
  const { terminal } = context;
  const probe = terminal.env[probeVariable];
  if (probe !== undefined) {
    context.print(await probeAccess(probe));
    return 0;
  }
  const examined = await prepare(options, terminal.env);
  const language = examined.config?.language ?? context.language;
  if (options.ticket !== undefined) {
    const { doctorTicketCommand } = await import('./doctor-ticket.ts');
    return doctorTicketCommand({ ...context, language }, examined, options.ticket);
  }
  const examinations = await examine(checks, examined, (name) =>
    terminal.progress(checkNames[name]?.[language] ?? name),
  );
  terminal.progress('');
  const result = worst(examinations);
  if (context.json) context.print(JSON.stringify(documentOf(examinations, language)));
  else for (const line of lines(examinations, language)) context.print(line);
  return { ok: 0, warning: 1, failure: 2 }[result];
}

/** Each part on its own: what is missing is a finding, not an end. */
async function prepare(
  { configPath, account, url: asked }: DoctorOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Examined> {
  const config = await kept(loadConfig(configPath));
  const identity = config.value === undefined ? none : await kept(loadIdentity(config.value.state));
  const url = identity.value?.ingestUrl ?? asked;
  const proxy = url === undefined ? none : await kept(proxyFor(url, config.value?.proxy, env));
  return {
    ...{ configPath, account, url, clock: systemClock },
    ...{ config: config.value, configFault: config.fault },
    ...{ identity: identity.value, identityFault: identity.fault },
    ...{ proxy: proxy.value, proxyFault: proxy.fault },
  };
}

const none = { value: undefined, fault: undefined };

async function kept<T>(
  work: Promise<T>,
): Promise<{ readonly value: T | undefined; readonly fault: Fault | undefined }> {
  try {
    return { value: await work, fault: undefined };
  } catch (error) {
    return { value: undefined, fault: asFault(error) };
  }
}

function said(
  code: string,
  facts: Readonly<Record<string, string | number>>,
  language: Language,
): { readonly message: string; readonly cure: string | null } {
  const text = doctorFindings[code];
  if (text !== undefined) {
    const { message, cure } = text;
    const shown = shownFacts(facts, language);
    return {
      message: fill(message[language], shown),
      cure: cure === undefined ? null : fill(cure[language], shown),
    };
  }
  const { message, hint } = describeCode(code, language, facts);
  return { message, cure: hint };
}

function documentOf(examinations: readonly Examination[], language: Language): unknown {
  return {
    result: worst(examinations),
    checks: examinations.map(({ check, findings }) => ({
      check,
      findings: findings.map(({ level, code, facts = {} }) => ({
        level,
        code,
        ...said(code, facts, language),
        facts,
      })),
    })),
  };
}

const marks = { ok: '✓', warning: '!', failure: '✗' } as const;

function lines(examinations: readonly Examination[], language: Language): readonly string[] {
  const found = examinations.flatMap(({ check, findings }) =>
    findings.flatMap(({ level, code, facts = {} }) => {
      const { message, cure } = said(code, facts, language);
      const name = checkNames[check]?.[language] ?? check;
      return [
        `${marks[level]} ${name}${language === 'fr' ? ' ' : ''}: ${message.replaceAll('\n', '\n    ')}`,
        ...(level === 'ok' || cure === null ? [] : [`    → ${cure}`]),
      ];
    }),
  );
  return [...found, texts[worst(examinations)][language]];
}
