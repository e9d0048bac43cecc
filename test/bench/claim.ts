import { join } from 'node:path';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import { createOutbox, type Outbox } from '../../agent/outbox/outbox.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ownCpuMs } from './process-cost.ts';
import { fillQueue } from './queue.ts';

const turns = 250;
const limit = 8;

/** CPU of the same claims on a long queue ÷ on one of 1,000, turn by turn in the same rounds. */
export async function measureClaims(
  folder: string,
  pending: number,
  rounds: number,
): Promise<readonly number[]> {
  const short = openQueue(join(folder, 'short.db'), 1000);
  const long = openQueue(join(folder, 'long.db'), pending);
  try {
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const base = await ownCpuMs(() => claimAndReturn(short));
      const tested = await ownCpuMs(() => claimAndReturn(long));
      // The first round fills caches.
      if (round > 0) ratios.push(tested / base);
    }
    return ratios;
  } finally {
    short.close();
    long.close();
  }
}

interface Queue {
  readonly outbox: Outbox;
  readonly clock: Clock & { tick(): number };
  close(): void;
}

function openQueue(path: string, pending: number): Queue {
  const database = openAgentDatabase(path);
  const clock = countingClock();
  fillQueue(database, clock, pending);
  return { outbox: createOutbox({ database, clock }), clock, close: () => database.close() };
}

/** What is claimed goes back to the end of the queue in the next turn, so that the backlog stays and every row has its turn. */
function claimAndReturn({ outbox, clock }: Queue): void {
  let claimed = outbox.turn([], { limit, order: 'oldest' });
  for (let turn = 0; turn < turns; turn += 1) {
    const nextAttemptAt = clock.tick();
    const back = claimed.map(({ n }) => ({ kind: 'retry' as const, n, nextAttemptAt, code: 'bench' }));
    claimed = outbox.turn(back, { limit, order: 'oldest' });
    if (claimed.length !== limit) throw new Error('the queue gave less than was asked');
  }
  outbox.turn(
    claimed.map(({ n }) => ({ kind: 'retry' as const, n, nextAttemptAt: clock.tick(), code: 'bench' })),
    { limit: 0, order: 'oldest' },
  );
}

function countingClock(): Queue['clock'] {
  let now = Date.UTC(2026, 0, 5);
  return { now: () => now, monotonic: () => now, tick: () => (now += 1) };
}
