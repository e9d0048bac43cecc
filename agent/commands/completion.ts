import { commandLineTexts } from '../../shared/i18n/terminal-agent-commands.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { CommandSpec, Surroundings } from './command.ts';

/** One place on the command line, and what may be typed next. `at`: the words before it, "quarantine show". */
interface Place {
  readonly at: string;
  readonly words: readonly Word[];
  /** The command takes files or folders beside its options. */
  readonly files: boolean;
}

interface Word {
  readonly word: string;
  readonly help: string;
  /** What an option's value is; undefined = it takes none. */
  readonly value?: 'file' | 'other';
}

export function completionCommand(
  { language, json, print }: Surroundings,
  { shell, program, specs }: { shell: string; program: string; specs: readonly CommandSpec[] },
): number {
  if (!/^[\w.-]{1,60}$/.test(program)) throw permanent('completion-program', { facts: { program } });
  const places = placesOf(specs, language);
  const script = shell === 'bash' ? bashScript(program, places) : zshScript(program, places);
  print(json ? JSON.stringify({ shell, program, script }) : script.trimEnd());
  return 0;
}

/** The same words that the parser knows, from the same table. */
function placesOf(specs: readonly CommandSpec[], language: Language): readonly Place[] {
  const places = new Map<string, { words: Map<string, Word>; files: boolean }>();
  const place = (at: string): { words: Map<string, Word>; files: boolean } => {
    const known = places.get(at) ?? { words: new Map<string, Word>(), files: false };
    places.set(at, known);
    return known;
  };
  const put = (at: string, word: Word): void => void place(at).words.set(word.word, word);
  const root = commandLineTexts;
  put('', { word: '--help', help: root.help[language] });
  put('', { word: '--version', help: root.version[language] });
  put('', { word: 'help', help: root.help[language] });
  for (const spec of specs) {
    const words = spec.usage.split(' ');
    const names = words.filter((word) => !/^[<[]/.test(word));
    names.forEach((word, index) => {
      const last = index === names.length - 1;
      const group = `group-${word}`;
      const about = group in root ? root[group as keyof typeof root][language] : '';
      const at = names.slice(0, index).join(' ');
      // A word may be a command and the first of others: its own help is the better one.
      if (last || place(at).words.get(word) === undefined)
        put(at, { word, help: last ? spec.help[language] : about });
    });
    const at = names.join(' ');
    place(at).files = words.some((word) =>
      /file|folder|sample|mapping|export|what|answer|old/i.test(argument(word)),
    );
    for (const { flags, help } of spec.options ?? []) put(at, optionWord(flags, help[language]));
    if (spec.needs === 'config') put(at, optionWord('--config <file>', root.config[language]));
    put(at, optionWord('--json', root.json[language]));
    put(at, optionWord('--help', root.help[language]));
  }
  return [...places].map(([at, { words, files }]) => ({ at, words: [...words.values()], files }));
}

/** The name of an argument, nothing for a plain word. */
function argument(word: string): string {
  return /^[<[]/.test(word) ? word : '';
}

function optionWord(flags: string, help: string): Word {
  const word = /--[\w-]+/.exec(flags)?.[0] ?? flags;
  const value = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1];
  if (value === undefined) return { word, help };
  return { word, help, value: /file|folder|dir|path/i.test(value) ? 'file' : 'other' };
}

function functionName(program: string): string {
  return `_${program.replace(/\W/g, '_')}`;
}

/** Groups and commands, deepest first, as alternatives of a shell `case`. */
function known(places: readonly Place[]): string {
  return places
    .filter(({ at }) => at !== '')
    .map(({ at }) => `"${at}"`)
    .join('|');
}

function valueCases(places: readonly Place[], kind: 'file' | 'other'): string {
  return places
    .flatMap(({ at, words }) =>
      words.filter(({ value }) => value === kind).map(({ word }) => `"${at}:${word}"`),
    )
    .join('|');
}

function bashScript(program: string, places: readonly Place[]): string {
  const name = functionName(program);
  const cases = places.map(
    ({ at, words, files }) =>
      `    "${at}") words="${words.map(({ word }) => word).join(' ')}"; files=${files ? 1 : 0} ;;`,
  );
  return `# bash completion of ${program}: source it, or put it into /etc/bash_completion.d
${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" next words="" files=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${at:+$at }\${COMP_WORDS[i]}"
    case "$next" in
      ${known(places)}) at="$next" ;;
    esac
  done
  case "$at:$prev" in
    ${valueCases(places, 'file') || '""'})
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      return ;;
    ${valueCases(places, 'other') || '""'}) return ;;
  esac
  case "$at" in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  if ((files)) && [[ $cur != -* ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  fi
}
complete -F ${name} ${program}
`;
}

function zshScript(program: string, places: readonly Place[]): string {
  const name = functionName(program);
  const entry = ({ word, help }: Word): string => `'${word}:${help.replace(/'/g, `'\\''`)}'`;
  const cases = places.map(
    ({ at, words, files }) =>
      `    "${at}") entries=(${words.map(entry).join(' ')}); files=${files ? 1 : 0} ;;`,
  );
  return `#compdef ${program}
# zsh completion of ${program}: put it into a folder of $fpath as _${program}, or source it after compinit
${name}() {
  local at="" next i files=0
  local -a entries
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }\${words[i]}"
    case "$next" in
      ${known(places)}) at="$next" ;;
    esac
  done
  case "$at:\${words[CURRENT-1]}" in
    ${valueCases(places, 'file') || '""'}) _files; return ;;
    ${valueCases(places, 'other') || '""'}) return ;;
  esac
  case "$at" in
${cases.join('\n')}
  esac
  _describe '${program}' entries
  if ((files)); then _files; fi
}
if [[ "$funcstack[1]" == "${name}" ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
}
