import type { Clock } from '../../shared/runtime/clock.ts';
import type { Side } from '../mapping/columns.ts';
import type { Value } from '../mapping/compiled-mapping.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { Half, HalfBook, HalfReading, Paired } from '../reader/join.ts';
import { joinSql } from './join-queries.ts';
import type { Vault } from './vault.ts';

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
const noKey = Buffer.alloc(0);

interface Opened {
  readonly n: number;
  readonly source: string;
  readonly mapping: string;
  readonly side: Side;
}

interface RowOfPage {
  readonly record: number;
  readonly line: number;
  readonly key: Buffer;
  readonly sealed: Buffer;
}

export function createJoinBook(deps: {
  readonly database: AgentDatabase;
  readonly vault: Vault;
  readonly clock: Clock;
}): JoinBook {
  const { database, clock } = deps;
  database.run(joinSql.dropOpen);
  return {
    reading: (exportId, source) => {
      let opened: (Opened & { readonly feed: string }) | undefined;
      return {
        open: (mapping, side, columns) => {
          const place = { source, mapping: mapping.name, side };
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

function show({ run, transaction }: AgentDatabase, { n, source, mapping, side }: Opened): void {
  transaction(() => {
    run(joinSql.show, n);
    run(joinSql.dropReplaced, source, mapping, side, n, n);
    run(joinSql.dropKeyless, source, mapping, side, n);
  });
}

function createHalfReading(
  { database, vault }: { readonly database: AgentDatabase; readonly vault: Vault },
  own: Opened,
  columns: readonly string[],
): HalfReading {
  const { run, all, transaction } = database;
  const { source, mapping, side } = own;
  const otherSide: Side = side === 'main' ? 'joined' : 'main';
  let waiting: Parameters<HalfReading['put']>[0][] = [];

  const indexOf = (key: string | undefined): Buffer =>
    key === undefined ? noKey : vault.index('join', `${source}\0${mapping}\0${key}`);

  /** A half put elsewhere does not open. */
  const place = (of: Side, key: Buffer, read: number, record: number): string =>
    ['join', source, mapping, of, key.toString('hex'), read, record].join('\0');

  const flush = (): void => {
    if (waiting.length === 0) return;
    const rows = waiting;
    waiting = [];
    transaction(() => {
      for (const { record, line, key, values } of rows) {
        const index = indexOf(key);
        const sealed = vault.seal(place(side, index, own.n, record), JSON.stringify({ key, values }));
        run(joinSql.put, source, mapping, side, index, own.n, record, line, sealed);
      }
    });
  };

  const otherOf = (key: Buffer): Paired['other'] => {
    if (key.length === 0) return 'missing';
    if (all(joinSql.ofKey, source, mapping, side, key, own.n).length > 1) return 'several-here';
    const [latest, second] = all<{ read: number; record: number; sealed: Buffer; columns: string }>(
      joinSql.others,
      ...[source, mapping, otherSide, key],
    );
    if (latest === undefined) return 'missing';
    if (latest.read === second?.read) return 'several-there';
    const { values } = unsealed(vault.open(place(otherSide, key, latest.read, latest.record), latest.sealed));
    return { values, columns: JSON.parse(latest.columns) as readonly string[] };
  };

  return {
    put: (row) => {
      waiting.push(row);
    },
    flush,
    *pairs() {
      flush();
      let last = 0;
      for (;;) {
        const page = all<RowOfPage>(joinSql.page, own.n, last);
        if (page.length === 0) return;
        for (const { record, line, key: index, sealed } of page) {
          const { key, values } = unsealed(vault.open(place(side, index, own.n, record), sealed));
          yield { record, line, key, own: { values, columns }, other: otherOf(index) };
          last = record;
        }
      }
    },
  };
}

/** What this file sealed. JSON knows no undefined: a value that was none comes back as null. */
function unsealed(text: string): { readonly key: string | undefined; readonly values: Half['values'] } {
  const { key, values } = JSON.parse(text) as {
    readonly key?: string;
    readonly values: readonly (Value | null)[];
  };
  return { key, values: values.map((value) => value ?? undefined) };
}
