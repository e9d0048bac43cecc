import type { AgencyDesk } from '../../routes/agency-desk.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';

/**
 * What people of agencies have downloaded by a page. That its last byte has left says little: it counts once the same
 * person comes back, having seen what became of it. Kept in memory only: after a restart, one downloads again.
 */
export interface Downloads {
  begun(account: string, row: DispatchRow): void;
  /** The person is back: what they took is noted, with its receipts. */
  back(account: string): Promise<void>;
}

const most = 1000;

export function createDownloads(desk: Pick<AgencyDesk, 'fetched' | 'drained'>): Downloads {
  const taken = new Map<string, { readonly account: string; readonly row: DispatchRow }>();
  return {
    begun: (account, row) => {
      const [oldest] = taken.keys();
      if (taken.size >= most && oldest !== undefined) taken.delete(oldest);
      taken.set(`${account} ${row.id}`, { account, row });
    },
    back: async (account) => {
      const own = [...taken].filter(([, each]) => each.account === account);
      for (const [key, { row }] of own) {
        taken.delete(key);
        desk.fetched(row);
      }
      if (own.length > 0) await desk.drained();
    },
  };
}
