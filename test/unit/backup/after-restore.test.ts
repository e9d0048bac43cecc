import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { publishWithdrawals } from '../../../receiver/backup/publish-withdrawals.ts';
import { invite, listAgents, revoke } from '../../../receiver/commands/agent.ts';
import { backup } from '../../../receiver/commands/backup.ts';
import { confirmRestore } from '../../../receiver/commands/confirm-restore.ts';
import { eraseVisit } from '../../../receiver/commands/erase.ts';
import { rotate } from '../../../receiver/commands/key.ts';
import { status } from '../../../receiver/commands/status.ts';
import { verify } from '../../../receiver/commands/verify.ts';
import { createSliceOpener } from '../../../receiver/inbox/open-envelope.ts';
import { openLiveRegion } from '../../../receiver/pki/live-region.ts';
import { erase } from '../../../receiver/retention/erase.ts';
import { findVisits } from '../../../receiver/retention/find-visit.ts';
import { takeServeLock } from '../../../receiver/serve-lock.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import type { Account } from '../../../receiver/store/account-tables.ts';
import { instantOf } from '../../../shared/runtime/paris-time.ts';
import { facility, quiet } from '../receiver/lab.ts';
import { actor, day, visit } from '../retention/kit.ts';
import { codeOf, openLostRegion, type LostRegion } from './lost-region.ts';

/** What the first start of a restored region puts right before it serves. */
let lost: LostRegion;

beforeEach(async () => {
  lost = await openLostRegion();
}, 30_000);

/** When the visit `n` of day `on` arrived, as `erase --arrived` takes it. */
const arrived = (n: number, on: number): string => {
  const [, d = '', m = '', y = '', time = ''] =
    /(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d)/.exec(visit(n, on)) ?? [];
  return `${y}-${m}-${d} ${time}`;
};

const erasure = (n: number, on: number) => ({
  ...{ facility, arrived: arrived(n, on), reason: 'demande', requestedBy: 'DPO', yes: true },
});

it('a visit erased since is erased though its file was on its way at the backup’s instant', async () => {
  const { store, clock } = lost.kept.lab;
  const destination = lost.kept.rig.targets[0]?.name ?? '';
  const [waiting] = await store.read((tx) => tx.dispatches.due(destination, 1));
  const claim = { attempts: 1, nextAttemptAt: clock.now(), changedAt: clock.now(), code: null };
  const turn = (from: 'waiting' | 'sending', state: 'sending' | 'sent') =>
    store.transaction((tx) => tx.dispatches.setDelivery(waiting?.id ?? 0, [from], { ...claim, state }));
  expect(await turn('waiting', 'sending')).toBe(true);
  const file = await lost.save();
  await turn('sending', 'sent');
  await eraseVisit(lost.context, erasure(1, 0));
  await lost.bring(file);
  expect(lost.ask("select count(*) n from dispatch where state = 'sending'")).toEqual([{ n: 1 }]);
  await lost.begin();
  expect(lost.ask('select count(*) n from record')).toEqual([{ n: 1 }]);
  expect(lost.ask("select count(*) n from dispatch where state = 'sending'")).toEqual([{ n: 0 }]);
});

it('sessions, sign-ins and invitations that were open at the backup’s instant are closed', async () => {
  const { store, clock } = lost.kept.lab;
  const account: Account = {
    ...{ id: 'a1', login: 'marie', name: 'Marie', language: 'fr', passwordHash: null, mustChange: false },
    ...{ totpSecret: null, totpPending: null, totpStep: null, failures: 0, lockedUntil: null },
    ...{ disabledAt: null, createdAt: 1, identity: null, fromRoles: false },
    ...{ profile: 'regional-operator', administrator: false, facilities: 'all', destinations: 'all' },
  };
  const times = { createdAt: clock.now(), seenAt: clock.now(), expiresAt: clock.now() + 9e9 };
  const common = { towards: '', language: 'fr', expiresAt: clock.now() + 9e9 } as const;
  await store.transaction(async (tx) => {
    await tx.accounts.add(account);
    const session = { token: randomBytes(32), account: 'a1', csrf: 'c', place: 'p', strong: true };
    await tx.accounts.openSession({ ...session, ...times });
    const half = { token: randomBytes(32), step: 'code', account: 'a1', strong: false } as const;
    await tx.accounts.putSignIn({ ...half, ...common });
    const away = { token: randomBytes(32), step: 'provider', state: 's', nonce: 'n', verifier: 'v' } as const;
    await tx.accounts.putSignIn({ ...away, ...common });
  });
  await invite(lost.context, { name: 'Invité', facilities: [facility] });
  const file = await lost.save();
  await lost.bring(file);
  const open = `select (select count(*) from account_session) as sessions, (select count(*) from sign_in) as signIns,
                       (select count(*) from invitation) as invitations`;
  expect(lost.ask(open)).toEqual([{ sessions: 1, signIns: 2, invitations: 1 }]);
  await lost.begin();
  expect(lost.ask(open)).toEqual([{ sessions: 0, signIns: 0, invitations: 0 }]);
  expect(await codeOf(lost.begin())).toBe('done');
});

it('a region that has not served since its restore neither saves itself nor rewrites the list, but withdraws', async () => {
  await revoke(lost.context, { agent: lost.agent.id });
  await lost.bring();
  const [listed, files] = [await readFile(lost.list(), 'utf8'), readdirSync(lost.backups)];
  const restored = await lost.contextOf(lost.back);
  const options = { config: join(lost.kept.lab.folder, 'receiver.yaml'), to: lost.backups };
  for (const refused of [
    () => backup(restored, options),
    () => invite(restored, { name: 'Neuf', facilities: [facility] }),
    () => listAgents(restored),
    () => rotate(restored, { role: 'encryption', now: true }),
  ])
    expect(await codeOf(refused())).toBe('restore-unsettled');
  const deps = { folder: lost.back, backupFolder: lost.backups, clock: restored.clock };
  const sign = lost.kept.lab.sign;
  expect(
    await codeOf(lost.withBack((store) => publishWithdrawals({ ...deps, store, sign }, { anew: true }))),
  ).toBe('restore-unsettled');
  expect((await verify(restored)).exitCode).toBe(0);
  expect((await status(restored)).lines.join('\n')).toContain('pas encore servie');
  expect((await confirmRestore(restored, {})).exitCode).toBe(1);

  const said = await revoke(restored, { agent: lost.agent.id });
  expect(said.lines).toHaveLength(1);
  const done = await eraseVisit(restored, erasure(1, 0));
  expect(done.document).toMatchObject({ rewritten: true });
  expect(lost.ask(`select status from agent where id = '${lost.agent.id}'`)).toEqual([{ status: 'revoked' }]);
  expect(await readFile(lost.list(), 'utf8')).toBe(listed);
  expect(readdirSync(lost.backups)).toEqual(files);

  await lost.begin();
  expect(await codeOf(backup(restored, options))).toBe('done');
});

it('a restore is not confirmed while its first start is under way', async () => {
  await lost.bring();
  const restored = await lost.contextOf(lost.back);
  const unlock = takeServeLock(stateFolder(lost.back).lock);
  expect(await codeOf(confirmRestore(restored, { yes: true }))).toBe('receiver-already-serving');
  unlock();
  expect(await codeOf(confirmRestore(restored, { yes: true }))).toBe('done');
});

it('an erasure that was stopped after its commit is in the list once it is finished', async () => {
  const { lab, rig } = lost.kept;
  const query = { facility, day: day(0), minutes: [instantOf(day(0), (10 * 60 + 1) * 60_000).at] };
  const [found] = await lab.store.read((tx) => findVisits(tx, query));
  if (found === undefined) throw new Error('no visit');
  const keys = await openLiveRegion({ folder: lab.folder, clock: lab.clock, logger: quiet });
  const request = { facility, reason: 'demande', requestedBy: 'DPO', actor };
  await erase({ ...lost.kept.deps(), targets: rig.targets, open: createSliceOpener(keys) }, found, request);
  const before = await readFile(lost.list(), 'utf8');
  await eraseVisit(lost.context, erasure(1, 0));
  expect(await readFile(lost.list(), 'utf8')).not.toBe(before);
  await lost.bring();
  await lost.begin();
  expect(lost.ask('select count(*) n from record')).toEqual([{ n: 1 }]);
});

const dayMs = 86_400_000;

it('a list of more than seven days ago says too little: a person looks before the region serves', async () => {
  await revoke(lost.context, { agent: lost.agent.id });
  lost.kept.lab.clock.advance(7 * dayMs);
  expect((await lost.bring()).lines.join('\n')).toContain('est connu jusqu’au');
  lost.kept.lab.clock.advance(1000);
  expect(await codeOf(lost.begin())).toBe('restore-list-old');
  const restored = await lost.contextOf(lost.back);
  expect((await status(restored)).lines.join('\n')).toContain('retraits connus jusqu’au 12/01/2025');
  await confirmRestore(restored, { yes: true });
  await lost.begin();
  // What it does say counts.
  expect(lost.ask(`select status from agent where id = '${lost.agent.id}'`)).toEqual([{ status: 'revoked' }]);
});

it('restore says at once that the list is old', async () => {
  lost.kept.lab.clock.advance(8 * dayMs);
  expect((await lost.bring()).lines.join('\n')).toContain('Elle ne servira qu’après « confirm-restore »');
});

it('the list is signed anew once a day though nothing has changed', async () => {
  const { folder, store, clock, sign } = lost.kept.lab;
  const publish = () =>
    publishWithdrawals({ folder, backupFolder: lost.backups, store, clock, sign }, { anew: false });
  const account: Account = {
    ...{ id: 'a1', login: 'marie', name: 'Marie', language: 'fr', passwordHash: null, mustChange: false },
    ...{ totpSecret: null, totpPending: null, totpStep: null, failures: 0, lockedUntil: null },
    ...{ disabledAt: null, createdAt: 1, identity: null, fromRoles: false },
    ...{ profile: 'agency', administrator: false, facilities: [facility], destinations: 'all' },
  };
  await store.transaction((tx) => tx.accounts.add(account));
  await eraseVisit(lost.context, erasure(1, 0));
  const first = await readFile(lost.list(), 'utf8');
  clock.advance(dayMs - 3_600_000);
  await publish();
  expect(await readFile(lost.list(), 'utf8')).toBe(first);
  clock.advance(3_600_000);
  await publish();
  expect(await readFile(lost.list(), 'utf8')).not.toBe(first);
});
