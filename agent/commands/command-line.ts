import { Command } from 'commander';
import { describeFault } from '../../shared/i18n/errors.ts';
import { commandLineTexts, placeholders } from '../../shared/i18n/terminal-agent-commands.ts';
import { languageOf, type Bilingual, type Language } from '../../shared/i18n/texts.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { loadConfig } from '../config.ts';
import { agentVersion } from '../version.ts';
import { commandSpecs } from './catalogue.ts';
import type { CommandSpec, Options } from './command.ts';
import { createTerminal, type Streams, type Terminal } from './terminal.ts';
import { defaultConfig } from './default-config.ts';

/** Parses the command line and runs one command. Answers the exit code; 2 = the command line itself is wrong. */
export async function runCommandLine(argv: readonly string[], streams: Streams = process): Promise<number> {
  const terminal = createTerminal(streams);
  const locale = languageOf(streams.env);
  const state = { exitCode: 0, language: locale };
  const program = createProgram(terminal, locale);
  for (const spec of commandSpecs) addCommand(program, spec, locale, run(spec, terminal, state));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (isUsage(error)) return error.exitCode === 0 ? 0 : 2;
    reportFault(error, state.language, argv.includes('--json'), terminal);
    return 1;
  }
  return state.exitCode;
}

/** Commander's own errors: it has already said what is wrong. */
function isUsage(error: unknown): error is { readonly exitCode: number } {
  return (
    error instanceof Error &&
    'code' in error &&
    /^commander\./.test(String(error.code)) &&
    'exitCode' in error
  );
}

function createProgram(terminal: Terminal, language: Language): Command {
  return dressed(new Command('vaguemestre-agent'), terminal, language).version(
    agentVersion,
    '-V, --version',
    commandLineTexts.version[language],
  );
}

function dressed(command: Command, terminal: Terminal, language: Language): Command {
  const say = (text: Bilingual): string => text[language];
  return (
    command
      .exitOverride()
      // "faults --source x" and "faults mute --source x": an option belongs to the command it follows.
      .enablePositionalOptions()
      .showHelpAfterError()
      .helpOption('-h, --help', say(commandLineTexts.help))
      .helpCommand('help [command]', say(commandLineTexts.help))
      .configureOutput({
        writeOut: (text) => terminal.out(text.trimEnd()),
        writeErr: (text) => terminal.note(text.trimEnd()),
        outputError: (text, write) => write(usageError(text, language)),
        getOutHelpWidth: () => Math.min(terminal.columns, 100),
        getErrHelpWidth: () => Math.min(terminal.columns, 100),
      })
      .configureHelp({
        optionDescription: ({ description, defaultValue }) =>
          defaultValue === undefined
            ? description
            : `${description} (${say(commandLineTexts.default)} ${String(defaultValue)})`,
        styleTitle: (title) => {
          const text = titles[title];
          return text === undefined ? title : say(text);
        },
        styleUsage: (usage) => worded(usage, language),
      })
  );
}

/** Usage or flags with their placeholders in the reader's language: "--from <jour>". */
function worded(usage: string, language: Language): string {
  if (language === 'en') return usage;
  return usage.replace(
    /([<[])(\w+)(\.{3})?([>\]])/g,
    (whole, open: string, word: string, more = '', close = '') =>
      word in placeholders ? `${open}${placeholders[word]}${more}${close}` : whole,
  );
}

/** Commander says what is wrong with a command line in English; the names it quotes stay as they were typed. */
function usageError(text: string, language: Language): string {
  return language === 'en'
    ? text
    : usageErrors.reduce((said, [english, french]) => said.replace(english, french), text);
}

const usageErrors: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown command /, 'commande inconnue : '],
  [/^error: unknown option /, 'option inconnue : '],
  [/^error: missing required argument /, 'il manque : '],
  [/^error: required option (.*) not specified/, 'il manque l’option $1'],
  [/^error: option (.*) argument missing/, 'il manque une valeur à l’option $1'],
  [/^error: too many arguments.*/, 'trop d’arguments'],
  [/\(Did you mean (?:one of )?(.*)\?\)/, '(peut-être $1 ?)'],
];

const titles: Readonly<Record<string, Bilingual>> = {
  'Usage:': commandLineTexts.usage,
  'Options:': commandLineTexts.options,
  'Commands:': commandLineTexts.commands,
  'Arguments:': commandLineTexts.arguments,
};

type Action = (options: Options, args: readonly string[]) => Promise<void>;

function addCommand(program: Command, spec: CommandSpec, language: Language, action: Action): void {
  const words = worded(spec.usage, language).split(' ');
  const firstArgument = words.findIndex((word) => /^[<[]/.test(word));
  const names = firstArgument < 0 ? words : words.slice(0, firstArgument);
  const parent = names.slice(0, -1).reduce((above, name) => groupNamed(above, name, language), program);
  const command = parent
    .command([names.at(-1) ?? '', ...words.slice(names.length)].join(' '))
    .description(spec.help[language]);
  command.copyInheritedSettings(parent).helpOption('-h, --help', commandLineTexts.help[language]);
  for (const { flags, help, default: preset, required } of spec.options ?? []) {
    if (required === true) command.requiredOption(worded(flags, language), help[language]);
    else command.option(worded(flags, language), help[language], preset);
  }
  if (spec.needs === 'config')
    command.option(worded('--config <file>', language), commandLineTexts.config[language], defaultConfig);
  command.option('--json', commandLineTexts.json[language]);
  command.action(async () => action(command.opts<Options>(), command.args));
}

function groupNamed(above: Command, name: string, language: Language): Command {
  const known = above.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const group = above.command(name).copyInheritedSettings(above);
  const about = commandLineTexts[`group-${name}` as keyof typeof commandLineTexts] as Bilingual | undefined;
  return group
    .description(about?.[language] ?? '')
    .helpOption('-h, --help', commandLineTexts.help[language])
    .helpCommand(false);
}

function run(spec: CommandSpec, terminal: Terminal, state: { exitCode: number; language: Language }): Action {
  return async (options, args) => {
    const around = {
      json: options['json'] === true,
      terminal,
      print: (text: string) => terminal.out(text),
    };
    const answer = async (): Promise<number> => {
      if (spec.needs === 'nothing') return spec.run({ ...around, language: state.language }, options, args);
      const configPath = String(options['config']);
      const config = await loadConfig(configPath);
      state.language = config.language ?? state.language;
      return spec.run({ ...around, config, configPath, language: state.language }, options, args);
    };
    state.exitCode = await answer().catch(async (error: unknown) => {
      const told = await spec.onFault?.(asFault(error), { ...around, language: state.language }, options);
      if (told === undefined) throw error;
      return told;
    });
  };
}

function reportFault(error: unknown, language: Language, json: boolean, terminal: Terminal): void {
  const fault = asFault(error);
  const described = describeFault(fault, language);
  terminal.note(`${described.code}: ${described.message}\n→ ${described.hint}`);
  if (fault.code === 'unexpected' && fault.cause instanceof Error)
    terminal.note((fault.cause.stack ?? '').split('\n').slice(1, 6).join('\n'));
  if (json) terminal.out(JSON.stringify({ error: { code: described.code, hint: described.hint } }));
}
