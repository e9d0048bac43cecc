import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeldRecord } from '../store/store.ts';
import type { Applied, ApplyInput } from './applied.ts';
import type { Hashed } from './match.ts';
import { isNewer } from './order.ts';
import { contentHash } from './record-keys.ts';
import { insertInto, removeFrom, reportDuplicate, rowOf, startRun, type Run } from './run.ts';

/** The latest record of each key, by its own instant and then by order, is the state; what it replaces becomes history. */
export async function applySnapshot(input: ApplyInput): Promise<Applied> {
  const run = startRun(input);
  for (const day of run.content.days) {
    const records = await run.content.ofDay(day);
    const seen = new Set<string>();
    for (const incoming of records) {
      const one = { incoming, hash: contentHash(incoming.body) };
      const name = `${incoming.at}|${incoming.naturalKey}`;
      if (seen.has(name)) reportDuplicate(run, one);
      seen.add(name);
      await observe(run, one);
    }
    await nextTurn();
  }
  await run.book.flush();
  const { counts, touched, findings, findingsTotal } = run;
  // A state has no days to speak of: what it replaced is in its history.
  return { kind: 'applied', counts, touched, findings, findingsTotal, superseded: new Set(), days: [] };
}

async function observe(run: Run, one: Hashed): Promise<void> {
  const { incoming, hash } = one;
  const key = run.keys.key(incoming.naturalKey);
  const [held] = await run.tx.records.byVisit(run.scope, [key]);
  if (held === undefined) {
    run.counts.added += 1;
    await insertInto(run, incoming.day, [one], []);
  } else if (held.hash.equals(hash)) {
    run.counts.unchanged += 1;
    if (isNewer(run.order, held)) await run.tx.records.confirm(run.scope, [rowOf(run, one, held)]);
  } else if (incoming.at < held.at || (incoming.at === held.at && isNewer(held, run.order))) {
    run.counts.stale += 1;
  } else {
    run.counts.updated += 1;
    await supersede(run, one, held);
  }
}

async function supersede(run: Run, one: Hashed, held: HeldRecord): Promise<void> {
  const { day } = one.incoming;
  if (held.day === day) {
    await run.tx.records.replace(run.scope, [rowOf(run, one, held)], 'superseded', run.now);
    await run.book.remove(day, held.hash);
    await run.book.add(day, one.hash);
    run.touched.add(day);
    return;
  }
  await removeFrom(run, [held], 'superseded');
  await insertInto(run, day, [one], []);
}
