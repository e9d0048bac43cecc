import { readFile, stat } from 'node:fs/promises';
import { permanent, systemCode } from '../../../shared/runtime/errors.ts';

/** Far above any key or password: a file named by mistake is not read whole. */
const largestBytes = 64 * 1024;

/** A password, passphrase, key or certificate; without the one newline editors put at its end. Throws `peer-secret-unreadable`. */
export async function readSecret(destination: string, file: string): Promise<string> {
  try {
    if ((await stat(file)).size > largestBytes)
      throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unusable(destination, file, systemCode(error) ?? 'format', error);
  }
}

export function unusable(destination: string, file: string, reason: string, cause?: unknown): Error {
  return permanent('peer-secret-unreadable', { facts: { destination, file, reason }, cause });
}

/** What a test of the destination says of a secret that others than its owner may read: "mode 644". */
export async function openToOthers(files: readonly (string | undefined)[]): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  for (const file of files) {
    if (file === undefined) continue;
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) return `mode ${(mode & 0o777).toString(8)}: ${file}`;
  }
  return undefined;
}
