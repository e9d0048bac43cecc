import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { agencyHolds, eventually, outcomes, visitsOf, wrote, french } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml, type Visit } from '../support/rpu-text.ts';

/** What an admin does by hand beside a running agent, and what becomes of it at the region. */
const facility = finess(51);
let region: Region;
let agent: Agent;
let source: string;
let child: Child;

beforeAll(async () => {
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: 'Hôpital administré' }]);
  await region.serve();
  source = join(region.folder, 'in');
  mkdirSync(source);
  agent = await region.enroll({
    ...{ name: 'desk', facilities: [facility], sourceFolder: source, ready: 'now', after: 'archive' },
  });
  configure(finess(52));
  child = agent.start();
}, 120_000);
afterAll(() => region.close());

const database = (): string => join(agent.stateFolder, 'agent.db');
const archived = (): readonly string[] =>
  readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.startsWith('archive'));

const agency = (): string => join(region.outFolder, 'oscour');

/** The source takes exports of this facility only. */
function configure(number: string): void {
  const settings = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: { facility?: string }[] };
  for (const each of settings.sources) each.facility = number;
  writeFileSync(agent.configFile, JSON.stringify(settings));
}

function put(name: string, day: number, visits: readonly Visit[]): void {
  const days = { extract: `${french(day + 1)} 02:00:00`, from: french(day), to: french(day) };
  writeFileSync(join(source, name), rpuXml({ finess: facility, ...days, visits }));
}

async function says(
  ...words: readonly string[]
): Promise<{ code: number; document: Record<string, unknown> }> {
  const { code, out } = await onCommandLine([...words, '--json', '--config', agent.configFile]);
  return { code, document: JSON.parse(out) as Record<string, unknown> };
}

async function quarantined(): Promise<string> {
  const { document } = await says('quarantine', 'list');
  return (document['quarantine'] as { export: string }[])[0]?.export ?? '';
}

const settled = (name: string, states: string): Promise<true> =>
  eventually(`${name}: ${states}`, () => outcomes(database(), name).join() === states);

it('a file rejected for the source’s settings is released once they are mended, taken, and archived', async () => {
  const visits = visitsOf(1, 5);
  put('first.xml', 1, visits);
  await settled('first.xml', 'rejected');
  const reason = (): string => readFileSync(join(source, 'quarantine', 'first.xml.error.json'), 'utf8');
  await eventually('in quarantine', () => existsSync(join(source, 'quarantine', 'first.xml.error.json')));
  expect(await says('status')).toMatchObject({ code: 1, document: { quarantine: 1 } });

  // Rejected once more: it keeps its place, under the new export.
  const before = await quarantined();
  await says('quarantine', 'release', 'first.xml');
  const again = await eventually('read again', async () => {
    const now = await quarantined();
    return now !== before && now;
  });
  await eventually('the new reason', () => reason().includes(again));

  await child.stop();
  configure(facility);
  child = agent.start();
  await says('quarantine', 'release', 'first.xml');
  await settled('first.xml', 'forwarded');
  await eventually('archived', () => archived().some((name) => name.endsWith('first.xml')));
  expect(readdirSync(join(source, 'quarantine'))).toEqual([]);
  expect(await says('quarantine', 'list')).toMatchObject({ document: { total: 0 } });
  expect(await says('status')).toMatchObject({ code: 0 });
  expect(agencyHolds(agency(), facility)).toEqual(wrote(facility, visits));
}, 90_000);

it('days sent again from the archive, the released file among them, change nothing that was right', async () => {
  const visits = [...visitsOf(1, 5), ...visitsOf(2, 7)];
  put('second.xml', 2, visitsOf(2, 7));
  await settled('second.xml', 'forwarded');
  const days = ['resend', '--from', '2026-01-01', '--to', '2026-01-02'];
  expect(await says(...days)).toMatchObject({
    code: 0,
    document: { done: false, exports: 2, records: 12, settled: 2 },
  });
  expect(await says(...days, '--yes')).toMatchObject({ document: { done: true } });
  await eventually('both read and processed again', async () => {
    const { document } = await says('history');
    const exports = document['exports'] as { resend: boolean; state: string }[];
    return exports.length === 2 && exports.every(({ resend, state }) => resend && state === 'forwarded');
  });
  expect(agencyHolds(agency(), facility)).toEqual(wrote(facility, visits));
  for (const ended of [await agent.verify(), await region.verify()]) expect(ended).toMatchObject({ code: 0 });
  const { document } = await says('history', '--audit');
  expect((document['audit'] as { action: string }[]).map(({ action }) => action)).toEqual([
    'resend',
    'release',
    'release',
  ]);
}, 90_000);
