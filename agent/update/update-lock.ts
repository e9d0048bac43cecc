import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { tryLock } from '../health/state-lock.ts';

/**
 * One update at a time, by one who may: what lies under `releases` is run by the service, so it is written to by its owner
 * alone. Answers what lets go of it. Faults: `update-needs-root`, `update-folder-open`, `update-under-way`.
 */
export function takeUpdateLock(releases: string): () => void {
  try {
    if (mkdirSync(releases, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(releases, 0o755);
    accessSync(releases, constants.W_OK);
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(cause) ?? '')) throw cause;
    throw permanent('update-needs-root', { facts: { folder: releases }, cause });
  }
  if (process.getuid !== undefined) {
    const { uid, mode } = statSync(releases);
    if (uid !== process.getuid() || (mode & 0o022) !== 0)
      throw permanent('update-folder-open', { facts: { folder: releases } });
  }
  const held = tryLock(join(releases, 'update.lock'));
  if (held === undefined) throw permanent('update-under-way', { facts: { folder: releases } });
  return () => held.close();
}
