import { permanent, systemCode } from '../../shared/runtime/errors.ts';

const full = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/;

/** What SQLite and the system say of a full disk, or of one that fails; anything else as it is. */
export function roomFault(error: unknown, facts: { readonly to: string; readonly state: string }): unknown {
  const reason = systemCode(error) ?? '';
  if (full.test(reason)) return permanent('backup-disk-full', { facts, cause: error });
  return /^(EIO|SQLITE_IOERR)/.test(reason)
    ? permanent('backup-disk-failing', { facts: { ...facts, reason }, cause: error })
    : error;
}
