import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { wallClockSecond } from '../../receiver/forward/compose.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';
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
} from './live.ts';

/** Either side comes back from an older copy of its state folder, under real processes. */
const facility = finess(802);
let base: string;
let drop: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let sender: Child;
const sent: Visit[] = [];
let firstCopy: string;
let threeAt: number;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-restore-'));
  drop = join(base, 'drop');
  mkdirSync(drop);
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([{ finess: facility, name: 'RESTORED' }]);
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'restored', facilities: [facility], sourceFolder: drop },
    ...{ ready: 'now', after: 'archive' },
  });
  sender = agent.start();
});

afterAll(async () => {
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

const agentDatabase = (): string => join(agent.stateFolder, 'agent.db');
const receiverDatabase = (): string => join(region.receiverState, 'receiver.db');

function put(name: string, day: number, visits: readonly Visit[]): void {
  sent.push(...visits);
  const window = { extract: `${french(day + 1)} 02:00:00`, from: french(day), to: french(day) };
  writeFileSync(join(drop, `${name}.tmp`), rpuXml({ finess: facility, ...window, visits }));
  renameSync(join(drop, `${name}.tmp`), join(drop, name));
}

const forwarded = (name: string): Promise<true> =>
  eventually(`${name} forwarded`, () => outcomes(agentDatabase(), name).join() === 'forwarded');

function save(state: string): string {
  const copy = mkdtempSync(join(base, 'copy-'));
  cpSync(state, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/**
 * Names carry the second of EXTRACT, which runs ahead of the clock when several dispatches follow each other within one: a
 * copy must not be started before that second, or it would compose the same names anew.
 */
async function extractsArePast(): Promise<void> {
  await eventually('the last EXTRACT is past', () => {
    return count(receiverDatabase(), 'select max(extract) n from dispatch') < wallClockSecond(Date.now());
  });
}

function restore(state: string, copy: string): void {
  rmSync(state, { recursive: true });
  cpSync(copy, state, { recursive: true, preserveTimestamps: true });
  // Not part of a backup: tells where a running receiver listens.
  rmSync(join(state, 'listeners.json'), { force: true });
}

/** What retention does to an envelope's content once its time is over. */
function purgeLast(): void {
  const database = openAgentDatabase(agentDatabase());
  const { db } = database;
  const { n } = db.prepare('select max(n) n from envelopes').get() as { n: number };
  db.prepare('delete from envelope_blobs where n = ?').run(n);
  db.prepare('update envelopes set purged = 1 where n = ?').run(n);
  database.close();
}

interface Head {
  readonly epoch: number;
  readonly seq: number;
  readonly digest: string;
}

const receiverHeads = (): Head[] =>
  peek(
    receiverDatabase(),
    (db) => db.prepare(`select epoch, seq, digest from ledger_head order by epoch`).all() as Head[],
  );
const agentTail = (): Head | undefined =>
  peek(
    agentDatabase(),
    (db) => db.prepare(`select epoch, seq, digest from ledgers`).get() as Head | undefined,
  );

/** Nothing lost, nothing doubled: at the agency after replay, in the store, and in both ledgers. */
async function everythingIsThereOnce(): Promise<void> {
  expect(agencyHolds(join(region.outFolder, 'oscour'), facility)).toEqual(wrote(facility, sent));
  expect(count(receiverDatabase(), 'select count(*) n from record')).toBe(sent.length);
  expect(await agent.verify()).toMatchObject({ code: 0 });
  expect(await region.verify()).toMatchObject({ code: 0 });
}

it('an agent restored from an older copy opens a new epoch at the receiver’s head and reads again what waited', async () => {
  put('one.xml', 1, visitsOf(1, 5));
  await forwarded('one.xml');
  // The copy holds an envelope that waits and that the receiver has by the time the copy is used.
  await receiver.stop();
  firstCopy = save(region.receiverState);
  put('two.xml', 2, visitsOf(2, 5));
  await eventually('two.xml waiting', () => outcomes(agentDatabase(), 'two.xml').join() === 'unknown');
  await sender.stop();
  const copy = save(agent.stateFolder);

  receiver = await region.serve();
  sender = agent.start();
  await forwarded('two.xml');
  threeAt = sent.length;
  put('three.xml', 3, visitsOf(3, 5));
  await forwarded('three.xml');
  await sender.stop();
  const [head] = receiverHeads();

  restore(agent.stateFolder, copy);
  put('four.xml', 4, visitsOf(4, 5));
  sender = agent.start();
  await forwarded('four.xml');
  await forwarded('two.xml');

  expect(receiverHeads()).toMatchObject([head, { epoch: 2, seq: 1 }]);
  const epochs = peek(agentDatabase(), (db) =>
    db.prepare(`select epoch, prev, first from epochs where epoch > 1`).all(),
  );
  expect(epochs).toEqual([{ epoch: 2, prev: head?.digest, first: 1 }]);
  const waiting = `select count(*) n from envelopes where epoch = 1 and state <> 'accepted'`;
  expect(count(agentDatabase(), waiting)).toBe(0);
  await everythingIsThereOnce();
}, 60_000);

it('a receiver restored from an older copy is given again what it lacks, in the same epoch', async () => {
  const agentLog = (): string => readFileSync(agent.logFile, 'utf8');
  await receiver.stop();
  const copy = save(region.receiverState);
  receiver = await region.serve();
  for (const day of [5, 6, 8]) {
    put(`day-${day}.xml`, day, visitsOf(day, 5));
    await forwarded(`day-${day}.xml`);
  }
  const before = receiverHeads();
  await sender.stop();
  purgeLast();
  sender = agent.start();

  await receiver.stop();
  await extractsArePast();
  restore(region.receiverState, copy);
  receiver = await region.serve();
  await eventually('heads are again what they were', () => {
    const [, head] = receiverHeads();
    return head !== undefined && head.seq >= (before[1]?.seq ?? Infinity);
  });
  expect(agentLog()).toContain('"receiver-behind"');
  // The third one's content is purged: its place is explained, and its export read again from the archive.
  await eventually('day-8.xml read again', () => {
    const superseded = `select count(*) n from exports where name = 'day-8.xml' and state = 'superseded'`;
    return count(agentDatabase(), superseded) === 1;
  });
  await forwarded('day-8.xml');
  const places = `select count(*) n from envelope where epoch = 2 and state = 'tombstone'`;
  expect(count(receiverDatabase(), places)).toBe(1);
  put('seven.xml', 7, visitsOf(7, 5));
  await forwarded('seven.xml');
  await eventually('processed and forwarded again', () =>
    [5, 6].every((day) => outcomes(agentDatabase(), `day-${day}.xml`).join() === 'forwarded'),
  );
  const twice = `select count(*) n from (select 1 from receipts where kind = 'processed' group by export having count(*) = 2)`;
  expect(count(agentDatabase(), twice)).toBe(2);
  expect(receiverHeads().at(-1)).toEqual(agentTail());
  await everythingIsThereOnce();
}, 60_000);

it('a receiver restored from before the agent’s epoch is given every export after its head, in a later epoch', async () => {
  await receiver.stop();
  await extractsArePast();
  restore(region.receiverState, firstCopy);
  receiver = await region.serve();
  const exports = ['two.xml', 'four.xml', 'day-5.xml', 'day-6.xml', 'day-8.xml', 'seven.xml'];
  await eventually('every later export processed again', () => {
    const processed = `select count(*) n from export where state = 'processed'`;
    return count(receiverDatabase(), processed) === 1 + exports.length;
  });
  // The agent, restored before, does not know this one any more either: a person drops it again.
  put('three.xml', 3, sent.splice(threeAt, 5));
  for (const name of [...exports, 'three.xml']) await forwarded(name);
  expect(receiverHeads()).toMatchObject([{ epoch: 1, seq: 1 }, { epoch: 3 }]);
  expect(receiverHeads().at(-1)).toEqual(agentTail());
  await everythingIsThereOnce();
}, 60_000);
