import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { agencyHolds, count, eventually, outcomes } from '../fault/live.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** A service that takes a new configuration without stopping: real processes, real TLS, exports falling all the while. */
const facility = finess(31);
let region: Region;
let agent: Agent;
let child: Child;
let source: string;
let second: string;

beforeAll(async () => {
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: 'Hôpital d’essai' }]);
  await region.serve();
  source = join(region.folder, 'in');
  second = join(region.folder, 'second');
  mkdirSync(source);
  mkdirSync(second);
  agent = await region.enroll({
    ...{ name: 'reload', facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
  });
  child = agent.start();
}, 60_000);
afterAll(() => region.close());

interface Settings {
  state: string;
  sources: Record<string, unknown>[];
}

const settings = (): Settings => parse(readFileSync(agent.configFile, 'utf8')) as Settings;

const toYaml = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false });

function configure(text: string): void {
  writeFileSync(`${agent.configFile}.new`, text);
  renameSync(`${agent.configFile}.new`, agent.configFile);
}

const database = (): string => join(agent.stateFolder, 'agent.db');
const logged = (event: string): number =>
  readFileSync(agent.logFile, 'utf8').split(`"event":"${event}"`).length - 1;

function drop(folder: string, name: string, day: number): void {
  const on = `${String(day).padStart(2, '0')}/01/2026`;
  const visits = Array.from({ length: 4 }, (_none, n) => ({ entree: `${on} 1${n}:00` }));
  const file = { finess: facility, from: on, to: on, extract: `${on} 23:50:00`, visits };
  writeFileSync(join(folder, `${name}.tmp`), rpuXml(file));
  renameSync(join(folder, `${name}.tmp`), join(folder, name));
}

describe('a running agent', () => {
  it('takes new sources while exports fall, and loses or doubles none', async () => {
    const first = settings();
    for (let day = 1; day <= 24; day += 1) {
      drop(source, `jour-${day}.xml`, day);
      // In the middle of it: another scan rhythm, then another source.
      if (day === 8) configure(toYaml({ ...settings(), limits: { inFlight: 4 } }));
      if (day === 16) {
        const [known] = first.sources;
        configure(
          toYaml({ ...first, sources: [known, { ...known, name: 'seconde', folder: second, part: '7' }] }),
        );
      }
      if (day % 2 === 0)
        await eventually(`day ${day} taken`, () => outcomes(database(), `jour-${day}.xml`).length > 0);
    }
    drop(second, 'autre.xml', 27);
    await eventually('the second source', () => outcomes(database(), 'autre.xml').includes('forwarded'));
    for (let day = 1; day <= 24; day += 1)
      await eventually(`day ${day}`, () => outcomes(database(), `jour-${day}.xml`)[0] === 'forwarded');
    expect(logged('config-reloaded')).toBeGreaterThanOrEqual(1);
    expect(child.hasExited()).toBe(false);
    await eventually('everything delivered once', () => {
      return agencyHolds(join(region.outFolder, 'oscour'), facility).length === 25 * 4;
    });
    expect(count(database(), `select count(*) n from exports where outcome = 'duplicate'`)).toBe(0);
    expect((await agent.verify()).code).toBe(0);
    expect((await region.verify()).code).toBe(0);
  }, 120_000);

  it('keeps the old configuration when the new one has faults, and says all of them', async () => {
    const good = readFileSync(agent.configFile, 'utf8');
    configure(`${good}\nunknown: true\nretention: { days: never }\n`);
    await eventually('refused', () => logged('config-refused') === 1);
    const line =
      readFileSync(agent.logFile, 'utf8')
        .split('\n')
        .find((one) => one.includes('config-refused')) ?? '';
    expect(line).toContain('unknown');
    expect(line).toContain('retention.days');
    drop(source, 'encore.xml', 28);
    await eventually('still working', () => outcomes(database(), 'encore.xml').includes('forwarded'));
    expect(count(database(), `select count(*) n from meta where key = 'config-refused'`)).toBe(1);
    configure(good);
    await eventually(
      'in force again',
      () => count(database(), `select count(*) n from meta where key = 'config-refused'`) === 0,
    );
  }, 60_000);

  it('refuses to change its state folder, and to start twice', async () => {
    const good = readFileSync(agent.configFile, 'utf8');
    const before = logged('config-refused');
    configure(toYaml({ ...settings(), state: join(region.folder, 'elsewhere') }));
    await eventually('refused', () => logged('config-refused') === before + 1);
    expect(readFileSync(agent.logFile, 'utf8')).toContain('config-state-changed');
    configure(good);
    const second = await agent.start().ended;
    expect(second.code).toBe(1);
    expect(readFileSync(agent.logFile, 'utf8')).toContain('state-locked');
  }, 60_000);

  it.skipIf(process.platform === 'win32')(
    'reloads at once on SIGHUP',
    async () => {
      const before = logged('config-reloaded');
      process.kill(child.pid, 'SIGHUP');
      await eventually('reloaded', () => logged('config-reloaded') > before);
    },
    60_000,
  );
});
