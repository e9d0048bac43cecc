import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import { describeCare } from './care-contract.ts';
import { describeDeliveries } from './deliveries-contract.ts';
import { describeListing } from './listing-contract.ts';
import { describeStore } from './store-contract.ts';
import { describeWatch } from './watch-contract.ts';

async function open() {
  const folder = await mkdtemp(join(tmpdir(), 'vgm-store-'));
  const store = openSqliteStore(join(folder, 'receiver.db'));
  return {
    store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

describeStore('SQLite', open);
describeDeliveries('SQLite', open);
describeWatch('SQLite', open);
describeListing('SQLite', open);
describeCare('SQLite', open);
