import { readFile, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setupTexts as texts } from '../../shared/i18n/terminal-agent-setup.ts';
import { fill, type Bilingual, type Language } from '../../shared/i18n/texts.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { readAnswers, type Answers, type Settings } from '../config-answers.ts';
import { parseConfig } from '../config.ts';
import { readIdentityFile } from '../enrolment/identity-files.ts';
import { choice, createAsking, type Asking } from '../setup/asking.ts';
import { configText } from '../setup/config-text.ts';
import { interview } from '../setup/interview.ts';
import { proposed } from '../setup/interview-sources.ts';
import { configAt, placeConfig } from '../setup/place-config.ts';
import { recogniseFolder } from '../setup/recognise.ts';
import type { CommandContext, CommandSpec, Options, Surroundings } from './command.ts';
import { hasSystemd } from './service.ts';

/** What was done, as `--json` says it. */
interface SetupDocument {
  config: {
    readonly file: string;
    readonly result: 'written' | 'unchanged';
    readonly keptAside: string | null;
  };
  enrolled: 'now' | 'already' | 'later';
  codeFileDeleted: boolean;
  check: number | null;
  service: 'installed' | 'later' | null;
}

interface Job {
  readonly context: Surroundings;
  readonly language: Language;
  readonly configPath: string;
  /** The whole catalogue: what comes after the configuration is done by the commands that exist for it. */
  readonly specs: readonly CommandSpec[];
}

/** Exit code 0: done; 1: a fault; 2: nobody to ask and no answers. */
export async function setupCommand(
  context: Surroundings,
  given: {
    readonly answers: string | undefined;
    readonly config: string;
    readonly specs: readonly CommandSpec[];
  },
): Promise<number> {
  const configPath = resolve(given.config);
  const job = { context, configPath, specs: given.specs };
  if (given.answers !== undefined) return unattended({ ...job, language: context.language }, given.answers);
  if (!context.terminal.interactive || context.json) {
    context.terminal.note(texts.nobodyToAsk[context.language]);
    return 2;
  }
  const voice = {
    ask: (question: string) => context.terminal.ask(question),
    note: (line: string) => context.terminal.note(line),
  };
  const language = await createAsking(voice, context.language).one(
    texts.askLanguage,
    context.language,
    choice(['fr', 'en'] as const),
  );
  return attended({ ...job, language }, createAsking(voice, language));
}

async function unattended(job: Job, file: string): Promise<number> {
  const { context, configPath, language } = job;
  const answers = await readAnswers(file);
  const before = await configAt(configPath);
  const settings = await withMappings(answers.settings, before, configPath);
  const text = configText(settings, settings.language ?? language);
  const { state } = parseConfig(text, configPath);
  if (before !== undefined && before !== text && !answers.overwrite)
    throw permanent('setup-config-exists', { facts: { file: configPath } });
  const document = await written(job, text, before);
  document.enrolled = await enrolFrom(job, answers, state);
  if (answers.enroll?.deleteCodeFile === true)
    document.codeFileDeleted = await unlink(answers.enroll.codeFile).then(
      () => true,
      () => false,
    );
  if (answers.service?.install === true) await installService(job, answers);
  document.service = answers.service?.install === true ? 'installed' : null;
  if (answers.check) document.check = await follow(job, 'doctor', { config: configPath });
  if (context.json) context.print(JSON.stringify(document));
  return isWell(document.check ?? 0) ? 0 : 1;
}

/** `auto` becomes what the folder holds; on a second run, when the files are archived, what was found the first time. */
async function withMappings(
  settings: Settings,
  before: string | undefined,
  configPath: string,
): Promise<Settings> {
  const known = before === undefined ? [] : knownSources(before, configPath);
  const sources: Settings['sources'] = [];
  for (const source of settings.sources) {
    if (!source.mappings.includes('auto')) {
      sources.push(source);
      continue;
    }
    const earlier = known.find(({ name, folder }) => name === source.name && folder === source.folder);
    sources.push({
      ...source,
      mappings: earlier?.mappings ?? (await recognised(source.name, source.folder)),
    });
  }
  return { ...settings, sources };
}

function knownSources(
  text: string,
  path: string,
): readonly { name: string; folder: string; mappings: string[] }[] {
  try {
    return parseConfig(text, path).sources;
  } catch {
    // What stands there is no configuration: it knows nothing.
    return [];
  }
}

async function recognised(source: string, folder: string): Promise<string[]> {
  const found = await recogniseFolder(folder).catch((cause: unknown) => {
    throw permanent('setup-not-recognised', { facts: { source, folder }, cause });
  });
  const mappings = proposed(found);
  if (mappings === '' || found.unknown > 0)
    throw permanent('setup-not-recognised', { facts: { source, folder } });
  return mappings.split(', ');
}

async function enrolFrom(job: Job, answers: Answers, state: string): Promise<SetupDocument['enrolled']> {
  const enrolled = (await readIdentityFile(state)) !== undefined;
  if (answers.enroll === undefined) return enrolled ? 'already' : 'later';
  const { url, codeFile, replace } = answers.enroll;
  const code = await readFile(codeFile, 'utf8').catch(() => undefined);
  // A code works once: where it is gone, this is the second run.
  if (enrolled && (!replace || code === undefined)) return 'already';
  if (code === undefined) throw permanent('setup-code-file', { facts: { file: codeFile } });
  await follow(job, 'enroll', { url, codeFile, replace });
  return 'now';
}

async function installService(job: Job, { service }: Answers): Promise<void> {
  const named = {
    name: service?.name ?? 'vaguemestre-agent',
    ...(service?.user === undefined ? {} : { user: service.user }),
  };
  await follow(job, 'service install', named);
  if (service?.start === true) await follow(job, 'service start', { name: named.name });
}

async function written(job: Job, text: string, before: string | undefined): Promise<SetupDocument> {
  const { context, configPath, language } = job;
  const changed = before !== text;
  const aside = changed ? await placeConfig(configPath, text, before) : undefined;
  const say = (line: string): void => (context.json ? undefined : context.print(line));
  say(fill(texts[changed ? 'written' : 'unchanged'][language], { file: configPath }));
  if (aside !== undefined) say(fill(texts.keptAside[language], { file: aside }));
  return {
    config: { file: configPath, result: changed ? 'written' : 'unchanged', keptAside: aside ?? null },
    ...{ enrolled: 'later', codeFileDeleted: false, check: null, service: null },
  };
}

async function attended(job: Job, asking: Asking): Promise<number> {
  const { context, configPath } = job;
  const before = await configAt(configPath);
  const stateNow = before === undefined ? undefined : stateOf(before, configPath);
  const told = await interview(asking, { env: context.terminal.env, stateNow });
  const text = configText(told.settings, asking.language);
  const config = parseConfig(text, configPath);
  asking.say(texts.shown);
  context.print(text);
  const question = before === undefined || before === text ? texts.askWrite : texts.askOverwrite;
  if (!(await asking.yes(question, before === undefined, { file: configPath }))) {
    asking.say(texts.notWritten);
    return 1;
  }
  await written(job, text, before);
  await enrolNow(job, asking, { state: config.state, enroll: told.enroll });
  const mayInstall = process.getuid?.() === 0 && (await hasSystemd());
  if (mayInstall && (await offered(asking, texts.askService))) {
    await follow(job, 'service install', { name: 'vaguemestre-agent', user: 'vaguemestre' });
    await follow(job, 'service start', { name: 'vaguemestre-agent' });
  } else asking.say(texts.serviceLater, { file: configPath });
  if (specOf(job, 'doctor') === undefined || !(await offered(asking, texts.askCheck))) return 0;
  return isWell(await follow(job, 'doctor', { config: configPath })) ? 0 : 1;
}

/** Warnings are no failure of the setup: an agent that has not started yet has some. */
function isWell(doctorCode: number): boolean {
  return doctorCode < 2;
}

async function enrolNow(
  job: Job,
  asking: Asking,
  { state, enroll }: { state: string; enroll: { url: string; code: string } | undefined },
): Promise<void> {
  if ((await readIdentityFile(state)) !== undefined) asking.say(texts.alreadyEnrolled);
  else if (enroll === undefined || !(await offered(asking, texts.askEnrol)))
    asking.say(texts.enrolLater, { file: job.configPath });
  else {
    const { enrollCommand } = await import('./enroll.ts');
    await enrollCommand(await contextOf(job), { ...enroll, replace: false });
  }
}

/** What comes after the configuration is written may be left for later, also by Ctrl-D. */
async function offered(asking: Asking, question: Bilingual): Promise<boolean> {
  return asking.yes(question, true).catch((error: unknown) => {
    if (asFault(error).code === 'setup-interrupted') return false;
    throw error;
  });
}

function stateOf(text: string, path: string): string | undefined {
  try {
    return parseConfig(text, path).state;
  } catch {
    return undefined;
  }
}

function specOf({ specs }: Job, usage: string): CommandSpec | undefined {
  return specs.find((spec) => spec.usage === usage || spec.usage.startsWith(`${usage} [`));
}

/** Runs another command with the configuration just written; its exit code. With `--json`, only setup's own document is said. */
async function follow(job: Job, usage: string, options: Options): Promise<number> {
  const spec = specOf(job, usage);
  if (spec === undefined) return 0;
  const around = await contextOf(job);
  const code =
    spec.needs === 'config' ? await spec.run(around, options, []) : await spec.run(around, options, []);
  if (code !== 0 && usage !== 'doctor')
    throw permanent('setup-step-failed', { facts: { command: usage, code } });
  return code;
}

async function contextOf({ context, configPath, language }: Job): Promise<CommandContext> {
  const text = await readFile(configPath, 'utf8').catch((error: unknown) => {
    throw asFault(error);
  });
  return {
    ...{ language, configPath, json: context.json, terminal: context.terminal },
    print: context.json ? () => undefined : context.print,
    config: parseConfig(text, configPath),
  };
}
