import { hash } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Scope } from '../../receiver/store/record-scope.ts';
import type { Store, StoredRecord } from '../../receiver/store/store.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { fictitiousFiness } from '../../installers/sandbox/exports.ts';
import { ownCpuMs } from './process-cost.ts';

const facilities = 100;
const perDay = 100;
const daysPerRound = 2;
const firstDay = 15_000;

/**
 * Records that a large store takes in per CPU second ÷ a small one, the same days of new records in turn. They arrive as
 * they do in life: day after day, every facility.
 */
export async function measureIngest(
  folder: string,
  sizes: { readonly small: number; readonly large: number },
  rounds: number,
): Promise<readonly number[]> {
  const small = openSqliteStore(join(folder, 'small.db'));
  const large = openSqliteStore(join(folder, 'large.db'));
  try {
    const smallDays = sizes.small / (facilities * perDay);
    const largeDays = sizes.large / (facilities * perDay);
    await fill(small, 0, smallDays);
    await fill(large, 0, largeDays);
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const more = round * daysPerRound;
      const base = await ownCpuMs(() => fill(small, smallDays + more, daysPerRound));
      const tested = await ownCpuMs(() => fill(large, largeDays + more, daysPerRound));
      if (round > 0) ratios.push(base / tested);
    }
    return ratios;
  } finally {
    await small.close();
    await large.close();
  }
}

async function fill(store: Store, from: number, days: number): Promise<void> {
  for (let index = from; index < from + days; index += 1) {
    const day = (firstDay + index) as Day;
    // As many exports to a commit as the receiver takes at most.
    for (let first = 1; first <= facilities; first += 10)
      await store.transaction(async (tx) => {
        for (let number = first; number < first + 10; number += 1) {
          const scope: Scope = { facility: fictitiousFiness(number), feed: 'ed-visits', part: '0' };
          await tx.records.insert(scope, recordsOf(scope, day));
          const extract = (day + 1) * 86_400_000;
          const state = { count: perDay, mark: { extract, reception: index }, sum: [0, 0, 0, 0] as const };
          await tx.records.putDay(scope, { day, ...state });
        }
      });
  }
}

function recordsOf({ facility }: Scope, day: Day): readonly StoredRecord[] {
  return Array.from({ length: perDay }, (_, index) => {
    const digest = hash('sha256', `${facility} ${day} ${index}`, 'buffer');
    const at = day * 86_400_000 + index * 600_000;
    return {
      ...{ day, key: digest.subarray(0, 16), rank: 0, visit: null, hash: digest.subarray(16, 32), at },
      ...{ extract: (day + 1) * 86_400_000, reception: day, line: index * 20, record: index + 1 },
      ...{ export: '01890a5d-ac96-774b-bcce-b302099a8057', body },
    };
  });
}

/** As long as the body of a usual visit. */
const body = JSON.stringify({ facility: '990000010', filler: 'x'.repeat(360) });
