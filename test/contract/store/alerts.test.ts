import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import { describeAlerts } from './alert-contract.ts';

describeAlerts('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vgm-store-'));
  const store = openSqliteStore(join(folder, 'receiver.db'));
  return {
    store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
