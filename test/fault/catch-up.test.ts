import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { migrations } from '../../receiver/store/migrations.ts';
import { dayOfInstant, dayToFrench, type Day } from '../../shared/runtime/paris-time.ts';
import { openSqlite } from '../../shared/runtime/sqlite.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';
import { agencyHolds, count, eventually, freePorts, outcomes } from './live.ts';

/** Days lost by the region come back by themselves: real processes, real TLS, rows really gone. */
const facility = finess(51);
const today = dayOfInstant(systemClock.now());
let region: Region;
let agent: Agent;
let source: string;

beforeAll(async () => {
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([{ finess: facility, name: 'Hôpital d’essai' }]);
  source = join(region.folder, 'in');
  mkdirSync(source);
}, 60_000);
afterAll(() => region.close());

const day = (ago: number): string => dayToFrench((today - ago) as Day);
const receiverDatabase = (): string => {
  const found = readdirSync(region.receiverState).find((name) => name.endsWith('.db'));
  return join(region.receiverState, found ?? '');
};
const agentDatabase = (): string => join(agent.stateFolder, 'agent.db');
const held = (): number => count(receiverDatabase(), 'select count(*) n from record');
const logged = (event: string): number =>
  readFileSync(agent.logFile, 'utf8').split(`"event":"${event}"`).length - 1;

function drop(ago: number, visits = 4): void {
  const window = { from: day(ago), to: day(ago), extract: `${day(ago - 1)} 02:00:00` };
  const entries = Array.from({ length: visits }, (_none, n) => ({ entree: `${day(ago)} 1${n}:00` }));
  writeFileSync(join(source, `jour-${ago}.xml`), rpuXml({ finess: facility, ...window, visits: entries }));
}

describe('a region that has lost days', () => {
  it('asks for them and has them back unprompted, once, and the agency sees nothing doubled', async () => {
    const receiver = await region.serve();
    agent = await region.enroll({
      ...{ name: 'catch-up', facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
    });
    for (const ago of [9, 8, 7, 6, 5]) drop(ago);
    expect((await agent.once()).code).toBe(0);
    expect(held()).toBe(20);
    const verified = agencyHolds(join(region.outFolder, 'oscour'), facility);
    await receiver.stop();

    // Two days gone, as an old copy or a slip of the hand leaves it; day 4 was never exported, and stays so.
    const db = openSqlite(receiverDatabase(), { migrations });
    for (const table of ['record', 'day_state'])
      db.prepare(`delete from ${table} where day in (?, ?)`).run(today - 7, today - 6);
    db.close();
    expect(held()).toBe(12);

    await region.serve();
    const running = agent.start();
    await eventually('the days are back', () => held() === 20);
    await eventually('told', () => outcomes(agentDatabase(), 'jour-7.xml').at(-1) === 'forwarded');
    expect(logged('catch-up')).toBe(1);
    expect(agencyHolds(join(region.outFolder, 'oscour'), facility)).toEqual(verified);
    expect(outcomes(agentDatabase(), 'jour-5.xml')).toHaveLength(1);
    expect((await agent.verify()).code).toBe(0);
    expect((await region.verify()).code).toBe(0);
    await running.stop();
  }, 120_000);

  it('asks in vain for days that no export covers, or whose files are gone', async () => {
    rmSync(join(source, 'archive'), { recursive: true });
    const db = openSqlite(receiverDatabase(), { migrations });
    for (const table of ['record', 'day_state'])
      db.prepare(`delete from ${table} where day = ?`).run(today - 8);
    db.close();
    const before = logged('catch-up');
    const since = systemClock.now();
    const running = agent.start();
    await eventually(
      'a heartbeat',
      () => count(receiverDatabase(), 'select max(at) n from heartbeat') > since,
    );
    drop(1);
    await eventually('going on', () => outcomes(agentDatabase(), 'jour-1.xml').includes('forwarded'));
    expect(logged('catch-up')).toBe(before);
    await running.stop();
  }, 60_000);
});
