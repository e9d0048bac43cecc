import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as openpgp from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { agencyHolds, count, eventually, outcomes } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** Two hospitals' drop folders under one agent, one of them encrypted: real processes, real keys, nothing in clear on disk. */
const [clear, sealed] = [finess(61), finess(62)];
const passphrase = 'mot de passe';
let region: Region;
let agent: Agent;
let drop: string;
let key: openpgp.PublicKey;

const text = (facility: string, day: number, visits: number): string => {
  const on = `${String(day).padStart(2, '0')}/01/2026`;
  const entries = Array.from({ length: visits }, (_none, n) => ({
    entree: `${on} ${String(Math.floor(n / 60) % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`,
    cp: String(10_000 + n),
    motif: 'CANARI-EN-CLAIR',
  }));
  return rpuXml({ finess: facility, from: on, to: on, extract: `${on} 23:59:00`, visits: entries });
};
const encrypted = async (content: string): Promise<Buffer> =>
  Buffer.from(
    await openpgp.encrypt({
      message: await openpgp.createMessage({ binary: new Uint8Array(Buffer.from(content)) }),
      ...{ encryptionKeys: key, format: 'binary' as const },
    }),
  );
const database = (): string => join(agent.stateFolder, 'agent.db');

beforeAll(async () => {
  region = await createRegion({ keep: false });
  for (const [one, name] of [
    [clear, 'Nord'],
    [sealed, 'Sud'],
  ] as const)
    await region.addFacilities([{ finess: one, name }]);
  await region.serve();
  const plainDrop = join(region.folder, 'nord');
  drop = join(region.folder, 'sud');
  mkdirSync(plainDrop);
  mkdirSync(drop);
  agent = await region.enroll({
    ...{ name: 'two', facilities: [clear, sealed], sourceFolder: plainDrop, ready: 'now', after: 'archive' },
  });
  const made = await openpgp.generateKey({
    ...{ type: 'rsa', rsaBits: 2048, userIDs: [{ name: 'agent' }], passphrase, format: 'armored' },
  });
  key = (await openpgp.readKey({ armoredKey: made.publicKey })).toPublic();
  writeFileSync(join(region.folder, 'private.asc'), made.privateKey, { mode: 0o600 });
  writeFileSync(join(region.folder, 'passphrase'), `${passphrase}\n`, { mode: 0o600 });
  const settings = parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const decrypt = { privateKeyFile: 'private.asc', passphraseFile: 'passphrase' };
  const sources = [...settings.sources, { ...settings.sources[0], name: 'sud', folder: drop, decrypt }];
  writeFileSync(
    agent.configFile,
    stringify({ ...settings, sources, limits: { fileBytes: 2_000_000 } }, { aliasDuplicateObjects: false }),
  );
  writeFileSync(join(plainDrop, 'nord.xml'), text(clear, 5, 3));
}, 60_000);
afterAll(() => region.close());

describe('an agent with an encrypted source beside a plain one', () => {
  it('takes both, rejects what is cut, altered, in clear or too large, and keeps no plaintext', async () => {
    const whole = await encrypted(text(sealed, 5, 900));
    const altered = Buffer.from(await encrypted(text(sealed, 7, 900)));
    altered.writeUInt8(altered.readUInt8(altered.length - 30) ^ 1, altered.length - 30);
    writeFileSync(join(drop, 'a-whole.xml.gpg'), whole);
    writeFileSync(join(drop, 'b-cut.pgp'), (await encrypted(text(sealed, 6, 3000))).subarray(0, -50));
    writeFileSync(join(drop, 'c-altered.pgp'), altered);
    writeFileSync(join(drop, 'd-clear.asc'), text(sealed, 8, 3));
    writeFileSync(join(drop, 'e-large.gpg'), await encrypted(text(sealed, 9, 20_000)));
    const { document } = await agent.once();
    const { exports } = JSON.parse(document) as {
      exports: { file: string; state: string; error: { code: string } | null }[];
    };
    const results = Object.fromEntries(exports.map(({ file, state, error }) => [file, error?.code ?? state]));
    expect(results).toMatchObject({
      'nord.xml': 'forwarded',
      'a-whole.xml.gpg': 'forwarded',
      'b-cut.pgp': 'decrypt-damaged',
      'c-altered.pgp': 'decrypt-damaged',
      'd-clear.asc': 'decrypt-not-openpgp',
      'e-large.gpg': 'export-too-large',
    });
    const agency = join(region.outFolder, 'oscour');
    expect(agencyHolds(agency, clear)).toHaveLength(3);
    expect(agencyHolds(agency, sealed)).toHaveLength(900);
    expect(count(database(), `select count(*) n from envelopes where state <> 'accepted'`)).toBe(0);

    const quarantined = readdirSync(join(drop, 'quarantine')).sort();
    expect(quarantined).toEqual(expect.arrayContaining(['b-cut.pgp', 'b-cut.pgp.error.json', 'd-clear.asc']));
    const reason = readFileSync(join(drop, 'quarantine', 'b-cut.pgp.error.json'), 'utf8');
    expect(reason).toContain('contrôle d’intégrité');
    const state = readdirSync(agent.stateFolder, { recursive: true, withFileTypes: true });
    for (const entry of state.filter((one) => one.isFile()))
      expect(readFileSync(join(entry.parentPath, entry.name)).includes('CANARI'), entry.name).toBe(false);
    expect(readFileSync(agent.logFile, 'utf8')).not.toContain('CANARI');
    expect((await agent.verify()).code).toBe(0);
  }, 90_000);

  it('finds a record again in its encrypted file', async () => {
    const traced = await onCommandLine([
      'trace',
      'a-whole.xml.gpg:30',
      '--json',
      '--config',
      agent.configFile,
    ]);
    expect(traced.code).toBe(0);
    expect(traced.out).not.toContain('CANARI');
    expect(JSON.parse(traced.out)).toMatchObject({ record: { rejectedBy: null } });
  });

  it('resends it: the archived message is opened once more', async () => {
    const resent = await onCommandLine(['resend', 'a-whole.xml.gpg', '--config', agent.configFile]);
    expect(resent.code).toBe(0);
    await agent.once();
    await eventually('processed', () => outcomes(database(), 'a-whole.xml.gpg').at(-1) === 'forwarded');
    expect(agencyHolds(join(region.outFolder, 'oscour'), sealed)).toHaveLength(900);
  }, 60_000);

  it('does not start without its key, and says what to do', async () => {
    writeFileSync(join(region.folder, 'passphrase'), 'faux\n');
    const refused = await onCommandLine(['run', '--once', '--config', agent.configFile]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/decrypt-key-locked: La phrase secrète n’ouvre pas/);
  });
});
