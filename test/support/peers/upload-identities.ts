import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestAuthority, type Identity } from './certificates.ts';

/** What a server shows: the right certificate, or a wrong one. */
export type Shown = 'good' | 'expired' | 'other-name' | 'unknown-authority';

/** The files a destination's settings name, and what the server needs to tell its clients apart. */
export interface UploadIdentities {
  readonly authorityFile: string;
  readonly clientCertificateFile: string;
  readonly clientKeyFile: string;
  /** Of an authority the server does not know. */
  readonly strangerCertificateFile: string;
  readonly strangerKeyFile: string;
  readonly authorityPem: string;
  readonly server: (shown: Shown) => Identity;
}

export async function makeUploadIdentities(folder: string): Promise<UploadIdentities> {
  await mkdir(folder, { recursive: true });
  const authority = createTestAuthority();
  const stranger = createTestAuthority('Autorité inconnue');
  const client = authority.client('region');
  const other = stranger.client('region');
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const shown = new Map<Shown, Identity>();
  const make: Readonly<Record<Shown, () => Identity>> = {
    good: () => authority.server(),
    expired: () => authority.server({ expired: true }),
    'other-name': () => authority.server({ hosts: ['elsewhere.example'] }),
    'unknown-authority': () => stranger.server(),
  };
  return {
    authorityFile: await file('authority.pem', authority.pem),
    clientCertificateFile: await file('client.pem', client.certificate),
    clientKeyFile: await file('client.key', client.key),
    strangerCertificateFile: await file('stranger.pem', other.certificate),
    strangerKeyFile: await file('stranger.key', other.key),
    authorityPem: authority.pem,
    server: (which) => {
      const identity = shown.get(which) ?? make[which]();
      shown.set(which, identity);
      return identity;
    },
  };
}
