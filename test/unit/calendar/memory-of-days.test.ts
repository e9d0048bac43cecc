import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calendars } from '../../../receiver/store/migration-calendars.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { calendarSql } from '../../../receiver/store/sqlite-calendars.ts';
import { destinationSql } from '../../../receiver/store/sqlite-destinations.ts';
import type { Query } from '../../../receiver/store/sqlite-statements.ts';
import type { Day } from '../../../shared/runtime/paris-time.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { openRig, type Rig } from '../apply/rig.ts';
import { dayAt, visit, whole } from './kit.ts';

const a = '990000010';
const day = dayAt('2026-01-10');
let rig: Rig & { close(): Promise<void> };
beforeEach(async () => {
  rig = await openRig({ facility: a });
  rig.clock.set(Date.parse('2026-01-11T05:00:00Z'));
});
afterEach(() => rig.close());

const arrival = (of: Day = day) => rig.store.read((tx) => tx.coverage.arrival(a, 'ed-visits', of));
const lastReception = () => rig.store.read((tx) => tx.coverage.lastReception(a, 'ed-visits'));
const known = () =>
  rig.store.read((tx) => tx.coverage.knownDays(a, 'ed-visits', (day - 5) as Day, (day + 5) as Day));

describe('what is remembered of days', () => {
  it('is when something first came for a day, whatever comes later', async () => {
    expect([await arrival(), await lastReception()]).toEqual([undefined, undefined]);
    await rig.send(whole(a, day, [2]));
    const first = rig.clock.now();
    expect([await arrival(), await lastReception()]).toEqual([first, first]);
    await rig.send({ bodies: [visit(a, day, 30)] });
    expect(await arrival()).toBe(first);
    expect(await lastReception()).toBe(rig.clock.now());
    expect(await arrival((day + 1) as Day)).toBeUndefined();
  });

  it('is not the day that a trusted window says was empty', async () => {
    await rig.send(whole(a, day, [0, 1]));
    expect(await arrival()).toBeUndefined();
    expect(await known()).toEqual([
      { day, count: 0, held: false },
      { day: day + 1, count: 1, held: true },
    ]);
  });

  it('stays when a day is emptied', async () => {
    await rig.send(whole(a, day, [2]));
    const empty = whole(a, day, [0]);
    await rig.send({
      ...empty,
      manifest: { ...empty.manifest, extract: { text: 'y', at: rig.clock.now() } },
    });
    expect(await known()).toEqual([{ day, count: 0, held: true }]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'vgm-calendars-'));
const db = openSqlite(join(folder, 'plans.db'), { migrations });
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function planOf(query: Query<unknown>): string {
  const values = query.text
    .split('?')
    .slice(1)
    .map(() => null);
  const rows = db.prepare<unknown[], { detail: string }>(`explain query plan ${query.text}`).all(...values);
  return rows.map(({ detail }) => detail).join('\n');
}

describe('a database that was there before calendars', () => {
  it('takes the days it holds for arrived, at a time nobody knows', () => {
    const before = openSqlite(join(folder, 'old.db'), {
      migrations: migrations.slice(0, migrations.indexOf(calendars)),
    });
    before.exec(`
      insert into agent values ('g', 'A', 'active', '[]', 1, 1);
      insert into export (reception, id, agent, facility, feed, part, source, received_at, slices_seen, state)
      values (1, 'x', 'g', '${a}', 'f', '0', 's', 7, 1, 'processed'), (2, 'y', 'g', '${a}', 'f', '0', 's', 9, 1, 'processed');
      insert into day_state values ('${a}', 'f', 5, '0', 2, null, null, 0, 0, 0, 0), ('${a}', 'f', 6, '0', 0, 1, 1, 0, 0, 0, 0);`);
    before.close();
    const after = openSqlite(join(folder, 'old.db'), { migrations });
    expect(after.prepare('select day, at from day_arrival').all()).toEqual([{ day: 5, at: 0 }]);
    expect(after.prepare('select at from facility_reception').all()).toEqual([{ at: 9 }]);
    after.close();
  });
});

describe('what calendars, replays and manifests ask of the store', () => {
  it.each<readonly [string, Query<unknown>, RegExp]>([
    ['days known of a facility', calendarSql.knownDays, /SEARCH day_state USING[^\n]*day>\? AND day<\?/],
    ['days that arrived', calendarSql.knownDays, /SEARCH day_arrival USING[^\n]*day>\? AND day<\?/],
    ['when a day arrived', calendarSql.arrival, /^SEARCH day_arrival USING PRIMARY KEY/],
    [
      'dispatches touching days',
      calendarSql.touching,
      /^SEARCH dispatch USING COVERING|^SEARCH dispatch USING INDEX dispatch_days/,
    ],
    [
      'the last file of a day',
      calendarSql.lastComposed,
      /dispatch_extract \([^)]*extract>\? AND extract<\?\)$/,
    ],
    [
      'facilities composed',
      calendarSql.composed,
      /^SEARCH calendar_progress USING PRIMARY KEY \(destination=\?\)$/,
    ],
    ['the last receipt, in the stamp', calendarSql.stamp, /SEARCH receipt/],
    ['the last serial', destinationSql.lastSerial, /^SEARCH manifest USING PRIMARY KEY \(destination=\?\)$/],
  ])('%s by an index', (_name, query, path) => {
    expect(planOf(query)).toMatch(path);
  });
});
