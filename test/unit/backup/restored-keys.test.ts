import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readTrustBundle } from '../../../receiver/auth/trust-bundle-file.ts';
import { destroy, rotate } from '../../../receiver/commands/key.ts';
import { verify } from '../../../receiver/commands/verify.ts';
import { keysOf, type KeyRole } from '../../../receiver/pki/key-ring.ts';
import { loadRegion } from '../../../receiver/pki/region-keys.ts';
import { temporary } from '../keys/lab.ts';
import { openLostRegion, type LostRegion } from './lost-region.ts';

/** Keys that were destroyed after a backup, and that it brings back. */
let lost: LostRegion;

beforeEach(async () => {
  lost = await openLostRegion();
}, 30_000);

const commands = { encryption: 'encryption', receipts: 'receipts', issuing: 'ca' } as const;
const roles = ['encryption', 'receipts', 'issuing'] as const;

async function ringOf(folder: string) {
  return (await loadRegion(join(folder, 'keys'), lost.kept.lab.clock)).keys;
}

const rotateAll = async (rootKey?: string): Promise<void> => {
  for (const role of [...roles.map((each) => commands[each]), 'server'])
    await rotate(lost.context, { role, now: true, ...(rootKey === undefined ? {} : { rootKey }) });
  lost.kept.lab.clock.advance(1000);
};

/** Answers the ids of those that were destroyed. */
async function destroyFirst(rootKey?: string): Promise<readonly string[]> {
  const ring = await ringOf(lost.kept.lab.folder);
  const ids = roles.map((role: KeyRole) => keysOf(ring, role)[0]?.id ?? '');
  for (const id of ids)
    await destroy(lost.context, {
      ...{ id, evenSo: true, reason: 'volée', ...(rootKey === undefined ? {} : { rootKey }) },
    });
  return ids;
}

async function settled(file?: string): Promise<readonly string[]> {
  await lost.bring(file);
  await lost.begin();
  const ended = (await ringOf(lost.back)).filter(({ destroyedAt }) => destroyedAt !== null);
  expect((await verify(await lost.contextOf(lost.back))).exitCode).toBe(0);
  return ended.map(({ id }) => id);
}

it('that another had taken over from are ended again, and the bundle counts on', async () => {
  await rotateAll();
  const file = await lost.save();
  const ids = await destroyFirst();
  const { version } = await readTrustBundle(lost.kept.lab.folder);
  expect(await settled(file)).toEqual(expect.arrayContaining([...ids]));
  expect((await readTrustBundle(lost.back)).version).toBeGreaterThan(version);
});

it('that the backup still uses are replaced, then ended', async () => {
  const server = keysOf(await ringOf(lost.kept.lab.folder), 'server')[0]?.id ?? '';
  await rotateAll();
  const ids = await destroyFirst();
  expect(await settled()).toEqual(expect.arrayContaining([...ids, server]));
  const ring = await ringOf(lost.back);
  for (const role of [...roles, 'server'] as const) expect(keysOf(ring, role)).toHaveLength(1);
  expect(
    lost.ask("select count(*) - count(distinct subject) n from audit where action = 'key.destroy'"),
  ).toEqual([{ n: 0 }]);
});

it('are ended also where the root’s key lies elsewhere', async () => {
  const away = join(await temporary(), 'root.key');
  await rename(join(lost.kept.lab.folder, 'keys/root.key'), away);
  await rotateAll(away);
  const file = await lost.save();
  const ids = await destroyFirst(away);
  expect(await settled(file)).toEqual(expect.arrayContaining([...ids]));
});

it('that nothing can replace without the root’s key serve until a person has', async () => {
  const away = join(await temporary(), 'root.key');
  await rename(join(lost.kept.lab.folder, 'keys/root.key'), away);
  const file = await lost.save();
  await rotateAll(away);
  const [first = ''] = await destroyFirst(away);
  expect(await settled(file)).not.toContain(first);
  const restored = await lost.contextOf(lost.back);
  await rotate(restored, { role: 'encryption', now: true, rootKey: away });
  lost.kept.lab.clock.advance(1000);
  await destroy(restored, { id: first, evenSo: true, reason: 'volée', rootKey: away });
});
