import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../receiver/audit/audit-log.ts';
import { checkOnward } from '../../../receiver/audit/check-audit.ts';
import { sealAudit } from '../../../receiver/audit/seal-audit.ts';
import { verifyAudit } from '../../../receiver/audit/verify-audit.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';

const actor = { kind: 'account', id: 'a-1', name: 'Camille Essai' } as const;
let at = Date.UTC(2026, 10, 20, 6);
const clock = { now: () => at, monotonic: () => at };
const sign = async (texts: readonly string[]): Promise<string> => `signed ${texts.join()}`;
const verifier = { covers: async (text: string, jws: string) => jws === `signed ${text}` };

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-audit-'));
  path = join(folder, 'receiver.db');
  store = openSqliteStore(path);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function write(count: number, more: object = {}): Promise<void> {
  await store.transaction(async (tx) => {
    for (let i = 0; i < count; i += 1)
      await appendAudit(tx, clock, actor, { action: 'alert.take', subject: `alert ${i}`, ...more });
  });
}

/** As somebody does who writes to the file beside the program, its guards taken away. */
function tamper(...statements: readonly string[]): void {
  const db = openSqlite(path, { migrations });
  const guards = db
    .prepare("select name from sqlite_master where type = 'trigger' and tbl_name like 'audit%'")
    .all() as readonly { readonly name: string }[];
  for (const { name } of guards) db.exec(`drop trigger ${name}`);
  for (const statement of statements) db.exec(statement);
  db.close();
}

const verdict = async (known?: { readonly seq: number; readonly hash: string }) =>
  (await verifyAudit(store, verifier, known)).broken;

describe('the audit log', () => {
  it('is whole as it was written, and says up to where it is signed', async () => {
    await write(5);
    await sealAudit({ store, clock, sign });
    await write(2);
    const found = await verifyAudit(store, verifier);
    expect(found).toMatchObject({ lines: 7, signed: { seq: 5, at }, broken: null });
    expect(await sealAudit({ store, clock, sign })).toMatchObject({ seq: 7 });
    expect(await sealAudit({ store, clock, sign })).toBeUndefined();
  });

  it('lets the program itself neither change, take away nor push in a line', async () => {
    await write(3);
    const db = openSqlite(path, { migrations });
    expect(() => db.exec("update audit set reason = 'x' where seq = 2")).toThrow(/do not change/);
    expect(() => db.exec('delete from audit where seq = 3')).toThrow(/are kept/);
    expect(() => db.exec('insert or replace into audit select * from audit where seq = 2')).toThrow(
      /are appended/,
    );
    db.close();
    expect(await verdict()).toBeNull();
  });

  it('keeps one chain when two programs write at once', async () => {
    const other = openSqliteStore(path, { whileBusy: 'yield' });
    const both = [store, other].map(async (each) => {
      for (let i = 0; i < 20; i += 1)
        await each.transaction((tx) =>
          appendAudit(tx, clock, actor, { action: 'alert.take', subject: String(i) }),
        );
    });
    await Promise.all(both);
    await other.close();
    expect(await verifyAudit(store, verifier)).toMatchObject({ lines: 40, broken: null });
  });

  it.each([
    ['a reason rewritten', ["update audit set reason = 'autre' where seq = 3"], { seq: 3, fault: 'altered' }],
    ['a time rewritten', ['update audit set at = at + 1 where seq = 1'], { seq: 1, fault: 'altered' }],
    ['a line taken out', ['delete from audit where seq = 4'], { seq: 4, fault: 'missing' }],
    [
      'a line taken out and the others moved up',
      ['delete from audit where seq = 4', 'update audit set seq = seq - 1 where seq > 4'],
      { seq: 4, fault: 'altered' },
    ],
    [
      'two lines in each other’s place',
      [
        'update audit set seq = 100 where seq = 2',
        'update audit set seq = 2 where seq = 3',
        'update audit set seq = 3 where seq = 100',
      ],
      { seq: 2, fault: 'altered' },
    ],
    [
      'a line put in',
      [
        `insert into audit select 7, at, actor_kind, actor_id, 'Autre', action, subject, facility, destination, reason,
                                  facts, hash, hash from audit where seq = 6`,
      ],
      { seq: 7, fault: 'altered' },
    ],
    ['the signed end cut off', ['delete from audit where seq > 3'], { seq: 4, fault: 'cut' }],
    ['everything taken away but the signatures', ['delete from audit'], { seq: 1, fault: 'cut' }],
    [
      'a signature that the region did not make',
      ["update audit_seal set proof = 'forged'"],
      { seq: 6, fault: 'seal' },
    ],
  ] as const)('shows %s', async (_name, statements, broken) => {
    await write(6);
    await sealAudit({ store, clock, sign });
    tamper(...statements);
    expect(await verdict()).toEqual(broken);
  });

  it('misses what was cut off with its signature only when somebody wrote the head down', async () => {
    await write(6);
    await sealAudit({ store, clock, sign });
    const { head } = await verifyAudit(store, verifier);
    tamper('delete from audit where seq > 3', 'delete from audit_seal');
    expect(await verdict()).toBeNull();
    expect(await verdict(head)).toEqual({ seq: 4, fault: 'cut' });
    await write(5);
    expect(await verdict(head)).toEqual({ seq: 6, fault: 'altered' });
  });

  it('keeps lines short and free of what a terminal would obey', async () => {
    await write(1, {
      reason: `motif\u0000\u001b[31m ${'é'.repeat(600)}`,
      facts: {
        b: 1,
        a: '\ud800 half',
        ...Object.fromEntries([...Array(30).keys()].map((n) => [`f${n}`, n])),
      },
    });
    const [line] = await store.read((tx) => tx.audit.walk(0, 1));
    expect(Array.from(line?.reason ?? '')).toHaveLength(500);
    expect(line?.reason).toMatch(/^motif \[31m/);
    expect(Object.keys(JSON.parse(line?.facts ?? '{}') as object)).toHaveLength(20);
    expect(await verdict()).toBeNull();
  });

  it('is gone with the transaction that it tells of', async () => {
    await write(1);
    const undone = store.transaction(async (tx) => {
      await appendAudit(tx, clock, actor, { action: 'alert.take', subject: 'x' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await verifyAudit(store, verifier)).toMatchObject({ lines: 1, broken: null });
  });

  it('is found by who, what, where and when, the latest first', async () => {
    await write(2, { facility: '990000010' });
    at += 86_400_000;
    await write(3, { facility: '990000028', action: 'alert.close' });
    const find = (filter: object) =>
      store.read(async (tx) => (await tx.audit.find(filter, 1000, 10)).map(({ seq }) => seq));
    expect(await find({})).toEqual([5, 4, 3, 2, 1]);
    expect(await find({ facility: '990000010' })).toEqual([2, 1]);
    expect(await find({ action: 'alert.close', actor: 'Camille Essai' })).toEqual([5, 4, 3]);
    expect(await find({ since: at })).toEqual([5, 4, 3]);
    expect(await find({ until: at })).toEqual([2, 1]);
    expect(await find({ actor: 'Autre' })).toEqual([]);
    expect(await store.read((tx) => tx.audit.actions())).toEqual(['alert.close', 'alert.take']);
    expect(await store.read((tx) => tx.audit.find({}, 3, 1))).toMatchObject([{ seq: 2 }]);
  });
});

describe('the walk that is remembered', () => {
  it('goes on from where it was, and says when it last came to the end', async () => {
    await write(3);
    expect(await checkOnward(store, clock)).toEqual({ kind: 'whole' });
    await write(4);
    at += 60_000;
    await checkOnward(store, clock);
    expect(await store.read((tx) => tx.audit.check())).toMatchObject({ verifiedSeq: 7, verifiedAt: at });
  });

  it('finds within a day what was changed long ago, and keeps saying so', async () => {
    await write(5);
    await checkOnward(store, clock);
    tamper("update audit set reason = 'autre' where seq = 2");
    await write(1);
    expect(await checkOnward(store, clock)).toEqual({ kind: 'whole' });
    at += 86_400_001;
    expect(await checkOnward(store, clock)).toEqual({ kind: 'broken', seq: 2, fault: 'altered' });
    await checkOnward(store, clock);
    expect(await store.read((tx) => tx.audit.check())).toMatchObject({ faultSeq: 2, fault: 'altered' });
  });

  it('sees at once when the end it knew is gone', async () => {
    await write(5);
    await checkOnward(store, clock);
    tamper('delete from audit where seq > 3');
    expect(await checkOnward(store, clock)).toEqual({ kind: 'broken', seq: 5, fault: 'cut' });
  });
});
