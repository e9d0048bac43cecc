import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peer } from '../support/peer.ts';
import type { Settings } from './agency.ts';

export const protectionKinds = ['none', 'openpgp', 'cms'] as const;
export type ProtectionKind = (typeof protectionKinds)[number];

/** The agency's own keys and programs: what it opens parcels with. */
export interface Opener {
  /** The settings' `protection` and `packaging`. */
  readonly settings: (kind: ProtectionKind) => Settings;
  /** Why a kind cannot be opened here. */
  readonly missing: (kind: ProtectionKind) => string | undefined;
  /** The name a dispatch travels under. */
  readonly nameOf: (kind: ProtectionKind, name: string) => string;
  /** What was composed, from what the agency holds: decrypted, then unzipped, by programs that are not ours. */
  readonly open: (kind: ProtectionKind, name: string, content: Buffer) => Buffer;
  readonly close: () => void;
}

export function createOpener(): Opener {
  const folder = mkdtempSync(join(tmpdir(), 'vgm-keys-'));
  const gpg = peer('gpg', 'parcels sealed by OpenPGP are not opened');
  const openssl = peer('openssl', 'parcels sealed by CMS are not opened');
  const unzip = peer('unzip', 'zipped parcels are not opened');
  const home = join(folder, 'g');
  const settings: Record<ProtectionKind, Settings> = { none: {}, openpgp: {}, cms: {} };
  if (gpg !== undefined && unzip !== undefined) settings.openpgp = makePgp(gpg, home, folder);
  if (openssl !== undefined) settings.cms = makeCertificate(openssl, folder);
  const run = (program: string | undefined, args: readonly string[]): Buffer =>
    execFileSync(program ?? '', args, { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] });
  let opened = 0;

  return {
    settings: (kind) => settings[kind],
    missing: (kind) =>
      kind === 'openpgp' && (gpg === undefined || unzip === undefined)
        ? 'gpg or unzip'
        : kind === 'cms' && openssl === undefined
          ? 'openssl'
          : undefined,
    nameOf: (kind, name) => ({ none: name, openpgp: `${name}.zip.gpg`, cms: `${name}.p7m` })[kind],
    open: (kind, name, content) => {
      if (kind === 'none') return content;
      opened += 1;
      const sealed = join(folder, `sealed-${opened}`);
      writeFileSync(sealed, content);
      if (kind === 'cms') {
        const key = ['-inkey', join(folder, 'agency.key'), '-recip', join(folder, 'agency.pem')];
        return run(openssl, ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', sealed, ...key]);
      }
      const zip = join(folder, `opened-${opened}.zip`);
      run(gpg, ['--homedir', home, '--batch', '--quiet', '--output', zip, '--decrypt', sealed]);
      return run(unzip, ['-p', zip, name]);
    },
    close: () => {
      if (gpg !== undefined) spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makePgp(gpg: string, home: string, folder: string): Settings {
  execFileSync('mkdir', ['-m', '700', home]);
  const run = (...args: readonly string[]): string =>
    execFileSync(gpg, ['--homedir', home, '--batch', '--quiet', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const person = 'Agency <agency@example.org>';
  run(
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    '',
    '--quick-generate-key',
    person,
    'default',
    'default',
    '1y',
  );
  const keyFile = join(folder, 'agency.asc');
  writeFileSync(keyFile, run('--armor', '--export', person));
  const listed = run('--with-colons', '--list-keys', person).split('\n');
  const fingerprint = listed.find((line) => line.startsWith('fpr:'))?.split(':')[9] ?? '';
  return { packaging: { zip: true }, protection: { kind: 'openpgp', keyFile, fingerprint } };
}

function makeCertificate(openssl: string, folder: string): Settings {
  const [keyFile, certificateFile] = [join(folder, 'agency.key'), join(folder, 'agency.pem')];
  execFileSync(
    openssl,
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=agency.example'],
      ...['-keyout', keyFile, '-out', certificateFile],
    ],
    { stdio: 'ignore' },
  );
  const fingerprint = new X509Certificate(readFileSync(certificateFile)).fingerprint256;
  return { protection: { kind: 'cms', certificateFile, fingerprint } };
}
