import type { Day } from '../../shared/runtime/paris-time.ts';
import type { Scope } from '../store/record-scope.ts';
import type { DayState, RecordTable } from '../store/store.ts';
import type { Order } from './order.ts';

/** The day states of one scope during one apply: read once, changed in memory, written once. */
export interface DayBook {
  get(day: Day): Promise<DayState>;
  /** Reads all days of a range in one go. */
  load(from: Day, to: Day): Promise<readonly DayState[]>;
  add(day: Day, hash: Buffer): Promise<void>;
  remove(day: Day, hash: Buffer): Promise<void>;
  mark(day: Day, order: Order): Promise<void>;
  /** Takes the mark off. */
  forget(day: Day): Promise<void>;
  flush(): Promise<void>;
  /** Every day met: how many records it held then, and holds now. */
  met(): readonly { readonly day: Day; readonly before: number; readonly after: number }[];
}

type Sum = DayState['sum'];

export function createDayBook(records: RecordTable, scope: Scope): DayBook {
  const states = new Map<Day, DayState>();
  const began = new Map<Day, number>();
  const changed = new Set<Day>();
  const get = async (day: Day): Promise<DayState> => {
    const known = states.get(day) ?? (await records.day(scope, day)) ?? emptyDay(day);
    if (!states.has(day)) began.set(day, known.count);
    states.set(day, known);
    return known;
  };
  const put = (state: DayState): void => {
    states.set(state.day, state);
    changed.add(state.day);
  };
  return {
    get,
    load: async (from, to) => {
      const held = await records.days(scope, from, to);
      for (const state of held) {
        if (!states.has(state.day)) began.set(state.day, state.count);
        states.set(state.day, state);
      }
      for (let day = from; day <= to; day = (day + 1) as Day)
        if (!states.has(day)) states.set(day, emptyDay(day));
      return held;
    },
    add: async (day, hash) => {
      const state = await get(day);
      put({ ...state, count: state.count + 1, sum: addLanes(state.sum, hash, 1) });
    },
    remove: async (day, hash) => {
      const state = await get(day);
      put({ ...state, count: state.count - 1, sum: addLanes(state.sum, hash, -1) });
    },
    mark: async (day, { extract, reception }) => put({ ...(await get(day)), mark: { extract, reception } }),
    forget: async (day) => put({ ...(await get(day)), mark: null }),
    flush: async () => {
      for (const day of changed) await records.putDay(scope, await get(day));
      changed.clear();
    },
    met: () =>
      [...states.values()].map(({ day, count: after }) => ({ day, before: began.get(day) ?? 0, after })),
  };
}

export const emptySum: Sum = [0, 0, 0, 0];

function emptyDay(day: Day): DayState {
  return { day, count: 0, mark: null, sum: emptySum };
}

/** Adds (or takes away) the four 32-bit words of a content hash, lane by lane. */
export function addLanes(sum: Sum, hash: Buffer, sign: 1 | -1): Sum {
  return [
    (sum[0] + sign * hash.readUInt32BE(0)) >>> 0,
    (sum[1] + sign * hash.readUInt32BE(4)) >>> 0,
    (sum[2] + sign * hash.readUInt32BE(8)) >>> 0,
    (sum[3] + sign * hash.readUInt32BE(12)) >>> 0,
  ];
}

export function sameSum(one: Sum, other: Sum): boolean {
  return one[0] === other[0] && one[1] === other[1] && one[2] === other[2] && one[3] === other[3];
}
