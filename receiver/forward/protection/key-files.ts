import { readFile, stat } from 'node:fs/promises';
import { permanent, systemCode } from '../../../shared/runtime/errors.ts';
import type { KeyPlace } from './agency-key.ts';

/** Far above any key: a file named by mistake is not read whole. */
const largestBytes = 1024 * 1024;

/** Throws `agency-key-unreadable`. */
export async function readAgencyKeyFile(place: KeyPlace): Promise<Buffer> {
  return readBounded(place.file).catch((cause: unknown) => {
    throw unreadable(place, cause);
  });
}

export function unreadable(place: KeyPlace, cause?: unknown): Error {
  return permanent('agency-key-unreadable', {
    facts: { ...place, reason: systemCode(cause) ?? 'format' },
    cause,
  });
}

/**
 * A private key of the region, or the passphrase that opens it. Throws `signing-key-unreadable`, and on Unix
 * `key-file-permissions` when others than its owner may read it.
 */
export async function readSecretFile(place: KeyPlace): Promise<Buffer> {
  const { file } = place;
  const facts = { ...place, reason: 'format' };
  const mode = await stat(file).then(
    (found) => found.mode,
    (cause: unknown) => {
      throw permanent('signing-key-unreadable', {
        facts: { ...facts, reason: systemCode(cause) ?? 'format' },
        cause,
      });
    },
  );
  // Windows keeps access rights elsewhere: the installer sets them on the folder.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw permanent('key-file-permissions', { facts: { path: file, mode: (mode & 0o777).toString(8) } });
  return readBounded(file).catch((cause: unknown) => {
    throw permanent('signing-key-unreadable', {
      facts: { ...facts, reason: systemCode(cause) ?? 'format' },
      cause,
    });
  });
}

async function readBounded(file: string): Promise<Buffer> {
  const { size } = await stat(file);
  if (size > largestBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
  return readFile(file);
}
