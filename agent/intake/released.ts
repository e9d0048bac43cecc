import type { ExportBook } from '../outbox/export-book.ts';
import type { FileBook } from '../outbox/file-book.ts';
import type { FoundFile } from '../source/scan.ts';
import type { SourceRuntime } from './source-runtime.ts';

/**
 * After a file was read again out of the quarantine: once read it goes to the archive; rejected once more, it keeps its place
 * under the new reason. A stop before the move leaves it readable where it lies.
 */
export async function settleReleased(
  deps: {
    readonly exports: ExportBook;
    readonly files: FileBook;
    readonly sources: readonly SourceRuntime[];
  },
  { file, before }: { readonly file: FoundFile; readonly before: string | null },
): Promise<void> {
  const old = before === null ? undefined : deps.exports.get(before);
  const row = old?.original == null ? undefined : deps.exports.get(old.original);
  const source = deps.sources.find(({ config }) => config.name === old?.source);
  if (old?.state !== 'superseded' || row === undefined || source?.shelf.holds(file.path) !== true) return;
  if (row.outcome !== 'rejected') {
    const target = await source.shelf.release(file);
    if (target !== undefined) deps.files.relocate(row.id, target);
    return;
  }
  await source.shelf.explain(file, {
    ...{ export: row.id, digest: row.digest, code: row.errorCode ?? 'unexpected' },
    facts: JSON.parse(row.errorFacts ?? '{}') as Record<string, string | number>,
  });
}
