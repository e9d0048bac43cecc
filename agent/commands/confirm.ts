import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import type { CommandContext, Options } from './command.ts';

/** Whether a person wants it done: by --yes, or by the answer on a terminal. In a pipe without --yes nothing is done. */
export async function isConfirmed(
  { json, language, terminal }: CommandContext,
  options: Options,
  question: string,
): Promise<boolean> {
  if (options['yes'] === true) return true;
  if (json) return false;
  const answer = await terminal.ask(`${question} ${texts.yesOrNo[language]} `);
  return /^(o|oui|y|yes)$/i.test(answer ?? '');
}
