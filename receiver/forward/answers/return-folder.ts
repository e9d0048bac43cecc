import type { DestinationConfig } from '../../config-destinations.ts';
import type { AgencyAnswer } from '../destination.ts';
import { isSafeName } from '../transports/names.ts';
import type { RemoteFolder } from '../transports/remote-folder.ts';
import { agencyCode } from './agency-code.ts';
import type { AgencyReply, AnswerSource } from './answer-source.ts';
import { readJsonAnswer, textAt } from './json-answer.ts';

/** A folder where an agency puts its answers, opened for one round and left alone until the next. */
export interface ReturnFolder {
  use<T>(signal: AbortSignal, work: (folder: ReturnFiles) => Promise<T>): Promise<T>;
}
export type ReturnFiles = Pick<RemoteFolder, 'list' | 'entry' | 'read' | 'remove' | 'rename'>;

export type ReturnSettings = Extract<DestinationConfig['acknowledgement'], { kind: 'folder' }>;

/** Answers taken at once. */
const mostReplies = 500;
/** Names looked at: beyond, a folder is seen in part. */
const mostNames = 10_000;
const largestAnswerBytes = 64 * 1024;
/** Answers that could not be removed before the rest is left for the next round. */
const mostFailures = 10;
/** Where an answer goes that may not be removed; the agency makes it. */
const doneFolder = 'done';

/**
 * Answers as files: the dispatch's name, as composed or as it travelled, and a suffix. Of an acceptance the name is enough.
 * A refusal's content is JSON {"code": ...} or begins with the code; one that is still being written is left until it is whole,
 * or does not grow any more. Files of any other name are left alone, and so are answers to what this destination was never sent.
 */
export function createReturnFolder(
  { acceptedSuffix, refusedSuffix, everySeconds }: ReturnSettings,
  where: ReturnFolder,
): AnswerSource {
  const suffixes = { acknowledged: acceptedSuffix, refused: refusedSuffix };
  // Refusals seen and not whole yet, with their size.
  let growing = new Map<string, number>();
  // Told of and still there: they answer nothing of ours, and others come first.
  let told = new Set<string>();

  return {
    everySeconds,
    collect: (awaited, signal) =>
      where.use(signal, async (folder) => {
        const names = new Set(awaited.flatMap(({ name, sealedName }) => [name, sealedName]));
        const found = answersAmong(await folder.list(mostNames), suffixes);
        const isFirst = ({ name }: FoundAnswer): boolean => names.has(name);
        const others = found.filter((each) => !isFirst(each));
        const fresh = others.filter(({ file }) => !told.has(file));
        // Told of once each, they start anew.
        if (fresh.length === 0) told = new Set();
        const chosen = [...found.filter(isFirst), ...(fresh.length > 0 ? fresh : others)];
        const stillGrowing = new Map<string, number>();
        const replies: AgencyReply[] = [];
        for (const answer of chosen.slice(0, mostReplies)) {
          const read = await readAnswer(folder, answer, growing.get(answer.file));
          if (read.kind === 'growing') stillGrowing.set(answer.file, read.bytes);
          if (read.kind !== 'whole') continue;
          if (!isFirst(answer)) told.add(answer.file);
          replies.push({ name: answer.name, verdict: answer.verdict, code: read.code });
        }
        growing = stillGrowing;
        return replies;
      }),
    forget: (replies, signal) =>
      where.use(signal, async (folder) => {
        // One that stays must not keep the others there.
        const failed: unknown[] = [];
        for (const { name, verdict } of replies) {
          const file = `${name}${suffixes[verdict]}`;
          await forget(folder, file).then(
            () => told.delete(file),
            (error: unknown) => failed.push(error),
          );
          if (failed.length >= mostFailures) break;
        }
        if (failed.length > 0) throw failed[0];
      }),
  };
}

interface FoundAnswer {
  readonly file: string;
  /** Of the dispatch. */
  readonly name: string;
  readonly verdict: AgencyAnswer['verdict'];
}

/** In order of names; of two answers to one dispatch the refusal comes last, and stands: a person must look at it. */
function answersAmong(
  files: readonly string[],
  suffixes: Readonly<Record<AgencyAnswer['verdict'], string>>,
): readonly FoundAnswer[] {
  const found: FoundAnswer[] = [];
  for (const file of [...files].sort()) {
    for (const verdict of ['acknowledged', 'refused'] as const) {
      const suffix = suffixes[verdict];
      const name = file.slice(0, -suffix.length);
      if (file.endsWith(suffix) && isSafeName(name)) found.push({ file, name, verdict });
    }
  }
  const rank = { acknowledged: 0, refused: 1 };
  return found.sort((a, b) => rank[a.verdict] - rank[b.verdict]);
}

type Read =
  | { readonly kind: 'whole'; readonly code: string | null }
  | { readonly kind: 'growing'; readonly bytes: number }
  | { readonly kind: 'gone' };

async function readAnswer(
  folder: ReturnFiles,
  { file, verdict }: FoundAnswer,
  bytesBefore: number | undefined,
): Promise<Read> {
  if (verdict === 'acknowledged') return { kind: 'whole', code: null };
  const found = await folder.entry(file);
  if (found?.isFile !== true) return { kind: 'gone' };
  if (found.bytes > largestAnswerBytes) return { kind: 'whole', code: null };
  const content = await folder.read(file, found.bytes);
  const text = content.toString('utf8').replace(/^\uFEFF/, '');
  const answer = readJsonAnswer(content);
  if (answer !== undefined) return { kind: 'whole', code: agencyCode(textAt(answer, 'code') ?? '') };
  const isLine = !text.trimStart().startsWith('{') && text.includes('\n');
  if (!isLine && found.bytes !== bytesBefore) return { kind: 'growing', bytes: found.bytes };
  return { kind: 'whole', code: codeIn(text) };
}

/** The first word only, and only if it has a code's letters: what follows may name anybody. */
function codeIn(text: string): string | null {
  return /^\s*([A-Za-z0-9._-]{1,64})(?=$|[\s:;,])/.exec(text.split(/\r?\n/, 1)[0] ?? '')?.[1] ?? null;
}

async function forget(folder: ReturnFiles, file: string): Promise<void> {
  try {
    await folder.remove(file);
  } catch (refusal) {
    await folder.rename(file, `${doneFolder}/${file}`).catch(() => {
      throw refusal;
    });
  }
}
