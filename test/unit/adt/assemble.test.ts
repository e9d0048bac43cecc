import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createAdtService } from '../../../agent/adt/adt-service.ts';
import { createMovementStore, type MovementStore } from '../../../agent/adt/movement-store.ts';
import { createVault } from '../../../agent/assembly/vault.ts';
import { parseConfig } from '../../../agent/config.ts';
import { openAgentDatabase, type AgentDatabase } from '../../../agent/outbox/database.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { eventually } from '../../fault/live.ts';
import { acknowledged, openMllp } from '../../support/mllp-client.ts';
import { pamText } from '../../support/pam-text.ts';
import { fakeClock, quiet, startAt, type FakeClock } from '../agent/support.ts';

/** When what messages said is due, and what a full disk does to their acknowledgement. */
const person = { name: 'TEST-NOM', birth: '19510214', sex: 'F', postalCode: '67000', commune: 'VILLE' };
const message = (id: string): string =>
  pamText({
    ...{ trigger: 'A04', controlId: id, spokenAt: startAt, patient: 'IPP1', person },
    visit: { id: 'IEP1', patientClass: 'E' },
    zbe: { id, at: startAt, action: 'INSERT' },
  });
const yaml = `
state: .
sources:
  - name: wire
    folder: .
    mappings: [pam-fr]
    facility: "990000010"
    adt: { listen: { port: 0 }, zones: { "3305": { zoneId: MED1, careClass: med } } }
`;

let folder: string;
let database: AgentDatabase;
let clock: FakeClock;
let store: MovementStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adt-service-'));
  database = openAgentDatabase(join(folder, 'agent.db'));
  clock = fakeClock();
  store = createMovementStore({ database, clock, vault: createVault(Buffer.alloc(32, 7), systemRandom) });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serving(disk: () => string | null = () => null) {
  const nudges: number[] = [];
  const service = createAdtService({
    sources: parseConfig(yaml, join(folder, 'agent.yaml')).sources,
    ...{ store, clock, random: systemRandom, logger: quiet },
    disk: { check: () => Promise.resolve(disk()), freeBytes: () => Promise.resolve(0) },
    nudge: () => nudges.push(clock.now()),
    quietMs: 20,
  });
  await service.start();
  onTestFinished(() => service.stop());
  return { service, nudges, client: () => openMllp(service.listeners[0]?.port() ?? 0) };
}

describe('messages that are kept', () => {
  it('are due once no other has come for a while, or the first came long enough ago', async () => {
    const { service, nudges, client } = await serving();
    const sender = await client();
    expect(service.areVisitsDue('wire')).toBe(false);
    await sender.say(message('1'));
    expect(service.areVisitsDue('wire')).toBe(false);
    clock.pass(20);
    await eventually('a nudge', () => nudges.length > 0);
    expect(service.areVisitsDue('wire')).toBe(true);
    for (let seconds = 0; seconds < 30; seconds += 1) {
      await sender.say(message(`again ${seconds}`));
      clock.pass(19);
    }
    expect(service.areVisitsDue('wire')).toBe(false);
    clock.pass(30_000 - 30 * 19 - 1);
    await sender.say(message('last'));
    expect(service.areVisitsDue('wire')).toBe(false);
    clock.pass(1);
    expect(service.areVisitsDue('wire')).toBe(true);
    await sender.end();
  });

  it('are due at once after a start that finds them untold', async () => {
    const before = await serving();
    const sender = await before.client();
    await sender.say(message('1'));
    await sender.end();
    await before.service.stop();
    const { service } = await serving();
    expect(service.areVisitsDue('wire')).toBe(true);
    expect(service.areBedsDue('wire')).toBe(true);
  });

  it('make beds due from the first one on, at the pace of the setting', async () => {
    const { service, client } = await serving();
    expect(service.areBedsDue('wire')).toBe(false);
    const sender = await client();
    await sender.say(message('1'));
    expect(service.areBedsDue('wire')).toBe(true);
    service.beds('wire').counted([], clock.monotonic());
    expect(service.areBedsDue('wire')).toBe(false);
    clock.pass(15 * 60_000);
    expect(service.areBedsDue('wire')).toBe(true);
    await sender.end();
  });
});

it('a message that finds no room is not acknowledged, and taken when there is some', async () => {
  let low: string | null = 'disk-full';
  const { client } = await serving(() => low);
  const refused = await client();
  await expect(refused.say(message('1'))).rejects.toThrow('closed without an answer');
  expect(store.counts('wire').taken).toBe(0);
  low = null;
  const taken = await client();
  expect(acknowledged(await taken.say(message('1')))).toEqual(['AA', '1']);
  expect(store.counts('wire').taken).toBe(1);
  await taken.end();
});
