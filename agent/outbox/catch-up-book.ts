import { catchUpSql } from './catch-up-queries.ts';
import type { AgentDatabase } from './database.ts';
import type { ExportRow } from './rows.ts';

/** A day of a part; `day` in ISO. */
export interface PartDay {
  readonly facility: string;
  readonly feed: string;
  readonly part: string;
  readonly day: string;
}

export type Covering = Pick<ExportRow, 'id' | 'source' | 'digest' | 'outcome' | 'path' | 'movedTo' | 'bytes'>;

/** A content that was sent again for a day. */
export interface CatchUpTry extends PartDay {
  readonly source: string;
  readonly digest: string;
  readonly askedAt: number;
}

export interface CatchUpBook {
  /** Exports whose window covers the day, newest first. */
  covering(day: PartDay, limit: number): readonly Covering[];
  tries(): readonly CatchUpTry[];
  tried(tries: readonly CatchUpTry[]): void;
  forget(days: readonly PartDay[]): void;
}

export function createCatchUpBook({ run, all, transaction }: AgentDatabase): CatchUpBook {
  return {
    covering: ({ facility, feed, part, day }, limit) =>
      all<Covering>(catchUpSql.covering, facility, feed, part, day, day, limit),
    tries: () => all<CatchUpTry>(catchUpSql.tries),
    tried: (tries) => {
      transaction(() => {
        for (const { facility, feed, part, day, source, digest, askedAt } of tries)
          run(catchUpSql.tried, facility, feed, part, day, source, digest, askedAt);
      });
    },
    forget: (days) => {
      transaction(() => {
        for (const { facility, feed, part, day } of days) run(catchUpSql.forget, facility, feed, part, day);
      });
    },
  };
}
