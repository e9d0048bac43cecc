import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishWithdrawals } from '../../../receiver/backup/publish-withdrawals.ts';
import { readMark } from '../../../receiver/backup/restored-mark.ts';
import { readWithdrawals } from '../../../receiver/backup/withdrawals.ts';
import { invite, revoke } from '../../../receiver/commands/agent.ts';
import { createIdentify } from '../../../receiver/auth/agent-identity.ts';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { confirmRestore } from '../../../receiver/commands/confirm-restore.ts';
import { eraseVisit } from '../../../receiver/commands/erase.ts';
import { rotate } from '../../../receiver/commands/key.ts';
import { status } from '../../../receiver/commands/status.ts';
import { tellWithdrawals } from '../../../receiver/commands/tell-withdrawals.ts';
import { verify } from '../../../receiver/commands/verify.ts';
import { openLiveRegion } from '../../../receiver/pki/live-region.ts';
import type { Account } from '../../../receiver/store/account-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';
import type { ApiTokenTable } from '../../../receiver/store/token-tables.ts';
import { readTrustBundle } from '../../../receiver/auth/trust-bundle-file.ts';
import { verifyTrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import { describeFault } from '../../../shared/i18n/errors.ts';
import { parseEnrolmentCode } from '../../../shared/protocol/enrolment-code.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { facility, quiet, type LabAgent } from '../receiver/lab.ts';
import { temporary } from '../keys/lab.ts';
import { visit, whole, type Kept } from '../retention/kit.ts';
import { codeOf, openLostRegion, type LostRegion } from './lost-region.ts';

/** A region saved, then changed, then lost: what of that is still so when the backup is all there is? */
let lost: LostRegion;
let kept: Kept;
let context: CommandContext;
let agent: LabAgent;
let saved: string;
let backups: string;
let back: string;

beforeEach(async () => {
  lost = await openLostRegion();
  ({ kept, context, agent, saved, backups, back } = lost);
}, 30_000);

const contextOf = (folder: string): Promise<CommandContext> => lost.contextOf(folder);
const save = (): Promise<string> => lost.save();
const list = (): string => lost.list();
const bring = (file = saved, more: { readonly withdrawals?: string } = {}) => lost.bring(file, more);
const begin = (): Promise<void> => lost.begin();
const withBack = <T>(work: (store: Store) => Promise<T>): Promise<T> => lost.withBack(work);
const ask = (sql: string): readonly Record<string, unknown>[] => lost.ask(sql);

describe('an agent revoked after the backup', () => {
  it('is revoked when the region comes back, and a person is told until one has looked', async () => {
    await revoke(context, { agent: agent.id, reason: 'volé' });
    const said = await bring();
    expect(said.lines.join('\n')).toContain('Ce que la région a retiré depuis est connu jusqu’au');
    expect(ask(`select status from agent where id = '${agent.id}'`)).toEqual([{ status: 'active' }]);
    await begin();
    expect(ask(`select status from agent where id = '${agent.id}'`)).toEqual([{ status: 'revoked' }]);
    expect(ask(`select * from certificate where agent = '${agent.id}' and revoked_at is null`)).toEqual([]);
    expect(await readMark(back)).toBeUndefined();

    const restored = await contextOf(back);
    expect((await status(restored)).lines.join('\n')).toContain('Relisez qui est admis');
    const shown = await confirmRestore(restored, {});
    expect(shown.exitCode).toBe(1);
    expect(JSON.stringify(shown.document)).not.toContain(agent.id);
    await confirmRestore(restored, { yes: true });
    expect((await status(restored)).lines.join('\n')).not.toContain('Relisez qui est admis');
    expect(await codeOf(confirmRestore(restored, {}))).toBe('restore-nothing-to-confirm');
    expect((await verify(restored)).exitCode).toBe(0);
    expect(
      ask(`select action, actor_kind from audit where action like 'region.restore%' order by seq`),
    ).toEqual([
      { action: 'region.restore', actor_kind: 'system' },
      { action: 'region.restore-confirm', actor_kind: 'command-line' },
    ]);
  });

  it.each([
    ['is not known because the list is gone', () => rm(list())],
    [
      'is not known because the list is older than the backup',
      async () => {
        const old = await readFile(list());
        saved = await save();
        await writeFile(list(), old);
      },
    ],
  ])('%s: the region does not serve before a person has looked', async (_what, spoil) => {
    await spoil();
    const said = await bring();
    expect(said.lines.join('\n')).toContain('Elle ne servira qu’après « confirm-restore »');
    expect(await codeOf(begin())).toBe('restore-unconfirmed');
    expect(await codeOf(begin())).toBe('restore-unconfirmed');
    const restored = await contextOf(back);
    expect((await status(restored)).lines.join('\n')).toContain('pas encore servie');
    expect(JSON.stringify((await confirmRestore(restored, {})).document)).toContain(agent.id);
    await confirmRestore(restored, { yes: true });
    await begin();
    expect((await status(restored)).document).toMatchObject({ restored: null });
  });

  it('is in a list that somebody else cannot write, nor take from another region', async () => {
    await revoke(context, { agent: agent.id });
    const text = await readFile(list(), 'utf8');
    await writeFile(list(), text.replace(agent.id, agent.id.replace(/.$/, '0')));
    expect(await codeOf(bring())).toBe('withdrawals-invalid');
    expect(existsSync(back)).toBe(false);
    await mkdir(join(backups, 'kept'));
    await writeFile(join(backups, 'kept', 'list'), text);
    await bring(saved, { withdrawals: join(backups, 'kept', 'list') });
    await begin();
    expect(ask(`select status from agent where id = '${agent.id}'`)).toEqual([{ status: 'revoked' }]);
    expect(await codeOf(bring(saved, { withdrawals: join(backups, 'nothing') }))).toBe(
      'restore-folder-not-empty',
    );
  });
});

it('an account closed and a token revoked after the backup are so again', async () => {
  const { store, clock } = kept.lab;
  const account: Account = {
    ...{ id: 'a1', login: 'marie', name: 'Marie', language: 'fr', passwordHash: null, mustChange: false },
    ...{ totpSecret: null, totpPending: null, totpStep: null, failures: 0, lockedUntil: null },
    ...{ disabledAt: null, createdAt: 1, identity: null, fromRoles: false },
    ...{ profile: 'regional-operator', administrator: false, facilities: 'all', destinations: 'all' },
  };
  const token: Parameters<ApiTokenTable['add']>[0] = {
    ...{
      id: 't1',
      name: 'entrepôt',
      hash: Buffer.alloc(32, 1),
      profile: 'regional-operator',
      scopes: ['files'],
    },
    ...{ facilities: null, createdAt: 1, createdBy: 'x', expiresAt: 9e15 },
  };
  await store.transaction(async (tx) => {
    await tx.accounts.add(account);
    await tx.tokens.add(token);
  });
  const second: Account = { ...account, id: 'a2', login: 'paul', administrator: true };
  const third: Account = { ...account, id: 'a3', login: 'rose', facilities: ['1', '2'], destinations: ['x'] };
  await store.transaction(async (tx) => {
    for (const each of [second, third]) await tx.accounts.add(each);
  });
  saved = await save();
  await store.transaction(async (tx) => {
    const narrow = { profile: 'hospital-admin', administrator: false, destinations: [] } as const;
    await tx.accounts.setAccess('a2', { ...narrow, facilities: ['1'] });
    await tx.accounts.setAccess('a3', { ...third, facilities: ['2', '3'], destinations: 'all' });
    await tx.accounts.disable('a1', clock.now());
    await tx.tokens.revoke('t1', clock.now());
  });
  await revoke(context, { agent: agent.id });
  await bring();
  await begin();
  expect(ask("select disabled_at is null as open from account where id = 'a1'")).toEqual([{ open: 0 }]);
  expect(
    ask(`select profile, administrator, facilities, destinations from account where id > 'a1' order by id`),
  ).toEqual([
    { profile: 'hospital-admin', administrator: 0, facilities: '["1"]', destinations: '[]' },
    { profile: 'regional-operator', administrator: 0, facilities: '["2"]', destinations: '["x"]' },
  ]);
  expect(ask('select revoked_at is null as open from api_token')).toEqual([{ open: 0 }]);
  expect(ask('select withdrawn from restored')).not.toEqual([{ withdrawn: 0 }]);
});

it('a visit erased after the backup is erased again, once, and one that came after it does not come back', async () => {
  await kept.rig.send(whole(0, 2, [visit(1, 0), visit(2, 1), visit(3, 2)], 5));
  const erase = (arrived: string) =>
    eraseVisit(context, { facility, arrived, reason: 'demande', requestedBy: 'DPO', yes: true });
  const hour = (n: number): string =>
    String(kept.ask(`select body from record order by day limit 1 offset ${n}`)[0]?.['body']);
  const minute = (n: number): string => {
    const [, d = '', m = '', y = '', time = ''] = /(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d)/.exec(hour(n)) ?? [];
    return `${y}-${m}-${d} ${time}`;
  };
  const [held, late] = [minute(0), minute(2)];
  await erase(held);
  await erase(late);
  await bring();
  expect(ask('select count(*) n from record')).toEqual([{ n: 2 }]);
  await begin();
  expect(ask('select count(*) n from record')).toEqual([{ n: 1 }]);
  expect(ask('select count(distinct deletion) n from erased_visit')).toEqual([{ n: 2 }]);
  expect(ask('select erased from restored')).toEqual([{ erased: 2 }]);
  expect((await verify(await contextOf(back))).exitCode).toBe(0);
});

describe('keys made after the backup', () => {
  const bundle = async (folder: string) =>
    verifyTrustBundle((await readTrustBundle(folder)).jws, kept.lab.region.rootDigest, 0);

  it('are replaced at once, in a bundle that counts on from what agents have seen', async () => {
    for (const role of ['encryption', 'receipts']) await rotate(context, { role, now: true });
    kept.lab.clock.advance(3 * 86_400_000);
    const seen = await bundle(kept.lab.folder);
    await bring();
    expect((await bundle(back)).version).toBeLessThan(seen.version);
    await begin();
    const now = await bundle(back);
    expect(now.version).toBeGreaterThan(seen.version);
    // What the lost key signed can still be proven.
    for (const { kid } of seen.receiptKeys) expect(now.receiptKeys.map((key) => key.kid)).toContain(kid);
    // Agents seal for a key that the region has.
    const lost = seen.recipients[0]?.certificate;
    expect(now.recipients.map(({ certificate }) => certificate)).not.toContain(lost);
    const keys = await openLiveRegion({ folder: back, clock: kept.lab.clock, logger: quiet });
    const [signer] = now.receiptKeys.toReversed();
    expect(keys.region().receipts.kid).toBe(signer?.kid);
    expect((await verify(await contextOf(back))).exitCode).toBe(0);
    expect(ask('select lost_keys from restored')).toEqual([{ lost_keys: 2 }]);
  });

  it('wait for a person where the root’s key lies elsewhere, and status says so', async () => {
    const away = join(await temporary(), 'root.key');
    await rename(join(kept.lab.folder, 'keys/root.key'), away);
    saved = await save();
    await rotate(context, { role: 'encryption', now: true, rootKey: away });
    const seen = await bundle(kept.lab.folder);
    await bring();
    await begin();
    const restored = await contextOf(back);
    expect((await status(restored)).lines.join('\n')).toContain('1 clés perdues');
    // The version that agents say they have is what the next one counts on from.
    const beat = { version: '1', at: 1, feeds: [], bundleVersion: seen.version };
    await withBack((store) =>
      store.transaction((tx) => tx.agents.putHeartbeat(agent.id, 1, JSON.stringify(beat))),
    );
    await rotate(restored, { role: 'encryption', now: true, rootKey: away });
    expect((await bundle(back)).version).toBeGreaterThan(seen.version);
  });
});

it('stopped before its end, the next start goes on and writes nothing twice', async () => {
  await revoke(context, { agent: agent.id });
  await rotate(context, { role: 'encryption', now: true });
  await bring();
  const mark = await readFile(join(back, 'restored.json'));
  await begin();
  const lines = ask('select count(*) n from audit');
  const keys = await readFile(join(back, 'keys/region.json'), 'utf8');
  await writeFile(join(back, 'restored.json'), mark);
  await begin();
  expect(ask('select count(*) n from audit')).toEqual(lines);
  expect(await readFile(join(back, 'keys/region.json'), 'utf8')).toBe(keys);
});

it('an agent enrolled after the backup is refused by name of the cause, and comes back under its own id', async () => {
  const late = await kept.lab.addAgent();
  const own = kept.ask(`select fingerprint from certificate where agent = '${late.id}' and use = 'tls'`);
  const fingerprint = typeof own[0]?.['fingerprint'] === 'string' ? own[0]['fingerprint'] : 'f'.repeat(64);
  await bring();
  await begin();
  const code = await withBack((store) =>
    codeOf(
      createIdentify({ store, clock: kept.lab.clock, fingerprintOf: () => fingerprint }).check({} as never),
    ),
  );
  expect(code).toBe('certificate-unknown');
  expect(describeFault(permanent('certificate-unknown'), 'fr').hint).toContain('restaurée d’une sauvegarde');

  const restored = await contextOf(back);
  const again = { agent: late.id, name: 'Agent', facilities: [facility] };
  expect(await codeOf(invite(restored, { agent: late.id, facilities: [] }))).toBe('agent-unknown');
  expect(await codeOf(invite(restored, { ...again, agent: 'x' }))).toBe('agent-unknown');
  const { document } = await invite(restored, again);
  expect(parseEnrolmentCode((document as { code: string }).code).agent).toBe(late.id);
  expect(ask(`select status from agent where id = '${late.id}'`)).toEqual([{ status: 'invited' }]);
});

it('what a list names and the restored region does not know stays in the lists to come', async () => {
  const first = await save();
  const late = await kept.lab.addAgent();
  const second = await save();
  await revoke(context, { agent: late.id });
  const { folder, store, clock, sign } = kept.lab;
  const other = '750000002';
  // Registered since, so that the first backup does not know whose visit that was.
  await store.transaction(async (tx) => {
    await tx.facilities.put({ finess: other, name: 'Other', key: Buffer.alloc(32, 1), addedAt: clock.now() });
    const of = { facility: other, feed: 'ed-visits' };
    await tx.erasure.putErasedVisit(of, { key: Buffer.alloc(16, 7), visit: null }, 'd1');
  });
  await publishWithdrawals({ folder, backupFolder: backups, store, clock, sign }, { anew: true });
  await bring(first);
  await begin();
  const restored = await contextOf(back);
  clock.advance(3_600_000);
  await revoke(restored, { agent: agent.id });
  const text = await readFile(list(), 'utf8');
  const said = await readWithdrawals(text, { root: kept.lab.region.rootDigest, path: '' });
  expect(said.agents).toEqual(expect.arrayContaining([agent.id, late.id]));
  expect(said.certificates.length).toBeGreaterThanOrEqual(4);
  expect(said.visits).toEqual([
    { facility: other, feed: 'ed-visits', key: '07'.repeat(16), visit: null, deletion: 'd1' },
  ]);
  // Nothing is said twice, and nothing of what the region knows again.
  await tellWithdrawals(restored, { anew: true });
  const again = await readWithdrawals(await readFile(list(), 'utf8'), {
    ...{ root: kept.lab.region.rootDigest, path: '' },
  });
  expect({ ...again, madeAt: 0 }).toEqual({ ...said, madeAt: 0 });
  const brought = { agent: late.id, name: 'Agent', facilities: [facility] };
  await invite(restored, brought);
  await tellWithdrawals(restored, { anew: true });
  const invited = await readFile(list(), 'utf8');
  expect((await readWithdrawals(invited, { root: kept.lab.region.rootDigest, path: '' })).agents).toEqual([
    agent.id,
  ]);

  await rm(back, { recursive: true });
  await writeFile(list(), text);
  await bring(second);
  await begin();
  expect(ask(`select status from agent where id = '${late.id}'`)).toEqual([{ status: 'revoked' }]);
});
