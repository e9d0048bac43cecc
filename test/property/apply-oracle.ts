import { createHmac } from 'node:crypto';

/**
 * What the region must hold, written a second time from the rules of the design alone: plain arrays, every question asked
 * by looking at everything. One facility, one part, one feed that replaces by window.
 */
export interface Visit {
  readonly day: number;
  readonly at: number;
  readonly natural: string;
  readonly visit: string | undefined;
  readonly body: string;
}

export interface OracleExport {
  readonly id: string;
  readonly digest: string;
  readonly resend: boolean;
  readonly source: string;
  readonly rejected: number;
  readonly window: { readonly from: number; readonly to: number } | null;
  readonly extract: number | null;
  readonly extractDay: number;
  readonly receivedAt: number;
  readonly reception: number;
  readonly visits: readonly Visit[];
  readonly withdrawn: readonly string[];
}

export interface OracleCounts {
  added: number;
  updated: number;
  removed: number;
  unchanged: number;
  stale: number;
  suspended: number;
}

export interface OracleAnswer {
  readonly state: 'processed' | 'held';
  readonly hold: string | null;
  readonly duplicate: boolean;
  readonly trusted: boolean;
  readonly counts: OracleCounts;
}

interface Held {
  visit: Visit;
  rank: number;
  extract: number;
  reception: number;
}

interface Pending {
  readonly day: number;
  readonly key: string;
  readonly rank: number;
  readonly extract: number;
  readonly reception: number;
  readonly export: string;
}

interface Memory {
  held: Held[];
  marks: Map<number, { extract: number; reception: number }>;
  pending: Pending[];
}

type Ordered = { readonly extract: number; readonly reception: number };
const after = (a: Ordered, b: Ordered): boolean =>
  a.extract > b.extract || (a.extract === b.extract && a.reception > b.reception);

export class Oracle {
  memory: Memory = { held: [], marks: new Map(), pending: [] };
  readonly states = new Map<string, 'processed' | 'held' | 'rejected'>();
  private readonly digests = new Map<string, string>();
  private readonly waiting = new Map<string, { given: OracleExport; hold: string }>();
  private owner: string | undefined;
  private readonly key: Buffer;

  constructor(key: Buffer) {
    this.key = key;
  }

  hmac(natural: string): string {
    return createHmac('sha256', this.key).update(`natural\0${natural}`).digest('hex').slice(0, 32);
  }

  apply(given: OracleExport, decided = false): OracleAnswer {
    const none = { added: 0, updated: 0, removed: 0, unchanged: 0, stale: 0, suspended: 0 };
    const processedBefore = [...this.states].some(
      ([id, state]) => state === 'processed' && this.digests.get(id) === given.digest,
    );
    this.digests.set(given.id, given.digest);
    if (processedBefore && !given.resend && !decided) {
      this.states.set(given.id, 'processed');
      return { state: 'processed', hold: null, duplicate: true, trusted: false, counts: none };
    }
    if (this.owner !== undefined && this.owner !== given.source && !decided)
      return this.hold(given, 'second-source', none);

    const future = given.extract !== null && given.extract > given.receivedAt + 24 * 3_600_000;
    const good = given.extract !== null && !future;
    const order = {
      extract: good ? given.extract : given.receivedAt,
      reception: given.reception,
    };
    const to = Math.min(given.window?.to ?? 0, given.extractDay);
    const from = given.window?.from ?? 0;
    const trusted =
      good &&
      given.window !== null &&
      given.window.from <= given.window.to &&
      from <= given.extractDay &&
      given.rejected === 0 &&
      given.visits.every(({ day }) => day >= from && day <= to);

    const before = structuredClone(this.memory);
    const answer = this.replace(given, order, trusted ? { from, to } : null, decided);
    if (answer === 'rekeying') {
      this.memory = before;
      return this.hold(given, 'rekeying', none, trusted);
    }
    this.owner = given.source;
    const held = answer.suspended > 0;
    this.states.set(given.id, held ? 'held' : 'processed');
    return {
      state: held ? 'held' : 'processed',
      hold: held ? 'removals' : null,
      duplicate: false,
      trusted,
      counts: answer,
    };
  }

  private hold(given: OracleExport, hold: string, counts: OracleCounts, trusted = false): OracleAnswer {
    this.states.set(given.id, 'held');
    this.waiting.set(given.id, { given, hold });
    return { state: 'held', hold, duplicate: false, trusted, counts };
  }

  private replace(
    given: OracleExport,
    order: Ordered,
    window: { from: number; to: number } | null,
    decided: boolean,
  ): OracleCounts | 'rekeying' {
    const counts = { added: 0, updated: 0, removed: 0, unchanged: 0, stale: 0, suspended: 0 };
    const { marks } = this.memory;
    const closedTo = (day: number): boolean => {
      const mark = marks.get(day);
      return mark !== undefined && after(mark, order);
    };
    const heldBefore = [...this.memory.held];
    const inWindow = (day: number): boolean => window !== null && day >= window.from && day <= window.to;
    const days = [...new Set(given.visits.map(({ day }) => day))].sort((a, b) => a - b);
    const kept = new Set<Held>();
    const movers: Visit[] = [];
    let addedToMarked = 0;

    const insert = (visit: Visit): void => {
      let rank = 0;
      const key = visit.natural;
      while (
        this.memory.held.some((h) => h.visit.day === visit.day && h.visit.natural === key && h.rank === rank)
      )
        rank += 1;
      const row = { visit, rank, ...order };
      this.memory.held.push(row);
      kept.add(row);
    };
    const add = (visit: Visit): void => {
      counts.added += 1;
      if (marks.has(visit.day)) addedToMarked += 1;
      insert(visit);
    };
    const drop = (row: Held): void => {
      this.memory.held = this.memory.held.filter((other) => other !== row);
    };

    for (const day of days) {
      const incoming = given.visits.filter((visit) => visit.day === day);
      if (closedTo(day)) {
        counts.stale += incoming.length;
        continue;
      }
      const here = this.memory.held
        .filter((row) => row.visit.day === day)
        .sort((a, b) =>
          this.hmac(a.visit.natural) < this.hmac(b.visit.natural)
            ? -1
            : this.hmac(a.visit.natural) > this.hmac(b.visit.natural)
              ? 1
              : a.rank - b.rank,
        );
      const pairs = new Map<Visit, Held>();
      const pairBy = (same: (visit: Visit, row: Held) => boolean): void => {
        for (const visit of incoming) {
          if (pairs.has(visit)) continue;
          const row = here.find(
            (candidate) => ![...pairs.values()].includes(candidate) && same(visit, candidate),
          );
          if (row !== undefined) pairs.set(visit, row);
        }
      };
      pairBy((visit, row) => visit.body === row.visit.body);
      pairBy((visit, row) => visit.visit !== undefined && visit.visit === row.visit.visit);
      pairBy(
        (visit, row) =>
          (visit.visit === undefined || row.visit.visit === undefined) && visit.natural === row.visit.natural,
      );
      for (const row of pairs.values()) kept.add(row);
      const renamed: Visit[] = [];
      for (const [visit, row] of pairs) {
        if (visit.body === row.visit.body) {
          counts.unchanged += 1;
          if (after(order, row)) Object.assign(row, order);
        } else if (after(row, order)) counts.stale += 1;
        else if (visit.natural === row.visit.natural) {
          counts.updated += 1;
          Object.assign(row, order, { visit });
        } else {
          counts.updated += 1;
          drop(row);
          renamed.push(visit);
        }
      }
      // Those paired by visit come before those paired by natural key, which keep theirs anyway; file order among them.
      for (const visit of renamed) insert(visit);
      for (const visit of incoming) {
        if (pairs.has(visit)) continue;
        const elsewhere = heldBefore.some(
          (row) =>
            this.memory.held.includes(row) &&
            visit.visit !== undefined &&
            row.visit.visit === visit.visit &&
            row.visit.day !== day,
        );
        if (elsewhere) movers.push(visit);
        else add(visit);
      }
    }
    for (const visit of movers) {
      const row = heldBefore.find(
        (candidate) =>
          this.memory.held.includes(candidate) &&
          candidate.visit.visit === visit.visit &&
          candidate.visit.day !== visit.day &&
          !kept.has(candidate),
      );
      if (row === undefined) add(visit);
      else if (after(row, order) || closedTo(row.visit.day)) counts.stale += 1;
      else {
        drop(row);
        counts.updated += 1;
        insert(visit);
      }
    }
    for (const row of [...this.memory.held]) {
      const { visit, day } = row.visit;
      if (visit === undefined || !given.withdrawn.includes(visit)) continue;
      if (after(row, order) || closedTo(day)) continue;
      counts.removed += 1;
      drop(row);
    }
    if (window === null) return counts;

    const gone = this.memory.held.filter(
      (row) =>
        inWindow(row.visit.day) &&
        !kept.has(row) &&
        !closedTo(row.visit.day) &&
        !after(row, order) &&
        (row.visit.day < given.extractDay || row.visit.at <= order.extract),
    );
    const base = heldBefore.filter((row) => inWindow(row.visit.day));
    const limit = Math.max(10, base.length * 0.2);
    const emptied = [...new Set(gone.map((row) => row.visit.day))].some((day) => {
      const count = base.filter((row) => row.visit.day === day).length;
      return count >= 5 && gone.filter((row) => row.visit.day === day).length > count / 2;
    });
    const alarmed = !decided && (gone.length > limit || emptied);
    if (alarmed && addedToMarked > limit) return 'rekeying';

    const covered = (day: number): boolean => inWindow(day) && !closedTo(day);
    const closedBy = new Set(this.memory.pending.filter(({ day }) => covered(day)).map((one) => one.export));
    this.memory.pending = this.memory.pending.filter(({ day }) => !covered(day));
    for (const id of closedBy)
      if (!this.memory.pending.some((one) => one.export === id)) this.states.set(id, 'processed');
    for (const row of gone) {
      if (alarmed) {
        counts.suspended += 1;
        const { day, natural } = row.visit;
        this.memory.pending.push({ day, key: natural, rank: row.rank, ...order, export: given.id });
      } else {
        counts.removed += 1;
        drop(row);
      }
    }
    for (let day = window.from; day <= window.to; day += 1) if (!closedTo(day)) marks.set(day, order);
    return counts;
  }

  /** Answers how many were removed, or undefined when nothing is open. */
  decide(id: string, decision: 'confirm' | 'keep'): number | undefined {
    if (this.states.get(id) !== 'held') return undefined;
    const whole = this.waiting.get(id);
    if (whole !== undefined) {
      this.waiting.delete(id);
      if (decision === 'keep') {
        this.states.set(id, 'rejected');
        return 0;
      }
      return this.apply(whole.given, true).counts.removed;
    }
    const mine = this.memory.pending.filter((one) => one.export === id);
    this.memory.pending = this.memory.pending.filter((one) => one.export !== id);
    this.states.set(id, 'processed');
    if (decision === 'keep') return 0;
    const gone = this.memory.held.filter((row) =>
      mine.some(
        (one) =>
          one.day === row.visit.day &&
          one.key === row.visit.natural &&
          one.rank === row.rank &&
          !after(row, one),
      ),
    );
    this.memory.held = this.memory.held.filter((row) => !gone.includes(row));
    return gone.length;
  }
}
