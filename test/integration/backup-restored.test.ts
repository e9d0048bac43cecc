import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild, type Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { wallClockSecond } from '../../receiver/forward/compose.ts';
import {
  agencyHolds,
  count,
  eventually,
  freePorts,
  french,
  outcomes,
  peek,
  visitsOf,
  wrote,
} from '../fault/live.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';

/** A region lost with its disk, brought back from last night's backup: a real receiver, a real agent. */
const facility = finess(803);
let base: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let running: Child;
const sent: Visit[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-lost-'));
  mkdirSync(join(base, 'drop'));
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([{ finess: facility, name: 'LOST' }]);
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'lost', facilities: [facility], sourceFolder: join(base, 'drop') },
    ...{ ready: 'now', after: 'archive' },
  });
  running = agent.start();
});

afterAll(async () => {
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

async function carry(name: string, day: number): Promise<void> {
  const visits = visitsOf(day, 5);
  sent.push(...visits);
  const window = { extract: `${french(day + 1)} 02:00:00`, from: french(day), to: french(day) };
  const drop = join(base, 'drop');
  writeFileSync(join(drop, `${name}.tmp`), rpuXml({ finess: facility, ...window, visits }));
  renameSync(join(drop, `${name}.tmp`), join(drop, name));
  await forwarded(name);
}

const forwarded = (name: string): Promise<true> =>
  eventually(
    `${name} forwarded`,
    () => outcomes(join(agent.stateFolder, 'agent.db'), name).join() === 'forwarded',
  );

/** Version of the trust bundle that the agent said it had. */
function bundleSeen(): number {
  return peek(database(), (db) => {
    const rows = db.prepare<unknown[], { body: string }>('select body from heartbeat').all();
    return Math.max(
      0,
      ...rows.map(({ body }) => (JSON.parse(body) as { bundleVersion: number }).bundleVersion),
    );
  });
}

const database = (): string => join(region.receiverState, 'receiver.db');

async function command(...words: readonly string[]): Promise<string> {
  const logFile = join(base, 'commands.log');
  const { ended } = startChild({ command: ['receiver/main.ts', ...words], logFile });
  const { code, stdout } = await ended;
  expect(code, stdout).toBe(0);
  return stdout;
}

it('what a region has lost since its backup, its agents send again without being asked', async () => {
  await carry('one.xml', 1);
  // While it serves.
  const config = ['--config', region.receiverConfig];
  const said = await command('backup', '--to', join(base, 'backups'), '--keep', '14', '--json', ...config);
  const { file } = JSON.parse(said) as { readonly file: string };
  const key = join(base, 'recovery.key');
  renameSync(join(region.receiverState, 'keys/recovery/recovery.key'), key);
  // Agents hear of keys that the backup knows nothing of, and seal for them.
  for (const role of ['encryption', 'receipts']) await command('key', 'rotate', role, '--now', ...config);
  // It says that it is there when it begins, then every minute.
  await running.stop();
  running = agent.start();
  await eventually('the agent knows the new keys', () => bundleSeen() >= 3);
  await carry('two.xml', 2);
  await carry('three.xml', 3);
  await command('restore', '--verify', file, '--recovery-key', key, ...config);

  receiver.kill();
  await receiver.ended.catch(() => undefined);
  // Names of dispatches carry the second they were composed in.
  const second = count(database(), 'select max(extract) n from dispatch');
  await eventually('the last EXTRACT is past', () => second < wallClockSecond(Date.now()));
  rmSync(region.receiverState, { recursive: true });
  mkdirSync(region.receiverState);
  await command('restore', file, '--recovery-key', key, '--to', region.receiverState);
  expect(readdirSync(region.receiverState)).toContain('trust-bundle.jws');
  expect(count(database(), 'select count(*) n from record')).toBe(5);

  receiver = await region.serve();
  expect(existsSync(join(region.receiverState, 'restored.json'))).toBe(false);
  await eventually(
    'the later ones are here again',
    () => count(database(), 'select count(*) n from record') === sent.length,
    90,
  );
  for (const name of ['two.xml', 'three.xml']) await forwarded(name);
  await carry('four.xml', 4);

  expect(agencyHolds(join(region.outFolder, 'oscour'), facility)).toEqual(wrote(facility, sent));
  expect(count(database(), 'select count(*) n from record')).toBe(sent.length);
  await eventually('the agent knows the keys that took their place', () => bundleSeen() > 3, 90);
  expect(await command('status', ...config)).toContain('confirm-restore');
  await command('confirm-restore', '--yes', ...config);
  expect(await command('status', ...config)).not.toContain('confirm-restore');
  expect(await agent.verify()).toMatchObject({ code: 0 });
  expect(await region.verify()).toMatchObject({ code: 0 });
}, 300_000);
