import { lstat } from 'node:fs/promises';
import type { LackingPart } from '../../shared/protocol/push.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { CatchUpBook, CatchUpTry, Covering, PartDay } from '../outbox/catch-up-book.ts';
import type { FileBook } from '../outbox/file-book.ts';

const dayMs = 86_400_000;
/** A day on which nobody came lacks for ever: after so many contents, one a day, it is left alone. */
const triesPerDay = 3;
const exportsAtOnce = 64;
const coveringLimit = 40;

/**
 * Refills days that the region lacks from exports that can still be read: processed anew under the rule of EXTRACT, they
 * can neither double a record nor overwrite a newer one.
 */
export function createCatchUp(deps: {
  readonly book: CatchUpBook;
  readonly files: FileBook;
  /** Names of the configured sources: what others left can no longer be read. */
  readonly sources: ReadonlySet<string>;
  readonly clock: Clock;
  readonly logger: Logger;
  onAsked(): void;
}): (parts: readonly LackingPart[]) => Promise<void> {
  const { book, files, clock, logger } = deps;

  /** The export to send again for a day; undefined when there is none, or when one is on its way or tried today. */
  const choose = async (day: PartDay, tries: readonly CatchUpTry[]): Promise<Covering | undefined> => {
    const ofDay = tries.filter((one) => sameDay(one, day));
    const now = clock.now();
    if (ofDay.length >= triesPerDay || ofDay.some(({ askedAt }) => now - askedAt < dayMs)) return undefined;
    const covering = book.covering(day, coveringLimit).filter(({ source }) => deps.sources.has(source));
    // On its way, or waiting for a person's decision.
    if (covering.some(({ outcome }) => outcome === 'unknown' || outcome === 'held')) return undefined;
    for (const one of covering)
      if (!ofDay.some((other) => sameContent(other, one)) && (await isThere(one))) return one;
    return undefined;
  };

  return async (parts) => {
    const known = book.tries();
    const lacking = parts.flatMap(({ days, ...part }) => days.map((day): PartDay => ({ ...part, day })));
    const filled = known.filter((one) => !lacking.some((day) => sameDay(one, day)));
    if (filled.length > 0) book.forget(filled);

    const tries = [...known];
    const fresh: CatchUpTry[] = [];
    const asked = new Set<string>();
    for (const day of lacking) {
      const chosen = await choose(day, tries);
      if (chosen?.digest == null) continue;
      const since = clock.now() - dayMs;
      const isRecent = tries.some((one) => sameContent(one, chosen) && one.askedAt > since);
      if (!isRecent && asked.size >= exportsAtOnce) continue;
      const attempt = { ...day, source: chosen.source, digest: chosen.digest, askedAt: clock.now() };
      tries.push(attempt);
      fresh.push(attempt);
      if (!isRecent) asked.add(chosen.id);
    }
    if (fresh.length === 0) return;
    // First the memory, then the deed: a stop in between costs a day, the other way round could loop.
    book.tried(fresh);
    for (const id of asked) files.askReread(id, true, clock.now());
    logger.warn({ days: fresh.length, exports: asked.size }, 'catch-up');
    if (asked.size > 0) deps.onAsked();
  };
}

async function isThere({ path, movedTo, bytes }: Covering): Promise<boolean> {
  for (const place of movedTo === null ? [path] : [movedTo, path]) {
    const stats = await lstat(place).catch(() => undefined);
    if (stats?.isFile() === true && stats.size === bytes) return true;
  }
  return false;
}

function sameDay(a: PartDay, b: PartDay): boolean {
  return a.day === b.day && a.facility === b.facility && a.feed === b.feed && a.part === b.part;
}

function sameContent(
  a: Pick<Covering, 'source' | 'digest'>,
  b: Pick<Covering, 'source' | 'digest'>,
): boolean {
  return a.source === b.source && a.digest === b.digest;
}
