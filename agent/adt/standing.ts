import type { MovementEvent } from './event.ts';
import { compareSpoken } from './identity.ts';

/** A movement that holds: inserted, not cancelled since, with the latest word on each of its parts. */
export interface Standing {
  readonly trigger: string;
  readonly at: number;
  readonly patientClass: string;
  /** Null: no message about it says where. */
  readonly place: Place | null;
  /** What was said of it, without what a cancellation has undone. */
  readonly words: readonly MovementEvent[];
}

export interface Place {
  readonly ward: string;
  readonly room: string;
  readonly bed: string;
}

/** The movements of a visit that hold, in the order in which they happened; the same for any order of the messages. */
export function standingMovements(messages: readonly MovementEvent[]): readonly Standing[] {
  const groups = new Map<string, MovementEvent[]>();
  for (const message of messages) {
    if (message.movement === null) continue;
    const group = groups.get(message.movement);
    if (group === undefined) groups.set(message.movement, [message]);
    else group.push(message);
  }
  return [...groups.values()].flatMap((group) => standingOf([...group].sort(laterLast)) ?? []).sort(byTime);
}

/** Of the same second, an insert comes before its update and that before a cancellation, whatever their control ids. */
export function laterLast(one: MovementEvent, other: MovementEvent): number {
  return one.spokenAt - other.spokenAt || rank[one.action] - rank[other.action] || compareSpoken(one, other);
}

const rank = { insert: 0, update: 1, cancel: 2 } as const;

/** Only an insert brings back what was cancelled: an update that comes after says nothing of a movement that is not. */
function standingOf(sorted: readonly MovementEvent[]): Standing | undefined {
  const cancelled = sorted.findLastIndex(({ action }) => action === 'cancel');
  const since = sorted.slice(cancelled + 1);
  const start = cancelled === -1 ? 0 : since.findIndex(({ action }) => action === 'insert');
  const words = start === -1 ? [] : since.slice(start);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  return {
    trigger: last.trigger,
    at: last.at,
    patientClass: words.findLast(({ patientClass }) => patientClass !== '')?.patientClass ?? '',
    place: words.map(placeOf).findLast((place) => place !== null) ?? null,
    words,
  };
}

export function placeOf({ ward, room, bed }: MovementEvent): Place | null {
  return ward === '' && room === '' && bed === '' ? null : { ward, room, bed };
}

/** Movements of the same minute follow each other as they were told. */
function byTime(one: Standing, other: Standing): number {
  const [first] = one.words;
  const [otherFirst] = other.words;
  if (one.at !== other.at || first === undefined || otherFirst === undefined) return one.at - other.at;
  return laterLast(first, otherFirst);
}
