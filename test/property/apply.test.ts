import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import {
  dayToFrench,
  dayToIso,
  dayOfInstant,
  parseFrenchDateTime,
  type Day,
} from '../../shared/runtime/paris-time.ts';
import { dayMs, hourMs, openRig } from '../unit/apply/rig.ts';
import { Oracle, type OracleExport, type Visit } from './apply-oracle.ts';

const firstDay = 20_090;
const days = 4;
const people = 30;

let folder = '';
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-property-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

interface Shown {
  readonly person: number;
  readonly version: number;
  readonly named: boolean;
  readonly shiftDays: number;
  readonly shiftMinutes: number;
  readonly twice: boolean;
}

/** People 0 and 1 are twins: alike in everything the natural key knows. */
function visitOf(facility: string, shown: Shown): Visit {
  const person = shown.person === 1 ? 0 : shown.person;
  const day = firstDay + ((person + shown.shiftDays) % days);
  const minute = String((person + shown.shiftMinutes) % 60).padStart(2, '0');
  const text = `${dayToFrench(day as Day)} ${String(8 + (person % 12)).padStart(2, '0')}:${minute}`;
  const at = parseFrenchDateTime(text)?.at ?? 0;
  const birth = `0${1 + (person % 9)}/02/1980`;
  const visit = shown.named ? `v${shown.person}` : undefined;
  const body = JSON.stringify({
    facility,
    ...(visit === undefined ? {} : { visitId: visit }),
    birthDate: birth,
    sex: 'F',
    arrivedAt: { text, at },
    reason: `version ${shown.version}`,
  });
  return { day, at, natural: `${text}|${birth}|F|`, visit, body };
}

const shown = (person: number) =>
  fc.record({
    person: fc.constant(person),
    version: fc.nat(1),
    named: fc.boolean(),
    shiftDays: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
    shiftMinutes: fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constant(7) },
    ),
    twice: fc.oneof(
      { weight: 12, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  });

/** Everybody alike, so that resends, key changes and lost days come up often enough. */
const everybody: fc.Arbitrary<Shown[]> = fc
  .record({
    version: fc.nat(1),
    named: fc.constantFrom(false, false, true),
    shiftMinutes: fc.constantFrom(0, 0, 9),
    lostDay: fc.constantFrom(-1, -1, 0, 1, 2),
  })
  .map(({ lostDay, ...same }) =>
    Array.from({ length: people }, (_, person) => ({ person, shiftDays: 0, twice: false, ...same })).filter(
      ({ person }) => person % days !== lostDay,
    ),
  );
const some: fc.Arbitrary<Shown[]> = fc
  .uniqueArray(fc.nat(people - 1), { maxLength: 14 })
  .chain((list) => fc.tuple(...list.map(shown)));

const window = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ from: 0, to: days - 1 }) },
  { weight: 3, arbitrary: fc.record({ from: fc.nat(days), to: fc.nat(days) }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const sending = fc.record({
  kind: fc.constant('send' as const),
  shown: fc.oneof(everybody, some),
  /** Half days after the first day. */
  extract: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 5, max: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom('none' as const, 'future' as const) },
  ),
  window,
  rejected: fc.constantFrom(0, 0, 0, 0, 0, 1),
  digest: fc.nat(30),
  resend: fc.constantFrom(false, false, true),
  withdrawn: fc.oneof(
    { weight: 3, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.nat(people - 1), { maxLength: 4 }) },
  ),
  source: fc.constantFrom('main', 'main', 'main', 'main', 'main', 'main', 'other'),
  staged: fc.boolean(),
});
const deciding = fc.record({
  kind: fc.constant('decide' as const),
  which: fc.nat(9),
  decision: fc.constantFrom('confirm' as const, 'keep' as const),
});
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: sending }, { weight: 1, arbitrary: deciding }), {
  minLength: 1,
  maxLength: 10,
});

let runs = 0;

type Steps = typeof steps extends fc.Arbitrary<infer Sequence> ? Sequence : never;

async function follow(sequence: Steps): Promise<Record<string, number>> {
  runs += 1;
  const met: Record<string, number> = {};
  const facility = `99${String(runs).padStart(7, '0')}`;
  const rig = await openRig({ facility, store, maxRecords: 9 });
  const oracle = new Oracle(Buffer.alloc(32, 3));
  const sent: string[] = [];
  for (const step of sequence) {
    if (step.kind === 'decide') {
      const id = sent[step.which % Math.max(1, sent.length)];
      if (id === undefined) continue;
      const expected = oracle.decide(id, step.decision);
      const decided = rig.decider.decide({ export: id }, step.decision);
      if (expected === undefined) await expect(decided).rejects.toMatchObject({ code: 'decision-not-open' });
      else expect((await decided).removed).toBe(expected);
      met[step.decision] = (met[step.decision] ?? 0) + (expected === undefined ? 0 : 1);
    } else {
      const visits = step.shown.flatMap((one) => {
        const visit = visitOf(facility, one);
        return one.twice ? [visit, { ...visit }] : [visit];
      });
      const receivedAt = rig.clock.now() + hourMs;
      const extract =
        step.extract === 'none'
          ? null
          : step.extract === 'future'
            ? receivedAt + dayMs + hourMs
            : firstDay * dayMs + step.extract * (dayMs / 2) - 6 * hourMs;
      const own =
        step.window === null ? null : { from: firstDay + step.window.from, to: firstDay + step.window.to };
      const withdrawn = step.withdrawn.map((person) => `v${person}`);
      const digest = String(step.digest).padStart(64, '0');
      const answer = await rig.send({
        bodies: visits.map(({ body }) => body),
        source: step.source,
        staged: step.staged,
        manifest: {
          ...{ rejected: step.rejected, digest, resend: step.resend, withdrawn },
          window: own === null ? null : { from: dayToIso(own.from as Day), to: dayToIso(own.to as Day) },
          extract: extract === null ? null : { text: 'as written', at: extract },
        },
      });
      const given: OracleExport = {
        ...{ id: answer.id, digest, resend: step.resend, source: step.source, rejected: step.rejected },
        ...{ window: own, extract, extractDay: extract === null ? 0 : dayOfInstant(extract) },
        ...{ receivedAt, reception: sent.length, visits, withdrawn },
      };
      sent.push(answer.id);
      const expected = oracle.apply(given);
      const { state, counts, receipt } = answer;
      expect({
        ...{ state, hold: receipt.hold, duplicate: receipt.result === 'duplicate', trusted: receipt.trusted },
        counts,
      }).toEqual(expected);
      const name =
        expected.hold ?? (expected.duplicate ? 'duplicate' : expected.trusted ? 'trusted' : 'untrusted');
      met[name] = (met[name] ?? 0) + 1;
      if (expected.counts.stale > 0) met['stale'] = (met['stale'] ?? 0) + 1;
      const explicit = step.withdrawn.length > 0 && !expected.trusted && expected.counts.removed > 0;
      if (explicit) met['withdrawn'] = (met['withdrawn'] ?? 0) + 1;
    }
    await compare(rig, oracle, sent);
  }
  return met;
}

async function compare(
  rig: Awaited<ReturnType<typeof openRig>>,
  oracle: Oracle,
  sent: readonly string[],
): Promise<void> {
  const held = await rig.held();
  expect(held.map(({ body, rank }) => `${rank} ${body}`).sort()).toEqual(
    oracle.memory.held.map(({ visit, rank }) => `${rank} ${visit.body}`).sort(),
  );
  const found = await rig.store.read(async (tx) => {
    const states = await tx.records.days(rig.scope, firstDay as Day, (firstDay + 9) as Day);
    const open = (await tx.removals.open()).filter(({ facility }) => facility === rig.scope.facility);
    const rows = await Promise.all(sent.map((id) => tx.exports.get(id)));
    return { states, open, rows };
  });
  expect(found.states.reduce((sum, { count }) => sum + count, 0)).toBe(held.length);
  expect(found.states.flatMap(({ day, mark }) => (mark === null ? [] : [[day, mark.extract]]))).toEqual(
    [...oracle.memory.marks].map(([day, { extract }]) => [day, extract]).sort(([a = 0], [b = 0]) => a - b),
  );
  expect(found.open.reduce((sum, { count }) => sum + count, 0)).toBe(oracle.memory.pending.length);
  expect(found.rows.map((row) => row?.state)).toEqual(sent.map((id) => oracle.states.get(id)));
  expect(await rig.replayed()).toEqual(held.map(({ body }) => body).sort());
}

it('holds, marks, counts and forwards what the rules of replacement say, whatever is sent in whatever order', async () => {
  const met: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      for (const [name, count] of Object.entries(await follow(sequence)))
        met[name] = (met[name] ?? 0) + count;
    }),
    { numRuns: Number(process.env['APPLY_RUNS'] ?? 150) },
  );
  // A property that never met a case says nothing about it.
  if (process.env['APPLY_SHOW'] !== undefined) process.stdout.write(JSON.stringify(met));
  const cases = [
    'trusted',
    'untrusted',
    'removals',
    'rekeying',
    'second-source',
    'duplicate',
    'confirm',
    'keep',
    'stale',
    'withdrawn',
  ];
  expect(cases.filter((name) => (met[name] ?? 0) === 0)).toEqual([]);
}, 300_000);
