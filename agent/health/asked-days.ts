import type { AskedDays } from '../../shared/protocol/push.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { isAtHand } from '../intake/reread.ts';
import type { AskedBook } from '../outbox/asked-book.ts';
import type { CatchUpBook, Covering } from '../outbox/catch-up-book.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { FileBook } from '../outbox/file-book.ts';
import type { OperationBook } from '../outbox/operation-book.ts';

const coveringLimit = 40;
const keptMs = 180 * 86_400_000;
/** Who asked, in the list of what was done by hand. */
const region = 'region';

/**
 * Gives days again that a person of the region asked for: the newest export of each that can still be read, processed anew
 * as `resend` does, once per request however often it is heard. What was found is told with the next heartbeat.
 */
export function createAskedDays(deps: {
  readonly database: Pick<AgentDatabase, 'transaction'>;
  readonly book: Pick<CatchUpBook, 'covering'>;
  readonly files: Pick<FileBook, 'askReread'>;
  readonly asked: AskedBook;
  readonly operations: Pick<OperationBook, 'record'>;
  /** Names of the configured sources: what others left can no longer be read. */
  readonly sources: ReadonlySet<string>;
  readonly clock: Clock;
  readonly logger: Logger;
  onAsked(): void;
}): (requests: readonly AskedDays[]) => Promise<boolean> {
  const { book, files, asked, operations, clock, logger } = deps;

  const coveringOf = (request: AskedDays, day: string): readonly Covering[] =>
    request.facilities
      .flatMap((facility) =>
        book.covering({ facility, feed: request.feed, part: request.part, day }, coveringLimit),
      )
      .filter(({ source }) => deps.sources.has(source));

  return async (requests) => {
    let isNew = false;
    for (const request of requests) {
      if (asked.isKnown(request.request)) {
        asked.tellAgain(request.request);
        continue;
      }
      isNew = true;
      const found = await lookFor(request, (day) => coveringOf(request, day));
      const at = clock.now();
      const { sent, absent, again } = found;
      const days = [...request.days].sort();
      // Memory and deed together: a stop in between neither forgets the request nor does it twice.
      deps.database.transaction(() => {
        asked.forget(at - keptMs);
        asked.put({
          ...{ request: request.request, at, feed: request.feed, sent, absent },
          ...{ facility: request.facilities[0] ?? '', exports: again.size },
        });
        for (const id of again) files.askReread(id, true, at);
        operations.record({
          ...{ at, who: region, action: 'resend', what: `${days[0] ?? ''}..${days.at(-1) ?? ''}` },
          ...{ exports: again.size, records: 0 },
        });
      });
      logger.warn({ days: sent.length, absent: absent.length, exports: again.size }, 'days-asked');
      if (again.size > 0) deps.onAsked();
    }
    return isNew;
  };
}

/** What is on its way, or waits for a decision, is not given a second time: it will answer for its days. */
async function lookFor(
  { days }: AskedDays,
  coveringOf: (day: string) => readonly Covering[],
): Promise<{
  readonly sent: readonly string[];
  readonly absent: readonly string[];
  readonly again: ReadonlySet<string>;
}> {
  const readable = new Map<string, boolean>();
  const isReadable = async (one: Covering): Promise<boolean> => {
    const known = readable.get(one.id);
    if (known !== undefined) return known;
    const answer = await isAtHand(one);
    readable.set(one.id, answer);
    return answer;
  };
  const [sent, absent, again] = [[] as string[], [] as string[], new Set<string>()];
  for (const day of days) {
    let chosen: Covering | undefined;
    for (const one of coveringOf(day)) {
      if (one.outcome !== 'unknown' && one.outcome !== 'held' && !(await isReadable(one))) continue;
      chosen = one;
      break;
    }
    if (chosen === undefined) absent.push(day);
    else sent.push(day);
    if (chosen !== undefined && chosen.outcome !== 'unknown' && chosen.outcome !== 'held')
      again.add(chosen.id);
  }
  return { sent, absent, again };
}
