import { randomBytes } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { invite } from '../../../receiver/commands/agent.ts';
import { eraseVisit } from '../../../receiver/commands/erase.ts';
import type { Account } from '../../../receiver/store/account-tables.ts';
import { facility } from '../receiver/lab.ts';
import { visit } from '../retention/kit.ts';
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

const erased = (n: number, on: number) =>
  eraseVisit(lost.context, {
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
  await erased(1, 0);
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
