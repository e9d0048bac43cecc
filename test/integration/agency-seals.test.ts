import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParcels } from '../../receiver/forward/parcel.ts';
import { inspectKey } from '../../receiver/forward/protection/inspect-key.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { peer } from '../support/peer.ts';
import { codeOf, createFolder, opened, sealedFor } from '../unit/protection/agency.ts';

/** What the region seals, opened with the programs that agencies have. */
const gpg = peer('gpg', 'what is sealed by OpenPGP is not opened by GnuPG');
const openssl = peer('openssl', 'what is sealed by CMS is not opened by OpenSSL');

const now = { ...systemClock, advance: () => undefined };
const folder = createFolder();
afterAll(() => folder.remove());

const small = Buffer.from('<PASSAGES>\n<PATIENT>é</PATIENT>\n</PASSAGES>\n');
const large = Buffer.from(
  `<PASSAGES>\n${Array.from({ length: 40_000 }, (_none, n) => `<PATIENT>${n}, né à l’aube</PATIENT>\n`).join('')}</PASSAGES>\n`,
);

interface Ran {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

function run(program: string | undefined, args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(program ?? 'none', args, {
    ...{ maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    env: { ...process.env, LC_ALL: 'C' },
  });
  return { code: status, out: stdout, err: stderr.toString() };
}

function ranWell(ran: Ran): Buffer {
  if (ran.code !== 0) throw new Error(ran.err);
  return ran.out;
}

describe.skipIf(gpg === undefined)('with GnuPG', () => {
  const home = join(folder.path, 'gnupg');
  const passphrase = 'une phrase, en français';
  const gnupg = (...args: string[]): Ran =>
    run(gpg, [
      ...['--homedir', home, '--batch', '--yes', '--no-tty', '--trust-model', 'always'],
      ...['--pinentry-mode', 'loopback', '--passphrase', passphrase, ...args],
    ]);
  /** A key made by gpg: its fingerprint and last second (null: never), as gpg itself says them. */
  const generated = (name: string, algorithm: string, expiry = 'never') => {
    const make = (): Ran => gnupg('--quick-generate-key', name, algorithm, 'default', expiry);
    const made = make();
    // Now and then this gpg cannot read the secret key of curves that it has just written itself.
    ranWell(made.err.includes('Corrupted protection') ? make() : made);
    const listed = ranWell(gnupg('--with-colons', '--list-keys', name))
      .toString()
      .split('\n');
    const fieldOf = (kind: string, at: number): string =>
      listed.find((line) => line.startsWith(`${kind}:`))?.split(':')[at] ?? '';
    const ends = fieldOf('pub', 6);
    return {
      fingerprint: fieldOf('fpr', 9).toLowerCase(),
      expiresAt: ends === '' ? null : Number(ends) * 1000,
      keyFile: folder.file(`${name}.asc`, ranWell(gnupg('--armor', '--export', name))),
    };
  };

  let signing: { signingKeyFile: string; signingPassphraseFile: string };
  beforeAll(() => {
    mkdirSync(home, { mode: 0o700 });
    generated('region@example.org', 'default');
    signing = {
      signingKeyFile: folder.file(
        'region-secret.asc',
        ranWell(gnupg('--armor', '--export-secret-keys', 'region@example.org')),
      ),
      signingPassphraseFile: folder.file('passphrase', `${passphrase}\n`),
    };
  });
  afterAll(() => {
    run('gpgconf', ['--homedir', home, '--kill', 'all']);
  });

  it.each([
    ['RSA', 'default', false],
    ['RSA', 'default', true],
    ['curves', 'future-default', false],
  ])(
    'a dispatch for a key of %s (%s, armored: %s) is opened whole, under its name, with a good signature',
    async (_kind, algorithm, armored) => {
      const { keyFile, fingerprint } = generated(
        `agency-${algorithm}-${String(armored)}@example.org`,
        algorithm,
      );
      const settings = sealedFor({ kind: 'openpgp', keyFile, fingerprint, armored, ...signing });
      const protection = await opened(settings, now);
      for (const content of [small, large]) {
        const sealed = folder.file('sealed', await protection.seal('dépêche.xml', content));
        const { code, out, err } = gnupg('--status-fd', '2', '--decrypt', sealed);
        expect(code, err).toBe(0);
        expect(out.equals(content)).toBe(true);
        expect(err).toContain('Good signature from "region@example.org"');
        expect(err).toMatch(/PLAINTEXT 62 \d+ dépêche\.xml/);
        // The older form, AES-256, without the newer authenticated mode.
        expect(err).toContain('DECRYPTION_INFO 2 9 0');
      }
    },
  );

  it('an unsigned dispatch, zipped, is opened to the same zip', async () => {
    const { keyFile, fingerprint } = generated('agency-zip@example.org', 'default');
    const settings = sealedFor({ kind: 'openpgp', keyFile, fingerprint });
    const protection = await opened(settings, now);
    const zipped = await createParcels(true, undefined)?.make('d.xml', large);
    const parcel = await createParcels(true, protection)?.make('d.xml', large);
    expect(parcel?.name).toBe('d.xml.zip.gpg');
    const sealed = folder.file('sealed', parcel?.content ?? '');
    const { code, out, err } = gnupg('--decrypt', sealed);
    expect(code, err).toBe(0);
    expect(out.equals(zipped?.content ?? Buffer.alloc(0))).toBe(true);
    expect(err).not.toContain('signature');
  });

  it('a dispatch altered on its way is refused', async () => {
    const { keyFile, fingerprint } = generated('agency-altered@example.org', 'default');
    const settings = sealedFor({ kind: 'openpgp', keyFile, fingerprint });
    const protection = await opened(settings, now);
    const bytes = await protection.seal('d.xml', large);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    expect(gnupg('--decrypt', folder.file('sealed', bytes)).code).not.toBe(0);
  });

  it('a key is described as gpg describes it', async () => {
    const brief = generated('agency-brief@example.org', 'default', '10d');
    const settings = sealedFor({ kind: 'openpgp', keyFile: brief.keyFile, fingerprint: brief.fingerprint });
    expect(await inspectKey(settings)).toMatchObject({
      ...{ kind: 'openpgp', fingerprint: brief.fingerprint, algorithm: 'rsa-3072' },
      expiresAt: brief.expiresAt,
    });
  });

  it('a key revoked by gpg is refused', async () => {
    const { fingerprint } = generated('agency-revoked@example.org', 'default');
    const note = join(home, 'openpgp-revocs.d', `${fingerprint.toUpperCase()}.rev`);
    const revocation = folder.file('revocation', readFileSync(note, 'utf8').replace(':-----', '-----'));
    ranWell(gnupg('--import', revocation));
    const keyFile = folder.file('revoked.asc', ranWell(gnupg('--armor', '--export', fingerprint)));
    const settings = sealedFor({ kind: 'openpgp', keyFile, fingerprint });
    expect(await codeOf(() => opened(settings, now))).toBe('agency-key-revoked');
  });
});

describe.skipIf(openssl === undefined)('with OpenSSL', () => {
  const path = (name: string): string => join(folder.path, name);
  const certified = (name: string, ...options: string[]) => {
    const [certificateFile, key] = [path(`${name}.pem`), path(`${name}.key`)];
    const files = ['-keyout', key, '-out', certificateFile, '-subj', '/O=Agence/CN=agency'];
    ranWell(run(openssl, ['req', '-x509', '-nodes', '-days', '30', ...options, ...files]));
    const print = ranWell(
      run(openssl, ['x509', '-in', certificateFile, '-noout', '-fingerprint', '-sha256']),
    );
    const fingerprint = print.toString().trim().split('=')[1] ?? '';
    return { certificateFile, key, settings: sealedFor({ kind: 'cms', certificateFile, fingerprint }) };
  };
  const decrypt = (file: string, { key, certificateFile }: ReturnType<typeof certified>): Ran => {
    const to = ['-inkey', key, '-recip', certificateFile];
    return run(openssl, ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file, ...to]);
  };

  it.each(['2048', '3072', '4096'])(
    'a dispatch for an RSA key of %s bits is opened whole, and by no other key',
    async (bits) => {
      const agency = certified(
        `rsa-${bits}`,
        '-newkey',
        `rsa:${bits}`,
        '-addext',
        'keyUsage=critical,keyEncipherment',
      );
      const other = certified('other', '-newkey', 'rsa:2048');
      const protection = await opened(agency.settings, now);
      for (const content of [small, large]) {
        const sealed = folder.file('sealed.p7m', await protection.seal('d.xml', content));
        const { code, out, err } = decrypt(sealed, agency);
        expect(code, err).toBe(0);
        expect(out.equals(content)).toBe(true);
        expect(decrypt(sealed, other).code).not.toBe(0);
      }
    },
  );

  it('a dispatch altered on its way makes it fail', async () => {
    const agency = certified('altered', '-newkey', 'rsa:2048');
    const bytes = await (await opened(agency.settings, now)).seal('d.xml', large);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    expect(decrypt(folder.file('sealed.p7m', bytes), agency).code).not.toBe(0);
  });

  it.each([
    ['a curve', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['RSA for signatures only', ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048']],
    [
      'a usage without encipherment',
      ['-newkey', 'rsa:2048', '-addext', 'keyUsage=digitalSignature,dataEncipherment'],
    ],
  ])('a certificate of %s is refused', async (_kind, options) => {
    const { settings } = certified('unsuitable', ...options);
    expect(await codeOf(() => opened(settings, now))).toBe('agency-key-unsuitable');
  });

  it('a usage that names encipherment among others is enough', async () => {
    const usage = 'keyUsage=digitalSignature,keyEncipherment,decipherOnly,keyAgreement';
    const { settings } = certified('several-uses', '-newkey', 'rsa:2048', '-addext', usage);
    expect(await codeOf(() => opened(settings, now))).toBe('passed');
  });
});
