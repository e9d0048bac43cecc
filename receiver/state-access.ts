import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { permanent, systemCode } from '../shared/runtime/errors.ts';
import { trustBundlePath } from './auth/trust-bundle-file.ts';
import type { StateFolder } from './state-folder.ts';

const { R_OK, W_OK, X_OK } = constants;

/**
 * A state folder, or a file in it, of another account: as after a command run as root. Said before anything is opened, for
 * what SQLite says of it helps nobody. Throws `state-unreadable`; what is not there is no fault of this kind.
 */
export async function checkStateAccess(state: StateFolder): Promise<void> {
  const { folder, database, keys, lock, backupLock } = state;
  await check(folder, R_OK | W_OK | X_OK);
  for (const path of [database, `${database}-wal`, `${database}-shm`, lock, backupLock])
    await check(path, R_OK | W_OK);
  await check(keys, R_OK | X_OK);
  for (const path of [join(keys, 'region.json'), join(keys, 'root.key'), trustBundlePath(folder)])
    await check(path, R_OK);
}

async function check(path: string, mode: number): Promise<void> {
  try {
    await access(path, mode);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    const facts = {
      path,
      account: accountName(),
      owner: await ownerOf(path),
      reason: systemCode(error) ?? '',
    };
    throw permanent('state-unreadable', { facts, cause: error });
  }
}

async function ownerOf(path: string): Promise<number | string> {
  return stat(path).then(
    ({ uid }) => uid,
    () => '?',
  );
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
