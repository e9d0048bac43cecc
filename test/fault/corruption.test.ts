import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';
import { damage, damages } from './damage.ts';
import { agencyHolds, count, eventually, freePorts, outcomes, visitsOf, wrote } from './live.ts';

/**
 * agent.db is damaged under processed, pending and rejected exports, repaired, and the agent goes on against the same region:
 * nothing is lost, nothing comes twice, both ledgers hold. One seed after the other in one region, so that a repair also has to
 * stand the next one. VAGUEMESTRE_CORRUPTION_SEEDS=200 is the long form.
 */
const facility = finess(806);
const seeds = Number(process.env['VAGUEMESTRE_CORRUPTION_SEEDS'] ?? 4);
const firstSeed = Number(process.env['VAGUEMESTRE_CORRUPTION_FROM'] ?? 0);
let base: string;
let drop: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let sender: Child;
let day = 0;
const sent: Visit[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-corruption-'));
  drop = join(base, 'drop');
  mkdirSync(drop);
  region = await createRegion({ keep: false, ports: await freePorts() });
  await region.addFacilities([{ finess: facility, name: 'DAMAGED' }]);
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'damaged', facilities: [facility], sourceFolder: drop },
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

function write(name: string, text: string): void {
  writeFileSync(join(drop, `${name}.tmp`), text);
  renameSync(join(drop, `${name}.tmp`), join(drop, name));
}

/** A day of its own; days follow each other from 1 January 2024. */
function put(): string {
  const on = (offset: number): string =>
    new Date(Date.UTC(2024, 0, 1 + day + offset)).toISOString().slice(0, 10).split('-').reverse().join('/');
  const visits = visitsOf(1, 3).map((visit) => ({
    ...visit,
    entree: visit.entree.replace('01/01/2026', on(0)),
  }));
  const window = { from: on(0), to: on(0), extract: `${on(1)} 02:00:00` };
  const name = `${day}.xml`;
  sent.push(...visits);
  write(name, rpuXml({ finess: facility, ...window, visits }));
  day += 1;
  return name;
}

const reaches = (name: string, outcome: string): Promise<true> =>
  eventually(`${name} ${outcome}`, () => outcomes(agentDatabase(), name).join() === outcome);

async function everythingIsThereOnce(): Promise<void> {
  const oscour = join(region.outFolder, 'oscour');
  const all = JSON.stringify(wrote(facility, sent));
  await eventually('everything at the agency', () => JSON.stringify(agencyHolds(oscour, facility)) === all);
  await eventually('nothing on its way', () => {
    const waiting = `select (select count(*) from envelopes where state in ('pending', 'sending') or tombstone = 'due')
      + (select count(*) from rereads) n`;
    return existsSync(agentDatabase()) && count(agentDatabase(), waiting) === 0;
  });
  expect(count(receiverDatabase(), 'select count(*) n from record')).toBe(sent.length);
}

for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
  const kind = damages[seed % damages.length] ?? 'flips';
  it(`repairs agent.db after ${kind} (seed ${seed}) and goes on without a loss`, async () => {
    await reaches(put(), 'forwarded');
    await reaches(put(), 'forwarded');
    write(`bad-${day}.xml`, '<OSCOUR><EXTRACT>');
    await reaches(`bad-${day}.xml`, 'rejected');
    await receiver.stop();
    await reaches(put(), 'unknown');
    await reaches(put(), 'unknown');
    await eventually('archived', () => count(agentDatabase(), 'select count(*) n from seen_files') === 0);
    sender.kill();
    await sender.ended;
    damage(agentDatabase(), kind, seed);

    const isRegionThere = Math.floor(seed / damages.length + seed) % 2 === 0;
    if (isRegionThere) receiver = await region.serve();
    const words = ['doctor', '--repair', '--json', '--config', agent.configFile];
    const repaired = await onCommandLine(words, { language: 'en' });
    expect(repaired, repaired.err).toMatchObject({ code: 0 });
    if (!isRegionThere) receiver = await region.serve();
    sender = agent.start();
    await everythingIsThereOnce();
    expect((await agent.verify()).stdout).toContain(': 0 ');
    expect(await region.verify()).toMatchObject({ code: 0 });
  }, 120_000);
}
