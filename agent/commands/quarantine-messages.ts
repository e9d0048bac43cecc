import { open, unlink, type FileHandle } from 'node:fs/promises';
import { describeCode } from '../../shared/i18n/errors.ts';
import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import type { RefusedMessage } from '../adt/movement-store.ts';
import {
  countRefused,
  isCut,
  keptMessages,
  newestRefused,
  type KeptMessage,
} from '../adt/refused-messages.ts';
import { openOldVault, type Vault } from '../assembly/vault.ts';
import { encodeText, encodingNamed, type Encoding } from '../reader/decode.ts';
import { headerStart } from '../reader/hl7v2/separators.ts';
import { textOption, type CommandContext, type Options } from './command.ts';
import { isoTime, limitOption, operator, shownTime, sourceOption } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';
import { tableLines } from './terminal.ts';

const mostListed = 1000;

/** HL7 messages that were refused as they came: when, where and why, never what is in them; or, with `out`, themselves in a file. */
export async function refusedMessages(context: CommandContext, options: Options): Promise<number> {
  const source = sourceOption(options, context.config);
  const out = textOption(options, 'out');
  const limit = limitOption(options, mostListed);
  return withOperations(context.config.state, async (opened) => {
    const counts = countRefused(opened.database).filter(
      (one) => source === undefined || one.source === source,
    );
    if (counts.length > 0 && out !== undefined) return writeOut(context, opened, counts, out);
    list(context, opened, counts, limit);
    return 0;
  });
}

type Counts = ReturnType<typeof countRefused>;

function list(
  { json, language, print, terminal }: CommandContext,
  { database }: OpenOperations,
  counts: Counts,
  limit: number,
): void {
  const shown = counts.flatMap(({ source }) =>
    newestRefused(database, source, limit).map((one) => describe(source, one, language)),
  );
  const total = counts.reduce((sum, { n }) => sum + n, 0);
  if (json) {
    print(
      JSON.stringify({ total, messages: shown.map(({ when, ...one }) => ({ ...one, at: isoTime(when) })) }),
    );
    return;
  }
  if (total === 0) {
    print(texts.messagesNone[language]);
    return;
  }
  const heads = [texts.headSource, texts.headAt, texts.headCode, texts.headField, texts.headSentence];
  const lines = tableLines(
    heads.map((head) => head[language]),
    shown.map(({ source, when, code, place, message }) => [
      ...[source, shownTime(when, language), code, place, message],
    ]),
    terminal,
  );
  for (const line of lines) print(line);
  if (total > shown.length) print(fill(texts.messagesMore[language], { more: total - shown.length }));
  print(texts.messagesNext[language]);
}

function describe(source: string, { at, code, segment, field }: RefusedMessage, language: Language) {
  const { message, hint } = describeCode(code, language, { segment, ...(field === null ? {} : { field }) });
  const place = field === null ? segment : `${segment}-${field}`;
  return { source, when: at, code, segment, field, place, message, hint };
}

/**
 * Their texts, one after the other, to be dropped into the source's folder once mended, or for the vendor. Readable by its
 * owner only, never over another file. Left out: what was not kept whole, and what has no header, which in a file would go
 * on with the message before it. Faults: `messages-several-sources`, `messages-not-written`, `vault-key-unreadable`.
 */
async function writeOut(
  context: CommandContext,
  opened: OpenOperations,
  counts: Counts,
  path: string,
): Promise<number> {
  const { config, json, language, print, terminal } = context;
  const [only, ...others] = counts;
  if (only === undefined || others.length > 0)
    throw permanent('messages-several-sources', {
      facts: { sources: counts.map(({ source }) => source).join(', ') },
    });
  const { source } = only;
  const vault = await openOldVault(config.state, systemRandom);
  const setting = config.sources.find(({ name }) => name === source)?.encoding;
  const written = await writeNew(path, async (file) => {
    opened.operations.record({
      ...{ at: systemClock.now(), who: operator(terminal.env), action: 'messages' },
      ...{ what: `${source} → ${path}`, exports: 0, records: only.n },
    });
    return writeMessages(file, { opened, vault, source, encoding: encodingNamed(setting ?? '') });
  });
  if (json) print(JSON.stringify({ file: path, source, ...written }));
  else {
    print(fill(texts.messagesWritten[language], { file: path, written: written.messages }));
    if (written.leftOut > 0) print(fill(texts.messagesLeftOut[language], { count: written.leftOut }));
  }
  return 0;
}

async function writeMessages(
  file: FileHandle,
  from: {
    readonly opened: OpenOperations;
    readonly vault: Vault;
    readonly source: string;
    /** By which the source's files are read, whatever they say of themselves. */
    readonly encoding: Encoding | undefined;
  },
): Promise<{ readonly messages: number; readonly leftOut: number }> {
  const { opened, vault, source, encoding = 'utf-8' } = from;
  let [messages, leftOut] = [0, 0];
  // The mark says more than the headers, which tell how messages were encoded on the network.
  if (encoding === 'utf-8') await file.writeFile('\ufeff');
  for (const page of keptMessages({ database: opened.database, vault }, source)) {
    const bytes = page.flatMap((message) => bytesOf(message, encoding) ?? []);
    await file.writeFile(Buffer.concat(bytes));
    messages += bytes.length;
    leftOut += page.length - bytes.length;
  }
  return { messages, leftOut };
}

function bytesOf(message: KeptMessage, encoding: Encoding): Buffer | undefined {
  const text = message.text?.trim() ?? '';
  if (isCut(message) || !headerStart.test(text)) return undefined;
  return encodeText(`${text}\r`, encoding);
}

/** A file that ends badly is no file: what was written of patients does not stay. */
async function writeNew<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      const written = await write(file);
      await file.sync();
      return written;
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await file.close();
    }
  } catch (cause) {
    const reason = systemCode(cause) ?? '';
    if (!/^E[A-Z]+$/.test(reason)) throw cause;
    throw permanent('messages-not-written', { facts: { file: path, reason }, cause });
  }
}
