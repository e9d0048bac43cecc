import type { Clock } from '../../shared/runtime/clock.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { HalfBook, HalfReading, Paired } from '../reader/join.ts';
import { createJoinLookup, type JoinDeps, type JoinPlace } from './join-lookup.ts';
import { joinSql } from './join-queries.ts';

/**
 * The halves of records that two exports bring, until the other comes and 60 days at most. They rest sealed, and are found
 * by a keyed hash of their join key.
 *
 * The rows of an export count from the moment it has been read to its last byte (`show`), just before it is committed, so
 * that the export read next meets them. A stop between the two leaves rows whose export is read again: they are replaced
 * by the same ones. Of two exports with the same key the one read later is right.
 */
export interface JoinBook {
  /** For one export; `source`: the name under which both sides meet. */
  reading(exportId: string, source: string): ExportHalves;
  /** Forgets the oldest export past its time; false = there is none. */
  purge(): boolean;
}

export interface ExportHalves extends HalfBook {
  /** The mapping that reads halves; undefined = this export is no half. */
  mapping(): { readonly name: string; readonly feed: string } | undefined;
  /** The export is whole: its rows count, and what they replace goes. */
  show(): void;
  /** The export did not end well. */
  drop(): void;
}

const keptMs = 60 * 86_400_000;

interface Opened extends JoinPlace {
  readonly n: number;
}

interface RowOfPage {
  readonly record: number;
  readonly line: number;
  readonly key: Buffer;
  readonly sealed: Buffer;
}

export function createJoinBook(deps: JoinDeps & { readonly clock: Clock }): JoinBook {
  const { database, clock } = deps;
  database.run(joinSql.dropOpen);
  return {
    reading: (exportId, source) => {
      let opened: (Opened & { readonly feed: string }) | undefined;
      return {
        open: (mapping, side, columns) => {
          const place: JoinPlace = { source, mapping: mapping.name, side };
          const { id: n } = database.run(
            joinSql.open,
            ...[exportId, source, mapping.name, side, JSON.stringify(columns), clock.now()],
          );
          opened = { n, ...place, feed: mapping.feedName };
          return createHalfReading(deps, opened, columns);
        },
        mapping: () => (opened === undefined ? undefined : { name: opened.mapping, feed: opened.feed }),
        show: () => {
          if (opened !== undefined) show(database, opened);
        },
        drop: () => {
          if (opened !== undefined) database.run(joinSql.drop, opened.n);
        },
      };
    },
    purge: () => {
      const oldest = database.get<{ n: number }>(joinSql.oldest, clock.now() - keptMs);
      if (oldest !== undefined) database.run(joinSql.forget, oldest.n);
      return oldest !== undefined;
    },
  };
}

function show({ run, transaction }: AgentDatabase, { n }: Opened): void {
  transaction(() => {
    run(joinSql.show, n);
    run(joinSql.dropReplaced, n);
    run(joinSql.dropKeyless, n);
  });
}

function createHalfReading(deps: JoinDeps, own: Opened, columns: readonly string[]): HalfReading {
  const { run, all, transaction } = deps.database;
  const { n: read } = own;
  const lookup = createJoinLookup(deps, own);
  let waiting: Parameters<HalfReading['put']>[0][] = [];

  const flush = (): void => {
    if (waiting.length === 0) return;
    const rows = waiting;
    waiting = [];
    transaction(() => {
      for (const { record, line, key, values } of rows) {
        const index = lookup.index(key);
        const sealed = lookup.seal({ index, read, record }, { key, values });
        run(joinSql.put, read, record, line, index, sealed);
      }
    });
  };

  const otherOf = (key: string | undefined, index: Buffer): Paired['other'] =>
    all(joinSql.ofKey, index, read).length > 1 ? 'several-here' : lookup.other(key);

  return {
    put: (row) => {
      waiting.push(row);
    },
    flush,
    *pairs() {
      flush();
      let last = 0;
      for (;;) {
        const page = all<RowOfPage>(joinSql.page, read, last);
        if (page.length === 0) return;
        for (const { record, line, key: index, sealed } of page) {
          const { key, values } = lookup.open({ index, read, record, sealed });
          yield { record, line, key, own: { values, columns }, other: otherOf(key, index) };
          last = record;
        }
      }
    },
  };
}
