import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { privacyTexts } from '../../shared/i18n/privacy-sheet.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant } from '../../shared/runtime/paris-time.ts';
import { printHtml, printMarkdown } from '../retention/privacy/paper.ts';
import { processingRecord, protectionSheet } from '../retention/privacy/privacy-papers.ts';
import { receiverVersion } from '../version.ts';
import type { CommandAnswer, CommandContext } from './command.ts';
import { shownDay } from './destination-words.ts';
import { tellRetention } from './purge.ts';

/** The processing record and the data-protection sheet, of the settings as they are; no region is needed yet. */
export async function privacy(
  context: CommandContext,
  options: { readonly to: string; readonly language?: string | undefined },
): Promise<CommandAnswer> {
  const { config, clock } = context;
  const language = languageOf(options.language ?? context.language);
  const folder = resolve(options.to);
  await mkdir(folder, { recursive: true });
  const facts = {
    config,
    language,
    version: receiverVersion,
    day: shownDay(dayOfInstant(clock.now()), language),
  };
  const papers = [
    { name: privacyTexts.recordFile[language], paper: processingRecord(facts) },
    { name: privacyTexts.sheetFile[language], paper: protectionSheet(facts) },
  ];
  const files: string[] = [];
  for (const { name, paper } of papers)
    for (const [end, text] of [
      ['html', printHtml(paper, language)],
      ['md', printMarkdown(paper)],
    ] as const) {
      const file = join(folder, `${name}.${end}`);
      await writeDurably(file, text, 0o644);
      files.push(file);
    }
  return {
    document: { files },
    lines: [...files, tellRetention(context.language, 'privacyFill')],
  };
}

function languageOf(text: string): Language {
  if (text === 'fr' || text === 'en') return text;
  throw permanent('command-invalid', { facts: { detail: '--language fr | en' } });
}
