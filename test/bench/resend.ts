import { hash } from 'node:crypto';
import { join } from 'node:path';
import { applyWindow } from '../../receiver/apply/apply-window.ts';
import type { Applied } from '../../receiver/apply/applied.ts';
import { contentOf, type ExportContent, type Incoming } from '../../receiver/apply/content.ts';
import { createRecordKeys } from '../../receiver/apply/record-keys.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Scope } from '../../receiver/store/record-scope.ts';
import type { Store } from '../../receiver/store/store.ts';
import type { Day } from '../../shared/runtime/paris-time.ts';
import { fictitiousFiness } from '../../installers/sandbox/exports.ts';
import { ownCpuMs } from './process-cost.ts';

const facilities = 20;
const days = 7;
const perDay = 143;

/** CPU of applying an unchanged week again, under a newer EXTRACT ÷ of applying it fresh. */
export async function measureResend(folder: string, rounds: number): Promise<readonly number[]> {
  const store = openSqliteStore(join(folder, 'receiver.db'));
  try {
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const first = (15_000 + round * days) as Day;
      const content = weekOf(first);
      const fresh = await ownCpuMs(() => applyAll(store, content, first, 1, 'added'));
      const again = await ownCpuMs(() => applyAll(store, content, first, 2, 'unchanged'));
      if (round > 0) ratios.push(again / fresh);
    }
    return ratios;
  } finally {
    await store.close();
  }
}

async function applyAll(
  store: Store,
  content: ExportContent,
  from: Day,
  time: number,
  expected: 'added' | 'unchanged',
): Promise<void> {
  const to = (from + days - 1) as Day;
  const extract = (to + 1) * 86_400_000 + time * 3_600_000;
  const window = { from, to, extract, extractDay: (to + 1) as Day };
  for (let number = 1; number <= facilities; number += 1) {
    const scope: Scope = { facility: fictitiousFiness(number), feed: 'ed-visits', part: '0' };
    const applied: Applied = await store.transaction((tx) =>
      applyWindow({
        ...{ tx, scope, content, window, keys: createRecordKeys(facilityKey), now: extract },
        ...{ order: { extract, reception: from * 10 + time }, guarded: true, keyNames: false, withdrawn: [] },
        export: `01890a5d-ac96-774b-bcce-${String(from * 10 + time).padStart(12, '0')}`,
      }),
    );
    if (applied.counts[expected] !== days * perDay) throw new Error('the week was not applied as expected');
  }
}

const facilityKey = Buffer.alloc(32, 9);

function weekOf(from: Day): ExportContent {
  const records: Incoming[] = [];
  for (let day: number = from; day < from + days; day += 1)
    for (let index = 0; index < perDay; index += 1) {
      const naturalKey = `${day} ${index}`;
      const filler = hash('sha256', naturalKey, 'hex').padEnd(360, 'x');
      records.push({
        ...{ day: day as Day, at: day * 86_400_000 + index * 600_000, naturalKey, visitId: undefined },
        ...{ record: records.length + 1, line: records.length * 20, body: JSON.stringify({ filler }) },
      });
    }
  return contentOf(records);
}
