import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild, type Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { agencyHolds, count, eventually, freePorts, french, visitsOf, wrote } from '../fault/live.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';

/** An operator types commands beside a running receiver, and changes its settings between two starts. */
const [facility, other] = [finess(61), finess(62)];
let region: Region;
let agent: Agent;
let receiver: Child;
let source: string;

beforeAll(async () => {
  // The same ports at each start: the agent knows them.
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([facility, other].map((each) => ({ finess: each, name: each })));
  receiver = await region.serve();
  source = join(region.folder, 'in');
  mkdirSync(source);
  agent = await region.enroll({
    ...{ name: 'steady', facilities: [facility, other], sourceFolder: source },
    ...{ ready: 'now', after: 'keep' },
  });
  agent.start();
}, 120_000);
afterAll(() => region.close());

interface Spoken {
  readonly code: number | null;
  readonly text: string;
}

async function says(...words: readonly string[]): Promise<Spoken> {
  const { code, stdout } = await startChild({
    command: ['receiver/main.ts', ...words, '--config', region.receiverConfig],
    logFile: join(region.folder, 'operator.log'),
  }).ended;
  return { code, text: stdout };
}

async function document(...words: readonly string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await says(...words, '--json')).text) as Record<string, unknown>;
}

/** An export of one day, applied at the region. */
async function send(name: string, day: number, visits: readonly Visit[], from = facility): Promise<void> {
  const days = { extract: `${french(day + 1)} 02:00:00`, from: french(day), to: french(day) };
  const before = processed();
  const whole = join(region.folder, name);
  writeFileSync(whole, rpuXml({ finess: from, ...days, visits }));
  renameSync(whole, join(source, name));
  await eventually(`${name} is processed`, () => processed() > before);
}

type Settings = { destinations: Record<string, unknown>[] };

async function restartWith(change: (settings: Settings) => void): Promise<void> {
  await receiver.stop();
  const settings = JSON.parse(readFileSync(region.receiverConfig, 'utf8')) as Settings;
  change(settings);
  writeFileSync(region.receiverConfig, JSON.stringify(settings));
  receiver = await region.serve();
}

const oscourOf = ({ destinations }: Settings): Record<string, unknown> => {
  const found = destinations.find(({ name }) => name === 'oscour');
  if (found === undefined) throw new Error('no oscour');
  return found;
};
const folder = (): string => join(region.outFolder, 'oscour');
const delivered = (): readonly string[] => readdirSync(folder()).sort();
const database = (): string => join(region.receiverState, 'receiver.db');
const processed = (): number => count(database(), `select count(*) n from export where state = 'processed'`);
const composed = (): number => count(database(), 'select count(*) n from dispatch');
const inState = (state: string): number =>
  count(database(), `select count(*) n from dispatch where state = '${state}'`);
const quiet = (): Promise<boolean> =>
  eventually('nothing waits', () => inState('waiting') + inState('sending') === 0);
const logLines = (): readonly Record<string, unknown>[] =>
  readFileSync(join(region.folder, 'receiver.log'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('a paused destination gets nothing until it is resumed, across a restart', async () => {
  await send('one.xml', 5, visitsOf(5, 4));
  await quiet();
  expect(delivered()).toHaveLength(1);
  expect(await says('destination', 'test', '--all')).toMatchObject({ code: 0 });
  expect(await says('destination', 'pause', 'oscour', '--by', 'Ana')).toMatchObject({ code: 0 });
  await restartWith(() => undefined);
  await send('two.xml', 6, visitsOf(6, 5));
  await eventually('composed', () => inState('waiting') === 1);
  const listed = await says('destination', 'list');
  expect(listed.code).toBe(0);
  expect(listed.text).toMatch(/SUSPENDUE oscour par Ana|PAUSED oscour by Ana/);
  expect(delivered()).toHaveLength(1);
}, 90_000);

it('a destination removed or renamed keeps its queue, says so at the start, and delivers it when it is back', async () => {
  await says('destination', 'resume', 'oscour');
  await quiet();
  await says('destination', 'pause', 'oscour', '--by', 'Ana');
  await send('three.xml', 7, visitsOf(7, 3));
  await eventually('composed', () => inState('waiting') === 1);
  const before = { files: delivered(), dispatches: composed() };

  // Renamed: the new name has no past, the old one keeps what waits for it.
  await restartWith((settings) => (oscourOf(settings)['name'] = 'renamed'));
  const notice = await eventually('the notice', () =>
    logLines().find(({ event }) => event === 'destination-removed'),
  );
  expect(notice).toMatchObject({ destination: 'oscour', dispatches: 1 });
  const listed = await document('destination', 'list');
  expect(listed).toMatchObject({ removed: [{ name: 'oscour', waiting: 1 }] });
  expect(await says('destination', 'list')).toMatchObject({ code: 1 });
  expect(await document('status')).toMatchObject({ removedDestinations: [{ name: 'oscour', waiting: 1 }] });

  // What comes meanwhile goes to the new name only, and shows that its loop has run.
  await send('four.xml', 8, visitsOf(8, 2));
  await eventually('delivered to the new name', () => inState('sent') === before.dispatches);
  expect(inState('waiting')).toBe(1);
  expect(delivered()).toHaveLength(before.files.length + 1);

  await restartWith(({ destinations }) => {
    for (const each of destinations) if (each['name'] === 'renamed') each['name'] = 'oscour';
  });
  expect(delivered()).toHaveLength(before.files.length + 1);
  await says('destination', 'resume', 'oscour');
  await quiet();
  expect(delivered()).toHaveLength(before.files.length + 2);
  const visits = [visitsOf(5, 4), visitsOf(6, 5), visitsOf(7, 3), visitsOf(8, 2)].flat();
  expect(agencyHolds(folder(), facility)).toEqual(wrote(facility, visits));
}, 120_000);

it.each([
  ['profile', { profile: { kind: 'allow', items: ['ENTREE', 'SEXE'] } }, 9],
  ['format', { format: { name: 'oscour-xml', version: '2006' } }, 10],
  ['facilities', { facilities: [facility] }, 11],
  ['packaging', { packaging: { maxRecords: 1 } }, 12],
] as const)(
  'a change of %s sends nothing of the past: it begins with the next export',
  async (_what, change, day) => {
    const before = { files: delivered(), dispatches: composed() };
    await restartWith((settings) => Object.assign(oscourOf(settings), change));
    await send(`day-${day}.xml`, day, visitsOf(day, 1));
    await eventually('the next export is delivered', () => inState('sent') === before.dispatches + 1);
    await quiet();
    expect(composed()).toBe(before.dispatches + 1);
    expect(delivered().filter((name) => !before.files.includes(name))).toHaveLength(1);
  },
  60_000,
);

it('a facility left out by the settings, then taken again, gets its past only by a replay', async () => {
  const before = composed();
  await send('elsewhere.xml', 5, visitsOf(5, 2), other);
  expect(composed()).toBe(before);
  await restartWith((settings) => delete oscourOf(settings)['facilities']);
  await send('elsewhere-again.xml', 6, visitsOf(6, 1), other);
  await eventually('the next export is delivered', () => composed() === before + 1);
  await quiet();
  expect(agencyHolds(folder(), other)).toHaveLength(1);

  const days = ['destination', 'replay', 'oscour', '--from', '2026-01-05', '--to', '2026-01-05'];
  const preview = await document(...days, '--facilities', other);
  expect(preview).toMatchObject({
    done: false,
    destinations: [{ name: 'oscour', facilities: 1, records: 2 }],
  });
  expect(composed()).toBe(before + 1);
  expect(await document(...days, '--facilities', other, '--yes')).toMatchObject({ done: true });
  await quiet();
  expect(agencyHolds(folder(), other)).toHaveLength(3);
}, 90_000);

it('a destination that goes on a calendar is sent nothing of the past by going on it', async () => {
  const before = { files: delivered(), dispatches: composed() };
  const calendar = { kind: 'calendar', cron: '0 4 1 1 *', window: { since: 'year' } };
  await restartWith((settings) => Object.assign(oscourOf(settings), { schedule: calendar }));
  await send('day-20.xml', 20, visitsOf(20, 1));
  await says('destination', 'test', 'oscour');
  expect(composed()).toBe(before.dispatches);
  expect(delivered()).toEqual(before.files);
  expect((await says('destination', 'list')).text).toContain('0 4 1 1 *');
}, 60_000);

it('what a person answers reaches the hospital, and mistyped commands say what is wrong', async () => {
  const { dispatches } = (await document('destination', 'dispatches', 'oscour', '--state', 'sent')) as {
    dispatches: { file: string }[];
  };
  const file = dispatches[0]?.file ?? '';
  expect(await says('destination', 'acknowledge', 'oscour', file)).toMatchObject({ code: 0 });
  await eventually(
    'the receipt is with the agent',
    () =>
      count(
        join(agent.stateFolder, 'agent.db'),
        `select count(*) n from receipts where kind = 'acknowledged'`,
      ) > 0,
  );
  expect(await says('destination', 'pause', 'nobody', '--by', 'Ana')).toMatchObject({ code: 1, text: '' });
  expect(await says('destination', 'pause', 'oscour')).toMatchObject({ code: 2 });
  expect(await says('destination', 'replay', 'oscour', '--from', '2026-01-05')).toMatchObject({ code: 2 });
}, 60_000);
