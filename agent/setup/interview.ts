import { access, constants, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setupTexts as texts } from '../../shared/i18n/terminal-agent-setup.ts';
import { parseEnrolmentCode } from '../../shared/protocol/enrolment-code.ts';
import { readInstall } from '../../shared/release/layout.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import type { Settings } from '../config-answers.ts';
import type { Asking, Checked } from './asking.ts';
import { choice } from './asking.ts';
import { askSources } from './interview-sources.ts';

export interface Told {
  readonly settings: Settings;
  /** Undefined: later, with `enroll`. */
  readonly enroll: { readonly url: string; readonly code: string } | undefined;
}

/**
 * The questions of a first configuration, from the machine to the region to the hospital's software; each answer is checked
 * before the next is asked. Writes nothing.
 */
export async function interview(
  asking: Asking,
  known: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stateNow: string | undefined;
  },
): Promise<Told> {
  asking.say(texts.welcome);
  asking.say(texts.partMachine);
  const state = await asking.one(texts.askState, known.stateNow ?? defaultState(known.env), writable);
  asking.say(texts.partRegion);
  const url = await asking.one(texts.askUrl, '', blankOr(httpsUrl));
  const enroll = url === '' ? undefined : { url, code: await asking.one(texts.askCode, '', enrolmentCode) };
  const proxy = await askProxy(asking, known.env);
  asking.say(texts.partSources);
  const sources = await askSources(asking);
  asking.say(texts.partNotice);
  const email = await askEmail(asking);
  return {
    settings: {
      ...{ state, language: asking.language, sources },
      ...(proxy === undefined ? {} : { proxy }),
      ...(email === undefined ? {} : { notify: { email } }),
    },
    enroll,
  };
}

function defaultState(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['VAGUEMESTRE_HOME'];
  // Where an installed agent counts its trials is its state.
  const trial = home === undefined ? undefined : readInstall(home)?.trial;
  if (typeof trial === 'string') return dirname(trial);
  if (process.platform === 'win32') return join(env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'vaguemestre-agent');
  return process.getuid?.() === 0
    ? '/var/lib/vaguemestre-agent'
    : join(env['HOME'] ?? homedir(), '.local/state/vaguemestre-agent');
}

/** The folder itself, or the nearest one above it that is there. */
async function writable(answer: string): Promise<Checked<string>> {
  const path = resolve(answer);
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found === undefined && dirname(at) !== at) continue;
    if (found?.isDirectory() !== true) return { hint: texts.notAFolder, facts: { path: at } };
    const allowed = await access(at, constants.W_OK).then(
      () => true,
      () => false,
    );
    return allowed ? { value: path } : { hint: texts.notWritable, facts: { path: at } };
  }
}

export function blankOr(
  check: (answer: string) => Checked<string> | Promise<Checked<string>>,
): (answer: string) => Checked<string> | Promise<Checked<string>> {
  return (answer) => (answer === '' || answer === '-' ? { value: '' } : check(answer));
}

function httpsUrl(answer: string): Checked<string> {
  return URL.canParse(answer) && new URL(answer).protocol === 'https:'
    ? { value: answer }
    : { hint: texts.notHttps };
}

/** The code itself, or a file that holds it. It is not said again, here or anywhere. */
async function enrolmentCode(answer: string): Promise<Checked<string>> {
  const isCode = /^vgm1\./i.test(answer);
  const text = isCode ? answer : await readFile(resolve(answer), 'utf8').catch(() => undefined);
  if (text === undefined || answer === '') return { hint: texts.noCode };
  try {
    parseEnrolmentCode(text);
    return { value: text };
  } catch (error) {
    return { hint: asFault(error).facts['why'] === 'checksum' ? texts.codeMistyped : texts.noCode };
  }
}

export async function readable(answer: string): Promise<Checked<string>> {
  const path = resolve(answer);
  return access(path, constants.R_OK).then(
    () => ({ value: path }),
    () => ({ hint: texts.fileUnreadable, facts: { path } }),
  );
}

async function askProxy(
  asking: Asking,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Settings['proxy']> {
  const fromSystem = env['HTTPS_PROXY'] ?? env['https_proxy'] ?? '';
  // With a password in it, it is no answer to propose: it would be written down in clear.
  const preset = fromSystem.includes('@') ? '' : fromSystem;
  const url = await asking.one(
    preset === '' ? texts.askProxy : texts.askProxyFound,
    preset,
    blankOr(proxyUrl),
  );
  if (url === '') return undefined;
  const username = await asking.one(texts.askProxyUser, '', (answer) => ({ value: answer }));
  if (username === '') return { url };
  return { url, username, passwordFile: await asking.one(texts.askPasswordFile, '', readable) };
}

function proxyUrl(answer: string): Checked<string> {
  if (!URL.canParse(answer)) return { hint: texts.notProxy };
  const { protocol, username } = new URL(answer);
  return /^https?:$/.test(protocol) && username === '' ? { value: answer } : { hint: texts.notProxy };
}

type Email = NonNullable<NonNullable<Settings['notify']>['email']>;

async function askEmail(asking: Asking): Promise<Email | undefined> {
  const to = await asking.one(texts.askEmail, '', blankOr(address));
  if (to === '') return undefined;
  const host = await asking.one(texts.askMailHost, 'localhost', (answer) => ({ value: answer }));
  const tls = await asking.one(
    texts.askMailTls,
    host === 'localhost' ? 'none' : 'starttls',
    choice(['starttls', 'implicit', 'none'] as const),
  );
  const port = await asking.one(
    texts.askMailPort,
    { starttls: '587', implicit: '465', none: '25' }[tls],
    portNumber,
  );
  const from = await asking.one(texts.askMailFrom, to, address);
  const username =
    tls === 'none' ? '' : await asking.one(texts.askMailUser, '', (answer) => ({ value: answer }));
  const passwordFile = username === '' ? undefined : await asking.one(texts.askPasswordFile, '', readable);
  return {
    ...{ host, port, tls, from, to: [to] },
    ...(passwordFile === undefined ? {} : { username, passwordFile }),
  };
}

function address(answer: string): Checked<string> {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(answer) ? { value: answer } : { hint: texts.notAnAddress };
}

export function portNumber(answer: string): Checked<number> {
  const value = Number(answer);
  return Number.isInteger(value) && value > 0 && value < 65_536 ? { value } : { hint: texts.notAPort };
}
