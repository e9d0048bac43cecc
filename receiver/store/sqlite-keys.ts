import type { KeyTables } from './key-tables.ts';
import { sql, type Statements } from './sqlite-statements.ts';

export const keySql = {
  claimNotice: sql(`
    insert into expiry_notice (subject, ends_at, threshold, address, state, attempts, at)
    values (?, ?, ?, ?, 'claimed', 1, ?)
        on conflict do update set state = 'claimed', attempts = attempts + 1, at = excluded.at
     where state = 'failed' and attempts < ?`),
  settleNotice: sql(`
    update expiry_notice
       set state = ?, at = ?
     where subject = ? and ends_at = ? and threshold = ? and address = ? and state = 'claimed'`),
  purgeNotices: sql('delete from expiry_notice where ends_at < ?'),
} as const;

export function createKeyTables({ run }: Statements): KeyTables {
  return {
    claimNotice: async ({ subject, endsAt, threshold, address }, most, at) =>
      run(keySql.claimNotice, subject, endsAt, threshold, address, at, most) === 1,
    settleNotice: async ({ subject, endsAt, threshold, address }, state, at) => {
      run(keySql.settleNotice, state, at, subject, endsAt, threshold, address);
    },
    purgeNotices: async (endedBefore) => {
      run(keySql.purgeNotices, endedBefore);
    },
  };
}
