import { styleText } from 'node:util';
import { findingText } from '../../shared/i18n/findings.ts';
import { sandboxTerminal, type SandboxTerminalText } from '../../shared/i18n/terminal-sandbox.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';

/** What the view reads of an export's document. */
export interface ShownExport {
  readonly file: string;
  readonly state: string;
  readonly error: { readonly code: string; readonly hint: string } | null;
  readonly records: number;
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly suspended: number;
  readonly findingsTotal: number;
  readonly findings: readonly { readonly rule: string; readonly field: string | null }[];
}

type Facts = Readonly<Record<string, string | number>>;

/** Lines for a person: nothing moves on the screen, so that a log of it reads as well. */
export interface View {
  readonly language: Language;
  text(name: SandboxTerminalText, facts?: Facts): string;
  say(name: SandboxTerminalText, facts?: Facts): void;
  title(text: string): void;
  state(state: string): string;
  exported(hospital: string, shown: ShownExport): void;
  rules(shown: readonly ShownExport[]): void;
  suggestion(why: string, lines: readonly string[]): void;
}

export function createView({
  language,
  write,
}: {
  readonly language: Language;
  readonly write: (line: string) => void;
}): View {
  const text = (name: SandboxTerminalText, facts: Facts = {}): string =>
    fill(sandboxTerminal[name][language], facts);
  const stateText = (state: string): string => {
    const word = state in sandboxTerminal ? text(state as SandboxTerminalText) : state;
    return styleText(state === 'forwarded' ? 'green' : state === 'duplicate' ? 'gray' : 'yellow', word);
  };

  return {
    language,
    text,
    say: (name, facts) =>
      write(`${facts?.['name'] === undefined ? '' : pad(String(facts['name']))}${text(name, facts)}`),
    title: (line) => write(`\n${styleText('bold', line)}`),
    state: stateText,
    exported: (hospital, shown) => {
      write(`  ${pad(hospital)}${pad(shown.file, 34)}${stateText(shown.state)}  ${details(shown, text)}`);
      if (shown.suspended > 0) write(`  ${pad('')}${text('suspended', { suspended: shown.suspended })}`);
    },
    rules: (shown) => {
      const counts = countUp(
        shown.flatMap(({ findings }) =>
          findings.map(({ rule, field }) => findingText(rule, language, field)),
        ),
      );
      const most = [...counts].sort(([, one], [, other]) => other - one).slice(0, 6);
      for (const [sentence, count] of most) write(`  ${String(count).padStart(5)}  ${sentence}`);
    },
    suggestion: (why, lines) => {
      write(`  ${why}`);
      for (const line of lines) write(`    ${styleText('cyan', line)}`);
    },
  };
}

function details(shown: ShownExport, text: View['text']): string {
  if (shown.state === 'rejected' && shown.error !== null) return `${shown.error.code} → ${shown.error.hint}`;
  const { records, added, updated, unchanged, removed } = shown;
  const line = text('counts', { records, added, updated, unchanged, removed });
  const rules = [...countUp(shown.findings.map(({ rule }) => rule))]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([rule, count]) => `${rule} ×${count}`);
  return rules.length === 0 ? line : `${line}  ${styleText('gray', rules.join(', '))}`;
}

export function countUp(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function pad(text: string, width = 14): string {
  return text.padEnd(width);
}
