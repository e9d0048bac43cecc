import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';
import { agencyHolds, ask, count, eventually, french, outcomes, peek, visitsOf, wrote } from './live.ts';
import { smallDisk, type SmallDisk } from './small-disk.ts';

/** A full disk at each of the three places that are written to, under real processes. */
const facility = finess(801);
const megabyte = 1024 * 1024;
let base: string;
let drop: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let sender: Child;
const disks: SmallDisk[] = [];
const sent: Visit[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-full-'));
  drop = join(base, 'drop');
  mkdirSync(drop);
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: 'FULL' }]);
  disks.push(
    smallDisk(region.receiverState, 24 * megabyte),
    smallDisk(join(region.outFolder, 'oscour'), 24 * megabyte),
  );
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'full', facilities: [facility], sourceFolder: drop },
    ...{ ready: 'now', after: 'archive' },
  });
  disks.push(smallDisk(agent.stateFolder, 16 * megabyte));
  sender = agent.start();
});

afterAll(async () => {
  await sender.stop();
  await receiver.stop();
  for (const disk of disks) disk.release();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

const agentDatabase = (): string => join(agent.stateFolder, 'agent.db');
const receiverDatabase = (): string => join(region.receiverState, 'receiver.db');
const agencyFolder = (): string => join(region.outFolder, 'oscour');

/** One whole day, dropped by renaming. */
function put(name: string, day: number, visits: readonly Visit[]): string {
  sent.push(...visits);
  const content = rpuXml({
    ...{ finess: facility, extract: `${french(day + 1)} 02:00:00`, from: french(day), to: french(day) },
    visits,
  });
  writeFileSync(join(drop, `${name}.tmp`), content);
  renameSync(join(drop, `${name}.tmp`), join(drop, name));
  return content;
}

const forwarded = (name: string): Promise<true> =>
  eventually(`${name} forwarded`, () => outcomes(agentDatabase(), name).join() === 'forwarded');

it('a receiver without room gives no receipt; the agent keeps its envelopes and sends them when there is', async () => {
  put('before.xml', 1, visitsOf(1, 5));
  await forwarded('before.xml');
  const [disk] = disks;
  const stored = (): number => count(receiverDatabase(), 'select count(*) n from envelope');
  const before = stored();
  disk?.fill(0, receiver.pid);
  put(
    'refused.xml',
    4,
    visitsOf(4, 1500, () => ({ motif: randomBytes(60).toString('base64') })),
  );
  await eventually('refused', async () => {
    const { document } = await ask(agent, 'status');
    return JSON.stringify(document['troubles']).includes(
      disks[0]?.real === true ? 'receiver-storage-full' : 'receiver-storage-failed',
    );
  });
  expect(stored()).toBe(before);
  const receipts = `select count(*) n from envelopes e join stored_receipts r on r.envelope = e.id where e.state = 'pending'`;
  expect(count(agentDatabase(), receipts)).toBe(0);
  expect(receiver.hasExited()).toBe(false);
  disk?.makeRoom(receiver.pid);
  await forwarded('refused.xml');
  expect(agencyHolds(agencyFolder(), facility)).toEqual(wrote(facility, sent));
}, 60_000);

it('a destination without room gets no part of a file; the dispatch waits, then goes', async () => {
  const [, disk] = disks;
  const before = readdirSync(agencyFolder());
  // Where no small disk can be made, the folder itself goes: the store, in the same process, must go on writing.
  const away = `${agencyFolder()}.away`;
  if (disk?.real === true) disk.fill(0, receiver.pid);
  else renameSync(agencyFolder(), away);
  if (disk?.real !== true) writeFileSync(agencyFolder(), '');
  put('waits.xml', 5, visitsOf(5, 300));
  const code = await eventually('a delivery that fails', () =>
    peek(
      receiverDatabase(),
      (db) =>
        (
          db.prepare(`select code from dispatch where state = 'waiting' and code is not null`).get() as
            { code: string } | undefined
        )?.code,
    ),
  );
  expect(code).toBe(disk?.real === true ? 'delivery-disk-full' : 'delivery-unavailable');
  if (disk?.real === true) {
    expect(readdirSync(agencyFolder()).filter((name) => name !== '.ballast')).toEqual(before);
    disk.makeRoom(receiver.pid);
  } else {
    rmSync(agencyFolder());
    renameSync(away, agencyFolder());
  }
  await forwarded('waits.xml');
  expect(readdirSync(agencyFolder()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(agencyHolds(agencyFolder(), facility)).toEqual(wrote(facility, sent));
}, 60_000);

it('the agent pauses, says so, leaves the source untouched, and goes on by itself when there is room', async () => {
  const [, , disk] = disks;
  disk?.fill(600 * 1024, sender.pid);
  // Text that does not compress: sealed, it is larger than what is left.
  const large = visitsOf(2, 6000, () => ({ motif: randomBytes(120).toString('base64') }));
  const content = put('large.xml', 2, large);
  await eventually('intake paused', () => readFileSync(agent.logFile, 'utf8').includes('"disk-full"'));
  if (disk?.real === true) {
    const status = await ask(agent, 'status');
    expect(status.code).toBe(2);
    expect(status.document['troubles']).toMatchObject([{ where: 'disk', code: 'disk-full' }]);
  }
  put('small.xml', 3, visitsOf(3, 5));
  expect(readFileSync(join(drop, 'large.xml'), 'utf8') === content).toBe(true);
  expect(outcomes(agentDatabase(), 'large.xml')).toEqual([]);
  expect(sender.hasExited()).toBe(false);
  disk?.makeRoom(sender.pid);
  await forwarded('large.xml');
  await forwarded('small.xml');
  expect((await ask(agent, 'status')).document['troubles']).toEqual([]);
  expect(agencyHolds(agencyFolder(), facility)).toEqual(wrote(facility, sent));
  expect([(await agent.verify()).code, (await region.verify()).code]).toEqual([0, 0]);
}, 60_000);
