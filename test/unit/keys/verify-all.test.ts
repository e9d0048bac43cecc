import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../receiver/audit/audit-log.ts';
import { trustBundlePath } from '../../../receiver/auth/trust-bundle-file.ts';
import { verify } from '../../../receiver/commands/verify.ts';
import { createAdmission } from '../../../receiver/inbox/admission.ts';
import { createIntake } from '../../../receiver/inbox/intake.ts';
import { purge } from '../../../receiver/retention/purge.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { signManifest, type ManifestStatement } from '../../../shared/protocol/manifest-statement.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { quiet } from '../receiver/lab.ts';
import { actor, day, openKept, visit, whole, type Kept } from '../retention/kit.ts';
import { dayMs, keyLabOf, temporary, type KeyLab } from './lab.ts';

/** One region with something in each of its ledgers; somebody with access to its files changes one of them. */
let kept: Kept;
let keys: KeyLab;
let retired: string;
/** A copy of its state, for one test. */
let state: string;

beforeAll(async () => {
  kept = await openKept('retention: { historyDays: 1 }');
  const { lab } = kept;
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
  keys = keyLabOf(lab);
  await receiveOne();
  await deleteSomething();
  await stateOne();
  await endOne();
}, 30_000);
afterAll(() => kept.close());

beforeEach(async () => {
  state = await temporary();
  await cp(kept.lab.folder, state, { recursive: true });
});

async function receiveOne(): Promise<void> {
  const { lab } = kept;
  const agent = await lab.addAgent();
  const { bytes } = await agent.chain().next();
  const intake = createIntake({
    ...{ store: lab.store, clock: lab.clock, random: systemRandom, logger: quiet, sign: lab.sign },
    onStored: () => undefined,
  });
  const admission = createAdmission({ store: lab.store });
  expect(await intake.put(await admission.envelope(agent.id, bytes))).toMatchObject({ kind: 'receipt' });
}

async function deleteSomething(): Promise<void> {
  await kept.rig.send(whole(0, 1, [visit(1, 0), visit(2, 1)]));
  await kept.rig.send(whole(0, 1, [visit(1, 0), visit(3, 1)], 3));
  kept.lab.clock.advance(60 * dayMs);
  await purge(kept.deps(), { classes: ['history'], actor });
}

async function stateOne(): Promise<void> {
  const { store, region, clock } = kept.lab;
  const issuedAt = clock.now();
  const statement: ManifestStatement = {
    ...{ v: 1, typ: 'vaguemestre-manifest', region: region.name, destination: 'oscour', owner: null },
    ...{ feed: 'ed-visits', day: dayToIso(day(0)), issuedAt, serial: 1, cutOff: '04:00', formats: [] },
    facilities: [],
    totals: {
      ...{ facilities: 0, expected: 0, received: 0, late: 0, absent: 0, held: 0, closed: 0, degraded: 0 },
      ...{ records: 0, files: 0 },
    },
  } as never;
  const jws = await signManifest(statement, region.receipts);
  await store.transaction((tx) =>
    tx.manifests.put({ destination: 'oscour', day: day(0), issuedAt, digest: 'd', jws }),
  );
}

async function endOne(): Promise<void> {
  const [first] = (await keys.list()).keys.filter(({ role }) => role === 'encryption');
  retired = first?.id ?? '';
  await keys.rotate('encryption', { after: '60' });
  kept.lab.clock.advance(2 * 3_600_000);
  await keys.destroy(retired, { evenSo: true, reason: 'essai' });
}

function tamper(sql: string, ...values: unknown[]): void {
  const db = openSqlite(join(state, 'receiver.db'), { migrations });
  db.pragma('foreign_keys = OFF');
  // What holds off a mistake does not hold off who has the file.
  const triggers = db.prepare<unknown[], { name: string }>(
    "select name from sqlite_master where type = 'trigger'",
  );
  for (const { name } of triggers.all()) db.exec(`drop trigger "${name}"`);
  expect(db.prepare(sql).run(...values).changes).toBe(1);
  db.close();
}

const look = async () => {
  const { exitCode, lines, document } = await verify({ config: { state }, language: 'fr' });
  return { exitCode, text: lines.join('\n'), document };
};

describe('one command looks through every ledger', () => {
  it('and says how much of each holds', async () => {
    expect(await look()).toMatchObject({
      exitCode: 0,
      document: {
        good: true,
        ledgers: [{ envelopes: 1, receipts: 1, faults: [] }],
        audit: { broken: null },
        deletions: { records: 1, broken: null },
        manifests: { manifests: 1, broken: [] },
        keyEnds: { ends: 1, faults: [] },
      },
    });
    const { text } = await look();
    for (const part of ['1 plis', '1 actes', 'Bordereaux : 1', '1 destructions'])
      expect(text).toContain(part);
  });

  it.each([
    [
      'a receipt',
      `update receipt set text = replace(text, '"v":1', '"v": 1') where kind = 'stored'`,
      'receipt-',
    ],
    ['an envelope', `update envelope set digest = replace(digest, substr(digest, 1, 4), 'ffff')`, 'n° 1 :'],
    [
      'a line of the journal',
      `update audit set subject = 'x' where action = 'key.destroy'`,
      'Le journal est rompu',
    ],
    ['a record of a deletion', `update deletion set text = replace(text, '"seq":1', '"seq":2')`, 'acte n° 1'],
    ['the last record of a deletion, taken away,', `delete from deletion`, 'acte n° 1'],
    ['a manifest', `update manifest set day = day + 1`, 'oscour, n° 1'],
    ['a manifest’s proof', `update manifest set jws = jws || 'A'`, 'oscour, n° 1'],
  ])('%s that was changed is named', async (_what, sql, named) => {
    tamper(sql);
    const { exitCode, text, document } = await look();
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ good: false });
    expect(text).toContain(named);
  });

  it('a destroyed key whose private half lies there again is named', async () => {
    await writeFile(join(state, 'keys', 'encryption.key'), 'x');
    expect(await look()).toMatchObject({
      exitCode: 1,
      document: { keyEnds: { ends: 0, faults: [{ key: retired, fault: 'there' }] } },
    });
  });

  it('a key destroyed with no line in the journal is named, and one that the journal ended and is still there', async () => {
    const next = (await keys.list()).keys.find(
      ({ role, state }) => role === 'encryption' && state === 'current',
    );
    const copied = openSqliteStore(join(state, 'receiver.db'));
    await copied.transaction((tx) =>
      appendAudit(tx, kept.lab.clock, actor, { action: 'key.destroy', subject: next?.id ?? '' }),
    );
    await copied.close();
    const { document } = await look();
    expect(document).toMatchObject({ keyEnds: { ends: 1, faults: [{ key: next?.id, fault: 'undone' }] } });

    tamper(`update audit set action = 'key.rotate' where subject = ?`, retired);
    expect((await look()).document).toMatchObject({
      keyEnds: { ends: 0, faults: expect.arrayContaining([{ key: retired, fault: 'untold' }]) as unknown },
    });
  });
});
