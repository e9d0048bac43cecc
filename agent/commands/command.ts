import type { Language } from '../../shared/i18n/texts.ts';
import type { AgentConfig } from '../config.ts';

/** What a command needs of the outside. */
export interface CommandContext {
  readonly config: AgentConfig;
  readonly configPath: string;
  readonly language: Language;
  readonly json: boolean;
  /** A line for a person or a program on stdout. */
  readonly print: (text: string) => void;
}
