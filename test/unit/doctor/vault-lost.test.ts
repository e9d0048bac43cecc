import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { repairDatabase } from '../../../agent/outbox/repair.ts';
import { fakeClock, fakeRandom, temporaryFolder } from '../agent/support.ts';

/** An export whose rows wait, encrypted, for their other halves. */
function withHalves(): string {
  const path = join(temporaryFolder(), 'agent.db');
  const { db, ...database } = openAgentDatabase(path);
  db.exec(`insert into exports (id, source, name, path, state, read_at) values ('x', 's', 'x.csv', x'2f78', 'read', 1);
    insert into join_reads (n, export, source, mapping, side, columns, whole, read_at) values (1, 'x', 's', 'm', 'main', '[]', 1, 1);
    insert into join_rows (read, record, line, key, sealed) values (1, 1, 2, x'01', x'02')`);
  database.close();
  return path;
}

async function repaired(
  isVaultLost: boolean,
): Promise<{ sealedLost: number; rereads: unknown; rows: unknown }> {
  const path = withHalves();
  const { sealedLost } = await repairDatabase({
    ...{ path, sources: [], identity: undefined, verifyReceipt: undefined, isVaultLost },
    regionReceipts: () => Promise.resolve(false),
    ...{ clock: fakeClock(), random: fakeRandom(), onStep: () => undefined },
  });
  const database = openAgentDatabase(path);
  const rereads = database.all('select export, resend from rereads');
  const rows = database.all('select count(*) n from join_rows');
  database.close();
  return { sealedLost, rereads, rows };
}

it('drops what rests under a key that is lost, and has its exports read again', async () => {
  expect(await repaired(true)).toEqual({
    sealedLost: 1,
    rereads: [{ export: 'x', resend: 1 }],
    rows: [{ n: 0 }],
  });
});

it('keeps it where the key is there', async () => {
  expect(await repaired(false)).toEqual({ sealedLost: 0, rereads: [], rows: [{ n: 1 }] });
});
