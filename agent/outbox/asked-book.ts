import { askedSql } from './asked-queries.ts';
import type { AgentDatabase } from './database.ts';

/** What was found of days that a person of the region asked for. Days in ISO. */
export interface AskedFound {
  readonly request: string;
  /** Epoch ms. */
  readonly at: number;
  readonly facility: string;
  readonly feed: string;
  /** An export that holds them is given again. */
  readonly sent: readonly string[];
  /** No export that can still be read holds them. */
  readonly absent: readonly string[];
  readonly exports: number;
}

export interface AskedBook {
  isKnown(request: string): boolean;
  put(found: AskedFound): void;
  /** Oldest first. */
  untold(limit: number): readonly AskedFound[];
  told(requests: readonly string[]): void;
  /** The region asks what was answered: its answer was lost on the way, or the region was restored. */
  tellAgain(request: string): void;
  latest(): AskedFound | undefined;
  /** Those from before `before`, epoch ms. */
  forget(before: number): void;
}

type AskedRow = Omit<AskedFound, 'sent' | 'absent'> & { readonly sent: string; readonly absent: string };

export function createAskedBook({ run, get, all, transaction }: AgentDatabase): AskedBook {
  return {
    isKnown: (request) => get(askedSql.known, request) !== undefined,
    put: ({ request, at, facility, feed, sent, absent, exports }) => {
      const days = [JSON.stringify(sent), JSON.stringify(absent)] as const;
      run(askedSql.put, request, at, facility, feed, ...days, exports);
    },
    untold: (limit) => all<AskedRow>(askedSql.untold, limit).map(foundOf),
    told: (requests) => {
      if (requests.length === 0) return;
      transaction(() => {
        for (const request of requests) run(askedSql.told, request);
      });
    },
    tellAgain: (request) => {
      run(askedSql.tellAgain, request);
    },
    latest: () => {
      const row = get<AskedRow>(askedSql.latest);
      return row === undefined ? undefined : foundOf(row);
    },
    forget: (before) => {
      run(askedSql.forget, before);
    },
  };
}

function foundOf(row: AskedRow): AskedFound {
  return { ...row, sent: JSON.parse(row.sent) as string[], absent: JSON.parse(row.absent) as string[] };
}
