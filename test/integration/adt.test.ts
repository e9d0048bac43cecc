import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { parseFrenchDateTime } from '../../shared/runtime/paris-time.ts';
import { agencyHolds, ask, count, eventually, freePorts, outcomes, peek } from '../fault/live.ts';
import { acknowledged, framed, openMllp } from '../support/mllp-client.ts';
import { expectedVisits } from '../support/pam-agency.ts';
import { generatePam } from '../support/pam-generator.ts';
import { pamText, type PamParts } from '../support/pam-text.ts';
import { finess } from '../support/rpu-text.ts';

/** ADT messages in files and over MLLP, through a real agent to a real region, and what the agency then holds. */
const [byFile, byWire] = [finess(851), finess(852)];
const canaries = {
  commune: 'CANARIVILLE',
  visit: 'CANARIVISITE',
  patient: 'CANARIPATIENT',
  birth: '19040229',
};
const person = {
  name: 'CANARINOM',
  birth: canaries.birth,
  sex: 'F',
  postalCode: '67000',
  commune: canaries.commune,
};

let base: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let sender: Child;
let port: number;
const drop = (): string => join(base, 'in');
const oscour = (): string => join(region.outFolder, 'oscour');
const agentDatabase = (): string => join(agent.stateFolder, 'agent.db');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-adt-'));
  for (const name of ['in', 'wire']) mkdirSync(join(base, name));
  region = await createRegion({ keep: false });
  await region.addFacilities([byFile, byWire].map((each) => ({ finess: each, name: each })));
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'adt', facilities: [byFile, byWire], sourceFolder: drop() },
    ...{ ready: 'now', after: 'archive' },
  });
  [port = 0] = await freePorts();
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const [source] = config.sources;
  const files = { ...source, name: 'files', facility: byFile, mappings: ['pam-fr'] };
  const wire = {
    ...{ ...source, name: 'wire', facility: byWire, mappings: ['pam-fr'], folder: join(base, 'wire') },
    adt: {
      listen: { port },
      zones: {
        '3305': { zoneId: 'MED1', unitLabel: 'Médecine', careClass: 'med' },
        '4410': { zoneId: 'CHIR1', careClass: 'chir' },
      },
    },
  };
  writeFileSync(agent.configFile, JSON.stringify({ ...config, logLevel: 'debug', sources: [files, wire] }));
  sender = agent.start();
  await eventually('the agent', () => outcomes(agentDatabase(), 'x').length === 0 && isListening());
});

afterAll(async () => {
  await sender.stop();
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

const isListening = async (): Promise<boolean> => {
  try {
    await (await openMllp(port)).end();
    return true;
  } catch {
    return false;
  }
};

function put(name: string, messages: readonly string[]): void {
  writeFileSync(join(drop(), `${name}.tmp`), messages.join(''));
  renameSync(join(drop(), `${name}.tmp`), join(drop(), name));
}

const settled = (name: string): Promise<string> =>
  eventually(`${name} settled`, () => {
    const [outcome] = outcomes(agentDatabase(), name).slice(-1);
    return outcome !== undefined && !['unknown', 'processed'].includes(outcome) ? outcome : false;
  });

it('files of messages become the visits they tell of; the same file again changes nothing', async () => {
  const { messages, visits } = generatePam(7, { patients: 12, steps: 150 });
  const texts = messages.map(({ text }) => text);
  put('a.hl7', texts.slice(0, 90));
  await settled('a.hl7');
  put('b.hl7', texts.slice(90));
  await settled('b.hl7');
  expect(expectedVisits(visits).length).toBeGreaterThan(5);
  expect(agencyHolds(oscour(), byFile)).toEqual(expectedVisits(visits));
  const registered = texts.findIndex((text) => text.includes('ADT^A04^') && text.includes('PV1|1|E|'));
  const line = texts.slice(0, registered).join('').split('\r').length;
  expect(registered).toBeLessThan(90);
  expect((await ask(agent, ['trace', `a.hl7:${line + 1}`])).document).toMatchObject({
    export: { file: 'a.hl7', state: 'forwarded' },
    record: { line, record: null, rejectedBy: null, key: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown },
    fileGone: false,
  });
  put('c.hl7', texts.slice(90));
  expect(await settled('c.hl7')).toBe('duplicate');
  put('d.hl7', [...texts].reverse());
  await eventually('d.hl7 processed', () => outcomes(agentDatabase(), 'd.hl7').join() === 'processed');
  expect(agencyHolds(oscour(), byFile)).toEqual(expectedVisits(visits));
  expect((await ask(agent, 'verify')).code).toBe(0);
});

const wireMessages = generatePam(11, { patients: 10, steps: 140 });

it('messages over MLLP become visits and occupied beds, each acknowledged', async () => {
  const { messages, visits } = wireMessages;
  const client = await openMllp(port);
  for (const { text } of messages) client.write(framed(text));
  for (const { parts } of messages)
    expect(acknowledged(await client.answer())).toEqual(['AA', parts.controlId]);
  await client.end();
  await eventually(
    'the same visits',
    () => agencyHolds(oscour(), byWire).join() === expectedVisits(visits).join(),
  );
  const beds = join(region.outFolder, 'beds');
  const [file = ''] = await eventually('a count of beds', () => {
    const names = readdirSync(beds).filter((name) => name.endsWith('.json'));
    return names.length > 0 && names;
  });
  const said = JSON.parse(readFileSync(join(beds, file), 'utf8')) as {
    zones: readonly { zoneId: string; rows: readonly { status: string; source: string; count: number }[] }[];
  };
  const inWard = (ward: string): number =>
    visits.filter(({ places }) => places.at(-1)?.place?.ward === ward).length;
  expect(said.zones.map(({ zoneId, rows }) => [zoneId, rows])).toMatchObject([
    ['CHIR1', [{ status: '03', source: '03', count: inWard('4410') }]],
    ['MED1', [{ status: '03', source: '03', count: inWard('3305') }]],
  ]);
  expect(inWard('4410') + inWard('3305')).toBeGreaterThan(0);
});

const at = parseFrenchDateTime('18/02/2026 09:42')?.at ?? 0;
const registration: PamParts = {
  ...{ trigger: 'A04', controlId: 'CANARI-1', spokenAt: at, patient: canaries.patient, person },
  visit: { id: canaries.visit, patientClass: 'E', arrivalMode: '7', zfm: ['8', '', '1', ''] },
  zbe: { id: 'CANARIMOUVEMENT', at, action: 'INSERT' },
};
const canaryLine = '18/02/2026 09:42|29/02/1904|F|67000|||';

it('a cancelled registration takes the visit out again, wherever it had gone', async () => {
  const client = await openMllp(port);
  expect(acknowledged(await client.say(pamText(registration)))).toEqual(['AA', 'CANARI-1']);
  await eventually('the visit', () => agencyHolds(oscour(), byWire).includes(canaryLine));
  const cancel = { ...registration, trigger: 'A11', controlId: 'CANARI-2', spokenAt: at + 60_000 };
  const zbe = { id: 'CANARIMOUVEMENT', at, action: 'CANCEL', origin: 'A04' };
  expect(acknowledged(await client.say(pamText({ ...cancel, zbe })))).toEqual(['AA', 'CANARI-2']);
  await eventually('the visit gone', () => !agencyHolds(oscour(), byWire).includes(canaryLine));
  expect(agencyHolds(oscour(), byWire)).toEqual(expectedVisits(wireMessages.visits));
  expect(acknowledged(await client.say(pamText(registration)))).toEqual(['AA', 'CANARI-1']);
  await client.end();
});

it('what cannot be read is refused with its place, kept, and counted', async () => {
  const client = await openMllp(port);
  const unnamed = { ...registration, zbe: { id: '', at, action: 'INSERT' } };
  const answer = await client.say(pamText({ ...unnamed, controlId: 'CANARI-3' }));
  expect(acknowledged(answer)).toEqual(['AE', 'CANARI-3']);
  expect(answer).toContain('ERR||ZBE');
  const other = pamText({ ...registration, controlId: 'CANARI-4' }).replace(
    'ADT^A04^ADT_A01',
    'ORU^R01^ORU_R01',
  );
  expect(acknowledged(await client.say(other))).toEqual(['AR', 'CANARI-4']);
  await client.end();
  const { document } = await ask(agent, 'status');
  const [, wire] = document['sources'] as readonly { messages: unknown }[];
  expect(wire?.messages).toMatchObject({
    refused: 2,
    lastRefused: { code: 'adt-type-unsupported', segment: 'MSH', field: 9 },
  });
});

it('no value of a patient rests in clear in the agent’s state or its log', () => {
  const texts = [...Object.values(canaries), person.name, '29/02/1904', '1904-02-29', 'CANARI'];
  const files = [agentDatabase(), `${agentDatabase()}-wal`, agent.logFile];
  const holding = peek(agentDatabase(), () =>
    files.flatMap((file) => {
      const content = readFileSync(file);
      return texts.filter((text) => content.includes(text)).map((text) => `${file}: ${text}`);
    }),
  );
  expect(holding).toEqual([]);
  expect(statSync(`${agentDatabase()}-wal`).size).toBeGreaterThan(0);
  expect(count(agentDatabase(), 'select count(*) n from adt_events')).toBeGreaterThan(100);
  expect(count(agentDatabase(), 'select count(*) n from adt_refused')).toBe(2);
});
