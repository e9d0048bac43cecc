import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { french, visitsOf } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** A hospital whose exports hold canaries in every field, in their names, and where nobody expects them. */
const facility = finess(841);
const canary = 'CANARI';
const secret = 'SECRET-MOT-DE-PASSE';
let base: string;
let region: Region;
let agent: Agent;
let unpacked: string;
const at = (...names: string[]): string => join(base, ...names);

const filled = {
  ...{ cp: `${canary}CP`, commune: `${canary}VILLE`, naissance: `${canary}NE`, sexe: `${canary}S` },
  ...{ modeEntree: `${canary}ME`, provenance: `${canary}PR`, transport: `${canary}TR`, motif: `${canary}MO` },
  ...{ gravite: `${canary}GR`, dp: `${canary}DP`, da: [`${canary}DA`], actes: [`${canary}AC`] },
  ...{ sortie: `${canary}SO`, modeSortie: `${canary}MS`, destination: `${canary}DE`, orient: `${canary}OR` },
};
const whole = rpuXml({
  ...{ finess: facility, extract: `${french(6)} 02:00:00`, from: french(5), to: french(5) },
  visits: visitsOf(5, 4, () => filled),
}).replace('<PATIENT>', `<PATIENT><${canary}TAG>x</${canary}TAG>`);
// Read as having a header line, its first visit becomes the names of columns.
const headerless = `arrivee;s;${canary} Jean;${canary}\n${french(7)} 10:00;1;x;y\n`;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-bundle-'));
  for (const name of ['in', 'out']) mkdirSync(at(name));
  region = await createRegion({ keep: false, outFolder: at('out') });
  await region.addFacilities([{ finess: facility, name: 'Hôpital' }]);
  await region.serve();
  agent = await region.enroll({
    ...{ name: 'watched', facilities: [facility], sourceFolder: at('in') },
    ...{ ready: 'now', after: 'archive' },
  });
  writeFileSync(
    at('mapping.yaml'),
    `# ${canary} in a comment
version: 1
name: soft
feed: ed-visits
format: { type: csv, requires: [arrivee] }
tables:
  sexes: { "1": M, "2": F }
fields:
  facility: { const: "${facility}" }
  arrivedAt: arrivee
  sex: { from: s, table: sexes }
tests:
  - in: { arrivee: "01/01/2026 00:00", s: "1", ville: "${canary}" }
    out: { sex: M }
`,
  );
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: { mappings: string[] }[] };
  config.sources[0]?.mappings.push(at('mapping.yaml'));
  writeFileSync(at('proxy.txt'), secret);
  writeFileSync(
    agent.configFile,
    JSON.stringify({
      ...config,
      notify: {
        email: {
          host: 'smtp.example',
          from: 'nom.prenom@hospital.example',
          to: ['admin.nom@hospital.example'],
        },
      },
    }),
  );
  writeFileSync(at('in', `${canary}_Jean-1950.xml`), whole);
  writeFileSync(at('in', `${canary}_cut.xml`), whole.slice(0, 900));
  writeFileSync(at('in', `visite.${canary}`), headerless);
  await agent.once();
  writeFileSync(at('in', `waiting ${canary}.xml`), whole);
  appendFileSync(
    agent.logFile,
    [
      JSON.stringify({
        level: 'info',
        time: '2026-01-05T00:00:00.000Z',
        event: 'known',
        records: 3,
        patient: canary,
      }),
      JSON.stringify({
        level: 'error',
        event: `${canary} free text`,
        code: 'x-y',
        err: { stack: [`at ${canary} Jean`] },
      }),
      `a line of ${canary} that is no JSON`,
      '',
    ].join('\n'),
  );
  const said = await onCommandLine([
    'support-bundle',
    at('b.tar.gz'),
    '--config',
    agent.configFile,
    '--log',
    agent.logFile,
    '--json',
  ]);
  expect(said).toMatchObject({ code: 0, err: '' });
  unpacked = unpack('b.tar.gz');
}, 120_000);

afterAll(async () => {
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

function unpack(name: string): string {
  const folder = at(`${name}.d`);
  mkdirSync(folder);
  execFileSync('tar', ['xzf', at(name), '-C', folder]);
  return join(folder, 'vaguemestre-support');
}

const part = (name: string): string => readFileSync(join(unpacked, name), 'utf8');
const json = (name: string): unknown => JSON.parse(part(name));

/** Names and contents of a bundle that hold the text. */
function holding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.includes(text) ||
      (statSync(join(folder, name)).isFile() && readFileSync(join(folder, name), 'latin1').includes(text)),
  );
}

describe('a support bundle', () => {
  it('holds no value of a patient, no file name, no address and no secret', () => {
    for (const text of [canary, 'Jean', secret, 'nom.prenom', 'admin.nom', 'PRIVATE KEY'])
      expect(holding(unpacked, text)).toEqual([]);
    // They would have been seen: the agent's own memory holds the names.
    expect(readFileSync(join(agent.stateFolder, 'agent.db'), 'latin1')).toContain(canary);
  });

  it('holds what helps: states, codes, findings, tables, certificates, log, mapping', () => {
    expect(readdirSync(unpacked).sort()).toEqual(
      [
        ...['certificates.json', 'config.json', 'database.json', 'errors.json', 'exports.json'],
        ...['findings.json', 'log.ndjson', 'machine.json', 'manifest.json', 'mappings', 'status.json'],
        ...(readdirSync(unpacked).includes('doctor.json') ? ['doctor.json'] : []),
      ].sort(),
    );
    const exports = json('exports.json') as {
      name: string;
      outcome: string;
      records: number;
      errorFacts: object;
    }[];
    expect(exports).toHaveLength(3);
    expect(exports.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^file-[0-9a-f]{12}\.xml$/));
    // An ending that is not known may be a name too.
    expect(exports.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^file-[0-9a-f]{12}$/));
    expect(exports.find(({ outcome }) => outcome === 'rejected')?.errorFacts).toMatchObject({
      line: expect.any(Number) as number,
    });
    expect(json('errors.json')).toMatchObject({ byCode: [{ n: 1 }] });
    expect(json('findings.json')).toMatchObject({ 'sexe-code SEXE': 5, 'column-unknown (other)': 2 });
    expect(json('database.json')).toMatchObject({
      tables: expect.arrayContaining([expect.objectContaining({ name: 'exports', rows: 3 })]) as unknown,
    });
    expect(part('certificates.json')).toMatch(/"fingerprint256": "([0-9A-F]{2}:){31}/);
    expect(json('config.json')).toMatchObject({ notify: { email: { to: ['***@hospital.example'] } } });
    expect(json('mappings/1.json')).toMatchObject({ tables: { sexes: { '1': 'M' } } });
    expect(part('mappings/1.json')).not.toContain('tests');
    expect(part('log.ndjson')).toContain('{"level":"info","event":"known","records":3}'.slice(0, 15));
    expect(part('log.ndjson').trimEnd().endsWith('{"dropped":1}')).toBe(true);
    expect(part('status.json')).toContain('"agent"');
    expect(part('status.json')).toMatch(/"readAt": "20\d\d-/);
  });

  it('lists its own contents with their sums, so that one can look before sending', () => {
    const { parts } = json('manifest.json') as { parts: { name: string; bytes: number; holds: string }[] };
    for (const { name, bytes, holds } of parts) {
      expect(statSync(join(unpacked, name)).size).toBe(bytes);
      expect(holds).not.toBe('');
    }
    expect(parts).toHaveLength(readdirSync(unpacked, { recursive: true }).length - 2);
  });

  it('is readable by its owner only, and never written over another file', async () => {
    expect(statSync(at('b.tar.gz')).mode & 0o777).toBe(0o600);
    const again = await onCommandLine(['support-bundle', at('b.tar.gz'), '--config', agent.configFile]);
    expect(again.err).toContain('bundle-exists');
    const nowhere = await onCommandLine(['support-bundle', at('no/b.tar.gz'), '--config', agent.configFile]);
    expect(nowhere.err).toContain('bundle-not-written');
  });

  it('keeps file names only when asked to', async () => {
    const words = ['support-bundle', at('named.tar.gz'), '--config', agent.configFile, '--with-names'];
    expect((await onCommandLine(words)).code).toBe(0);
    const folder = unpack('named.tar.gz');
    expect(readFileSync(join(folder, 'exports.json'), 'utf8')).toContain(`${canary}_Jean-1950.xml`);
    expect(holding(folder, `${canary}MO`)).toEqual([]);
  });

  it('says in both languages what is in it, on a terminal as in a pipe', async () => {
    for (const [language, text] of [
      ['fr', 'Regardez avant d’envoyer : tar xzf'],
      ['en', 'Look before you send: tar xzf'],
    ] as const)
      for (const terminal of [true, false]) {
        const file = at(`${language}-${String(terminal)}.tar.gz`);
        const said = await onCommandLine(['support-bundle', file, '--config', agent.configFile], {
          language,
          terminal,
        });
        expect(said.code).toBe(0);
        expect(said.out).toContain(text);
        expect(said.out).toContain('exports.json');
      }
  });

  it('is made of what there is when the settings are wrong or the agent never ran', async () => {
    writeFileSync(at('wrong.yaml'), `state: ${at('s')}\npassword: ${secret}\nsources: ${secret}\n`);
    const said = await onCommandLine([
      'support-bundle',
      at('wrong.tar.gz'),
      '--config',
      at('wrong.yaml'),
      '--json',
    ]);
    expect(said.code).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ missing: { 'config.json': 'config-invalid' } });
    expect(holding(unpack('wrong.tar.gz'), secret)).toEqual([]);

    writeFileSync(
      at('fresh.yaml'),
      JSON.stringify({ state: at('s'), sources: [{ name: 'a', folder: at('in'), mappings: ['rpu-2006'] }] }),
    );
    const fresh = await onCommandLine([
      'support-bundle',
      at('fresh.tar.gz'),
      '--config',
      at('fresh.yaml'),
      '--json',
    ]);
    expect(JSON.parse(fresh.out)).toMatchObject({
      missing: { 'certificates.json': 'agent-not-enrolled', 'database.json': 'agent-never-ran' },
    });
    expect(holding(unpack('fresh.tar.gz'), canary)).toEqual([]);
  });
});
