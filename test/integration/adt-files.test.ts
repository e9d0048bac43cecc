import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { parseFrenchDateTime } from '../../shared/runtime/paris-time.ts';
import { agencyHolds, ask } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { pamText, type PamParts } from '../support/pam-text.ts';
import { finess } from '../support/rpu-text.ts';
import type { ContractExport } from '../support/sandbox-run.ts';

/** Files of HL7 v2 as they come: what is taken, what is refused and where, and what has nothing to send. */
const facility = finess(871);
const at = parseFrenchDateTime('12/01/2026 09:42')?.at ?? 0;
const person = { name: 'TEST-NOM', birth: '19510214', sex: 'F', postalCode: '67000', commune: 'ÉVRY' };
let number = 0;
const arrival = (visit: string, change: Partial<PamParts> = {}): string => {
  number += 1;
  const parts: PamParts = {
    ...{
      trigger: 'A04',
      controlId: String(number),
      spokenAt: at + number * 1000,
      patient: `P${visit}`,
      person,
    },
    visit: { id: visit, patientClass: 'E', arrivalMode: '7', zfm: ['8', '', '1', ''] },
    zbe: { id: `M${number}`, at, action: 'INSERT' },
    ...change,
  };
  return pamText(parts);
};
const latin = { end: '\r\n', charset: '8859/1', version: '2.5^FRA^2.11' };

let base: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let config: { sources: object[] };

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-adt-files-'));
  mkdirSync(join(base, 'in'));
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: facility, name: facility }]);
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'files', facilities: [facility], sourceFolder: join(base, 'in') },
    ...{ ready: 'now', after: 'archive' },
  });
  config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const [source] = config.sources;
  const both = { ...source, facility, mappings: ['rpu-2006', 'pam-fr'] };
  writeFileSync(agent.configFile, JSON.stringify({ ...config, logLevel: 'error', sources: [both] }));
});

afterAll(async () => {
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

async function take(
  files: Readonly<Record<string, string | Buffer>>,
): Promise<Readonly<Record<string, ContractExport>>> {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(base, 'in', name), content);
  const { document } = await agent.once();
  const { exports } = JSON.parse(document) as { exports: readonly ContractExport[] };
  return Object.fromEntries(exports.map((one) => [one.file, one]));
}

it('takes what is well said and names the line and field of what is not', async () => {
  const first = arrival('V1');
  const unnamed = arrival('V2', { zbe: { id: '', at, action: 'INSERT' } });
  const inpatient = arrival('V3', {
    trigger: 'A01',
    visit: { id: 'V3', patientClass: 'I', ward: '3305', bed: '1' },
  });
  const shifted = pamText(
    {
      ...{ trigger: 'A04', controlId: '90', spokenAt: at, patient: 'P4', person },
      visit: { id: 'V4', patientClass: 'E' },
      zbe: { id: 'M90', at, action: 'INSERT' },
    },
    latin,
  );
  const found = await take({
    'a-mixed.hl7': `FHS|^~\\&|GAM\r${first}${unnamed}FTS|2\r`,
    'b-inpatients.hl7': inpatient,
    'c-refused.hl7': unnamed.replace('|P|', '|T|'),
    'd-latin.hl7': Buffer.from(shifted, 'latin1'),
    'e-text.txt': 'neither messages nor an export\r\n',
  });
  const line = 1 + first.split('\r').length;
  expect(found['a-mixed.hl7']).toMatchObject({
    ...{ state: 'forwarded', records: 2, accepted: 1, rejected: 1, facility, feed: 'ed-visits', part: '0' },
  });
  expect(found['a-mixed.hl7']?.findings[0]).toEqual({
    ...{ rule: 'adt-field-missing', severity: 'error', field: 'ZBE-1', line, record: null },
  });
  expect(found['b-inpatients.hl7']).toMatchObject({ state: 'processed', records: 0, error: null });
  expect(found['c-refused.hl7']).toMatchObject({
    state: 'rejected',
    error: { code: 'export-without-readable-record' },
  });
  // Its reason is that of its messages: whoever looks at the quarantine reads it there.
  const why = found['c-refused.hl7']?.findings.find(({ rule }) => rule.startsWith('adt-'));
  expect(why?.line).toBe(1);
  for (const [language, word] of [
    ['fr', 'ligne'],
    ['en', 'line'],
  ] as const) {
    const words = ['quarantine', 'show', 'c-refused.hl7', '--config', agent.configFile];
    const { out } = await onCommandLine(words, { language });
    expect(out).toMatch(new RegExp(`^  ${word} 1 ?: .+ \\(${why?.rule}\\)$`, 'm'));
  }
  expect(found['d-latin.hl7']).toMatchObject({ state: 'forwarded', accepted: 1 });
  expect(found['e-text.txt']).toMatchObject({ state: 'rejected', error: { code: 'export-shape-unknown' } });
  expect(readdirSync(join(base, 'in', 'quarantine')).filter((name) => !name.endsWith('.json'))).toEqual([
    'c-refused.hl7',
    'e-text.txt',
  ]);
  const visit = '12/01/2026 09:42|14/02/1951|F|67000|||';
  expect(agencyHolds(join(region.outFolder, 'oscour'), facility)).toEqual([visit, visit]);
  const files = readdirSync(join(region.outFolder, 'oscour')).sort();
  const last = readFileSync(join(region.outFolder, 'oscour', files.at(-1) ?? ''), 'utf8');
  expect(last).toContain('ÉVRY');
  expect(last).toMatch(/<MODE_ENTREE>8<.*<TRANSPORT>VSAB</s);
}, 60_000);

it('tells an export again when asked, as its visits are now', async () => {
  const before = agencyHolds(join(region.outFolder, 'oscour'), facility);
  const asked = await onCommandLine(['resend', 'a-mixed.hl7', '--config', agent.configFile]);
  expect(asked.code).toBe(0);
  const said = await onCommandLine(['run', '--once', '--json', '--config', agent.configFile]);
  const { exports } = JSON.parse(said.out) as { exports: readonly ContractExport[] };
  expect(exports.map(({ file }) => file)).toEqual(['a-mixed.hl7']);
  expect(exports[0]).toMatchObject({ state: 'forwarded', accepted: 1, unchanged: 1 });
  expect(agencyHolds(join(region.outFolder, 'oscour'), facility)).toEqual(before);
}, 60_000);

it('tells a visit once, in one of the files of a batch that speak of it', async () => {
  const again = { trigger: 'A03', visit: { id: 'B1', patientClass: 'E' } };
  const files = {
    'f1.hl7': arrival('B1') + arrival('B2'),
    'f2.hl7': arrival('B3') + arrival('B4'),
    'f3.hl7':
      arrival('B5') + arrival('B1', { ...again, zbe: { id: 'M99', at: at + 3_600_000, action: 'INSERT' } }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(base, 'in', name), content);
  const said = await onCommandLine(['run', '--once', '--json', '--config', agent.configFile]);
  const { exports } = JSON.parse(said.out) as { exports: readonly ContractExport[] };
  const counted = exports.map(({ file, accepted, added, updated }) => [file, accepted, added, updated]);
  expect(counted.sort()).toEqual([
    ['f1.hl7', 2, 2, 0],
    ['f2.hl7', 2, 2, 0],
    ['f3.hl7', 2, 1, 1],
  ]);
}, 60_000);

it('says how many messages came, in French and in English', async () => {
  const english = await onCommandLine(['status', '--config', agent.configFile], {
    language: 'en',
    terminal: true,
  });
  expect(english.out).toMatch(/HL7 messages: 9 taken, 1 refused/);
  const french = await onCommandLine(['status', '--config', agent.configFile], { language: 'fr' });
  expect(french.out).toMatch(/Messages HL7 : 9 pris, 1 refusé/);
  expect((await ask(agent, 'verify')).code).toBe(0);
});

it('does not start without what messages need', async () => {
  const [source] = config.sources;
  for (const [change, missing] of [
    [{ mappings: ['pam-fr'] }, 'facility'],
    [{ facility, mappings: ['rpu-2006'], adt: {} }, 'mappings'],
  ] as const) {
    writeFileSync(agent.configFile, JSON.stringify({ ...config, sources: [{ ...source, ...change }] }));
    const said = await onCommandLine(['run', '--once', '--config', agent.configFile], { language: 'fr' });
    expect(said.code).not.toBe(0);
    expect(said.err).toContain('adt-settings-missing');
    expect(said.err).toContain(missing);
  }
  writeFileSync(
    agent.configFile,
    JSON.stringify({
      ...config,
      sources: [{ ...source, mappings: ['pam-fr'], adt: { zones: { A: { zoneId: 'Z', careClass: 'no' } } } }],
    }),
  );
  const said = await onCommandLine(['status', '--config', agent.configFile], { language: 'en' });
  expect(said.err).toContain('sources[0].facility');
  expect(said.err).toContain('sources[0].adt.zones.A.careClass');
});
