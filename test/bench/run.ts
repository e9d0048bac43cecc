import { documentOf, skipped, type BenchDocument, type Measurement } from './document.ts';
import { catalogue, type FigureId } from './figures.ts';
import type { FigureGroup } from './groups.ts';

export interface BenchOptions {
  readonly full: boolean;
  /** Only these; undefined = all. Naming a slow figure asks for it. */
  readonly only: readonly FigureId[] | undefined;
  /** Progress, for people. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Measures group after group. A group that fails leaves its figures skipped with the reason; `failures` counts them. */
export async function runBench(
  groups: readonly FigureGroup[],
  options: BenchOptions,
): Promise<{ readonly document: BenchDocument; readonly failures: number }> {
  const { full, only, say, signal } = options;
  const found = new Map<FigureId, Measurement>();
  let failures = 0;
  const isWanted = (id: FigureId): boolean => only === undefined || only.includes(id);
  const isDue = (id: FigureId): boolean => isWanted(id) && (full || only !== undefined || !isSlow(id));

  for (const group of groups) {
    const { ids } = group;
    for (const id of ids) if (isWanted(id) && !isDue(id)) found.set(id, skipped('measured with --full'));
    if (!ids.some(isDue)) continue;
    if (signal.aborted) break;
    const start = performance.now();
    say(`${ids.join(', ')} ...`);
    try {
      for (const [id, measurement] of await group.measure(say)) found.set(id, measurement);
    } catch (error) {
      failures += 1;
      const reason = `failed: ${error instanceof Error ? error.message : String(error)}`;
      for (const id of ids) found.set(id, skipped(reason));
      say(error instanceof Error ? (error.stack ?? reason) : reason);
    }
    say(`  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  return { document: documentOf(found, ({ id }) => isWanted(id)), failures };
}

/** The last run of all is measured by another program: it is named, not run, whatever was asked. */
function isSlow(id: FigureId): boolean {
  return id !== 'kills-1000' && catalogue.some((spec) => spec.id === id && spec.slow);
}
