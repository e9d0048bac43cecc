import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild, type Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { migrations } from '../../receiver/store/migrations.ts';
import { dayOfInstant, dayToFrench, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { openSqlite } from '../../shared/runtime/sqlite.ts';
import { count, eventually, freePorts } from '../fault/live.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** An operator's morning beside a running receiver: who is to be called, and what the watching itself tells of its life. */
const [facility, unit] = [finess(71), finess(72)];
const today = dayOfInstant(Date.now());
const ago = (days: number): Day => (today - days) as Day;
let region: Region;
let agent: Agent;
let receiver: Child;
let source: string;
let outside: Server;
let beats = 0;

beforeAll(async () => {
  // Whatever this machine speaks: its children are asked in French.
  process.env['LANGUAGE'] = 'fr';
  outside = createServer((_request, response) => {
    beats += 1;
    response.end();
  });
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([
    { finess: facility, name: 'Saint-Exemple' },
    { finess: unit, name: 'Petite unité' },
  ]);
  receiver = await region.serve();
  source = join(region.folder, 'in');
  mkdirSync(source);
  agent = await region.enroll({
    ...{ name: 'steady', facilities: [facility], sourceFolder: source },
    ...{ ready: 'now', after: 'keep' },
  });
}, 120_000);
afterAll(async () => {
  await region.close();
  outside.closeAllConnections();
  outside.close();
});

async function says(...words: readonly string[]): Promise<{ code: number | null; text: string }> {
  const { code, stdout } = await startChild({
    command: ['receiver/main.ts', ...words, '--config', region.receiverConfig],
    logFile: join(region.folder, 'operator.log'),
  }).ended;
  return { code, text: stdout };
}

interface Watched {
  readonly lastEvaluatedAt: string | null;
  readonly calls: readonly {
    facility: string;
    state: string;
    cause: string;
    days: string[];
    missing: number;
  }[];
  readonly neverSent: readonly { facility: string; missing: number }[];
  readonly days: readonly {
    facility: string;
    day: string;
    state: string;
    count: number;
    expected: { median: number };
  }[];
}
async function watched(...words: readonly string[]): Promise<Watched & { code: number | null }> {
  const { code, text } = await says('watch', '--json', ...words);
  return { ...(JSON.parse(text) as Watched), code };
}

async function send(day: Day, visits: number): Promise<void> {
  const on = dayToFrench(day);
  const days = { extract: `${dayToFrench((day + 1) as Day)} 02:00:00`, from: on, to: on };
  const entered = Array.from({ length: visits }, (_none, n) => ({
    entree: `${on} 10:${String(n % 60).padStart(2, '0')}`,
    naissance: `${String(1 + (n % 28)).padStart(2, '0')}/03/1970`,
  }));
  writeFileSync(join(source, `rpu-${day}.xml`), rpuXml({ finess: facility, ...days, visits: entered }));
  await agent.once();
}

const database = (): string => join(region.receiverState, 'receiver.db');

async function restart(change: (settings: Record<string, unknown>) => void): Promise<void> {
  await receiver.stop();
  const settings = JSON.parse(readFileSync(region.receiverConfig, 'utf8')) as Record<string, unknown>;
  change(settings);
  writeFileSync(region.receiverConfig, JSON.stringify(settings));
  const db = openSqlite(database(), { migrations });
  // The facility has been connected for long: what lies here came when it was due.
  db.exec('update watch_arrival set first_at = 0, settled_at = 0; delete from watch_run');
  db.close();
  receiver = await region.serve();
  await eventually('it has looked', () => count(database(), 'select count(*) n from watch_run') === 1);
}

async function ask(path: string): Promise<{ status: number; text: string }> {
  const listeners = JSON.parse(readFileSync(join(region.receiverState, 'listeners.json'), 'utf8')) as {
    health: { host: string; port: number };
  };
  const asked = request({ ...listeners.health, path, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer> & { statusCode: number }];
  let text = '';
  for await (const chunk of response) text += chunk.toString();
  return { status: response.statusCode, text };
}

it('a hospital that fell silent is the first to be called, with its cause and what is missing', async () => {
  await send(ago(4), 30);
  const history = join(region.folder, 'history.csv');
  const lines = Array.from(
    { length: 90 },
    (_none, index) => `${facility};${dayToIso(ago(5 + index))};${28 + (index % 5)}`,
  );
  writeFileSync(history, `finess;jour;passages\n${lines.join('\n')}\n${finess(73)};${dayToIso(ago(9))};4\n`);
  const imported = await says('import-history', history, '--json');
  expect(imported.code).toBe(1);
  expect(JSON.parse(imported.text)).toMatchObject({ facilities: 1, days: 90, unknown: [finess(73)] });
  await says('facility', 'declare', unit, '--annual', '7300');
  const { port } = outside.address() as AddressInfo;
  await restart((settings) => {
    settings['watching'] = { beat: { url: `http://127.0.0.1:${port}/`, everySeconds: 10 } };
  });

  const found = await watched('--day', dayToIso(ago(2)), '--days', '3');
  expect(found.code).toBe(1);
  expect(found.calls).toMatchObject([
    { facility, state: 'silent', cause: 'source-silent', days: [dayToIso(ago(2)), dayToIso(ago(3))] },
  ]);
  expect(found.calls[0]?.missing).toBeGreaterThan(50);
  expect(found.neverSent).toMatchObject([{ facility: unit, missing: 20 }]);
  expect(found.days.find((each) => each.day === dayToIso(ago(4)))).toMatchObject({
    state: 'received',
    count: 30,
  });
});

it('it reads as a sentence, what to do, and a grid that needs no colour', async () => {
  const { text } = await says('watch', '--day', dayToIso(ago(2)), '--days', '3');
  const [sentence = '', ...rest] = text.split('\n');
  expect(sentence).toMatch(/^1 établissement\(s\) à appeler .* D’abord : Saint-Exemple\.$/);
  expect(rest.join('\n')).toContain('✕ silence — Saint-Exemple');
  expect(rest.join('\n')).toContain('· Jamais reçu : Petite unité');
  expect(rest.find((line) => line.startsWith(`${facility}  `))).toMatch(/ {2}✓ {2}✕ {2}✕$/);
  expect(rest.at(-2)).toMatch(/^Légende : ✓ reçu .*‖ retenu/);
});

it('the running receiver has noted it, and tells one facility from its agent to its days', async () => {
  const states = count(
    database(),
    `select count(*) n from watch_state where state = 'silent' and facility = '${facility}'`,
  );
  expect(states).toBeGreaterThanOrEqual(2);
  const shown = JSON.parse((await says('watch', 'show', facility, '--days', '5', '--json')).text) as {
    name: string;
    feeds: { feed: string; agents: unknown[]; days: { state: string }[] }[];
  };
  expect([shown.name, shown.feeds[0]?.feed, shown.feeds[0]?.agents.length]).toEqual([
    'Saint-Exemple',
    'ed-visits',
    1,
  ]);
  const { text } = await says('watch', 'show', facility);
  expect(text).toContain('attendu chaque jour avant 04:00');
  const wrong = await says('watch', 'show', finess(73));
  expect(wrong.code).toBe(1);
});

it('what comes at last is late, and nobody is to be called any more', async () => {
  for (const days of [3, 2, 1]) await send(ago(days), 30);
  const found = await watched('--days', '4');
  expect(found.calls).toEqual([]);
  expect(found.code).toBe(0);
  const states = found.days.filter((each) => each.facility === facility).map(({ state }) => state);
  expect(states.slice(0, 3)).toEqual(['received', 'late', 'late']);
  expect((await says('watch', '--days', '4')).text).toMatch(
    /^Tout est arrivé\. 1 établissement\(s\), 30 passages/,
  );
});

it('the watching is ready, counted, and heard outside', async () => {
  expect((await ask('/health/ready')).status).toBe(200);
  expect((await ask('/metrics')).text).toMatch(/^vaguemestre_last_watch_timestamp_seconds 1\d{9}/m);
  await eventually('a sign of life is heard', () => beats > 0);
});
