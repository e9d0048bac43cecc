import type { Bilingual, Language } from '../../shared/i18n/texts.ts';
import type { Fault } from '../../shared/runtime/errors.ts';
import type { AgentConfig } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** What every command has of the outside. */
export interface Surroundings {
  readonly language: Language;
  readonly json: boolean;
  readonly terminal: Terminal;
  /** A line for a person or a program on stdout. */
  readonly print: (text: string) => void;
}

export interface CommandContext extends Surroundings {
  readonly config: AgentConfig;
  readonly configPath: string;
}

export type Options = Readonly<Record<string, string | boolean | undefined>>;

export interface OptionSpec {
  /** "--from <day>", or "--yes" */
  readonly flags: string;
  readonly help: Bilingual;
  readonly default?: string;
  readonly required?: true;
}

interface Described {
  /** Name and arguments: "quarantine show <export>". Words before an argument nest. */
  readonly usage: string;
  readonly help: Bilingual;
  readonly options?: readonly OptionSpec[];
  /** Where a fault, of the configuration as well, has an answer of the command's own: its exit code. Undefined: it is told as any other. */
  readonly onFault?: (fault: Fault, around: Surroundings, options: Options) => Promise<number | undefined>;
}

/** The command itself is imported when it runs: what one command needs, no other waits for. Answers the exit code. */
export type CommandSpec = Described &
  (
    | {
        readonly needs: 'config';
        readonly run: (context: CommandContext, options: Options, args: readonly string[]) => Promise<number>;
      }
    /** Works where there is no configuration yet. */
    | {
        readonly needs: 'nothing';
        readonly run: (context: Surroundings, options: Options, args: readonly string[]) => Promise<number>;
      }
  );

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
