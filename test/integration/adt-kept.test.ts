import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMovementStore } from '../../agent/adt/movement-store.ts';
import { openVault } from '../../agent/assembly/vault.ts';
import { openAgentDatabase, type AgentDatabase } from '../../agent/outbox/database.ts';
import { createNotes } from '../../agent/outbox/notes.ts';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { parseFrenchDateTime } from '../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { agencyHolds, eventually, freePorts } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { acknowledged, openMllp } from '../support/mllp-client.ts';
import { pamText, type PamParts } from '../support/pam-text.ts';
import { finess } from '../support/rpu-text.ts';
import type { ContractExport } from '../support/sandbox-run.ts';

/** What rests sealed at the hospital: a row that is damaged, and messages refused by an older version, through to the agency. */
const facility = finess(881);
const at = parseFrenchDateTime('12/01/2026 09:00')?.at ?? 0;
const person = { name: 'TEST-NOM', birth: '19510214', sex: 'F', postalCode: '67000', commune: 'STRASBOURG' };
const hourMs = 3_600_000;
let number = 0;

/** A registration `n` minutes after nine; said again with another end it is a discharge. */
const message = (n: number, change: Partial<PamParts> = {}): string => {
  number += 1;
  return pamText({
    ...{ trigger: 'A04', controlId: `${number}`, spokenAt: at + number * 1000, patient: `P${n}`, person },
    visit: { id: `V${n}`, patientClass: 'E', arrivalMode: '7' },
    zbe: { id: `M${number}`, at: at + n * 60_000, action: 'INSERT' },
    ...change,
  });
};
const discharge = (n: number): string =>
  message(n, { trigger: 'A03', zbe: { id: `D${n}`, at: at + hourMs, action: 'INSERT' } });
const here = (n: number): string => `12/01/2026 09:0${n}|14/02/1951|F|67000|||`;
const gone = (n: number): string => `${here(n)}12/01/2026 10:00`;

let base: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let port: number;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-adt-kept-'));
  mkdirSync(join(base, 'in'));
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: facility }]);
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'kept', facilities: [facility], sourceFolder: join(base, 'in') },
    ...{ ready: 'now', after: 'archive' },
  });
  [port = 0] = await freePorts();
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const [source] = config.sources;
  const gam = { ...source, name: 'gam', facility, mappings: ['pam-fr'], adt: { listen: { port } } };
  writeFileSync(agent.configFile, JSON.stringify({ ...config, logLevel: 'error', sources: [gam] }));
});

afterAll(async () => {
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

const held = (): readonly string[] => agencyHolds(join(region.outFolder, 'oscour'), facility);

async function take(name: string, ...messages: readonly string[]): Promise<ContractExport | undefined> {
  writeFileSync(join(base, 'in', name), messages.join(''));
  const { out } = await onCommandLine(['run', '--once', '--json', '--config', agent.configFile]);
  const { exports } = JSON.parse(out) as { exports: readonly ContractExport[] };
  return exports.find(({ file }) => file === name);
}

async function inDatabase<T>(work: (database: AgentDatabase) => T | Promise<T>): Promise<T> {
  const database = openAgentDatabase(join(agent.stateFolder, 'agent.db'));
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** What `status` takes for the way this agent is run. */
const lastRun = (): Promise<string | undefined> =>
  inDatabase((database) => createNotes(database).read('last-run')?.how);

it('a visit whose data is damaged is kept back alone, and goes once it is mended', async () => {
  await take('first.hl7', message(1), message(2), message(3));
  expect(held()).toEqual([here(1), here(2), here(3)]);
  expect(await lastRun()).toBe('once');
  const row = `where visit = (select min(visit) from adt_events)`;
  const sealed = await inDatabase((database) => {
    const before = database.get<{ sealed: Buffer }>(`select sealed from adt_events ${row}`)?.sealed;
    database.run(`update adt_events set sealed = zeroblob(length(sealed)) ${row}`);
    return before;
  });

  const second = await take('second.hl7', discharge(1), discharge(2), discharge(3));
  expect(second).toMatchObject({ state: 'forwarded', accepted: 2, rejected: 0, updated: 2 });
  expect(second?.findings.filter(({ rule }) => rule === 'vault-damaged')).toEqual([
    { rule: 'vault-damaged', severity: 'error', field: null, line: null, record: null },
  ]);
  expect(held()).toEqual([here(1), gone(2), gone(3)]);

  await inDatabase((database) =>
    database.run(`update adt_events set sealed = ? ${row} and sealed = zeroblob(length(sealed))`, sealed),
  );
  const third = await take('third.hl7', message(4));
  expect(third).toMatchObject({ accepted: 2, added: 1, updated: 1 });
  expect(held()).toEqual([gone(1), gone(2), gone(3), here(4)]);
}, 60_000);

it('a message that an older version refused is taken by hand, beside the running agent', async () => {
  const running = agent.start();
  try {
    const client = await eventually('the agent', () => openMllp(port).catch(() => false as const));
    await inDatabase(async (database) => {
      const vault = await openVault(agent.stateFolder, systemRandom);
      const store = createMovementStore({ database, vault, clock: systemClock });
      const refusal = { answer: 'AR', code: 'adt-event-unsupported', segment: 'MSH', field: 9 } as const;
      const event = { kind: 'refused', controlId: '', ...refusal } as const;
      store.put([{ source: 'gam', text: message(5), event }]);
    });
    const retry = ['quarantine', 'retry', '--source', 'gam', '--json', '--config', agent.configFile];
    expect(JSON.parse((await onCommandLine(retry)).out)).toMatchObject({ done: false, taken: 1 });
    const done = await onCommandLine([...retry, '--yes']);
    expect([done.code, JSON.parse(done.out)]).toMatchObject([0, { done: true, taken: 1 }]);
    // The agent looks each minute; a message that comes makes it look now.
    expect(acknowledged(await client.say(message(6)))[0]).toBe('AA');
    await client.end();
    await eventually('both visits', () => held().includes(here(5)) && held().includes(here(6)));
    expect(await lastRun()).toBe('service');
  } finally {
    await running.stop();
  }
  expect((await onCommandLine(['verify', '--config', agent.configFile])).code).toBe(0);
}, 60_000);
