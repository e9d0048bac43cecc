import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAccount,
  disable,
  listAccounts,
  resetAccountPassword,
} from '../../../receiver/commands/account.ts';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { isPassword } from '../../../receiver/accounts/passwords.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

let folder: string;
let store: Store;
let context: CommandContext;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-account-'));
  const config = parseConfig(
    JSON.stringify({ state: folder, region: 'R', portal: {} }),
    join(folder, 'r.yaml'),
  );
  store = openSqliteStore(join(folder, 'receiver.db'));
  const logger = createLogger({ name: 'test', level: 'silent' });
  context = { config, language: 'fr', clock: systemClock, random: systemRandom, logger };
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const claire = { login: 'Claire@ORU.example', name: 'Claire Lormeau', profile: 'regional-operator' };

describe('the command about accounts', () => {
  it('prints a one-time password once, and lists neither it nor its hash', async () => {
    const { document, lines } = await addAccount(context, { ...claire, administrator: true });
    const { password, id } = document as { password: string; id: string };
    expect(lines.at(-1)).toBe(password);
    const kept = await store.read((tx) => tx.accounts.get(id));
    expect(kept).toMatchObject({ login: 'claire@oru.example', mustChange: true, administrator: true });
    expect(await isPassword(kept?.passwordHash, password)).toBe(true);
    const listed = await listAccounts(context);
    expect(JSON.stringify(listed)).toContain('claire@oru.example');
    expect(JSON.stringify(listed)).not.toMatch(new RegExp(`argon2|${password}|totp`));
  });

  it('refuses what an account cannot be', async () => {
    const cases = [
      [claire, 'account-login-taken'],
      [{ ...claire, login: 'à b' }, 'account-login-invalid'],
      [{ ...claire, login: 'new', name: ' ' }, 'account-name-missing'],
      [{ ...claire, login: 'new', profile: 'chief' }, 'account-profile-unknown'],
      [{ ...claire, login: 'new', profile: 'hospital-admin' }, 'account-facilities-missing'],
      [{ ...claire, login: 'new', profile: 'hospital-admin', facilities: '123' }, 'facility-finess-invalid'],
      [{ ...claire, login: 'new', profile: 'agency' }, 'account-destinations-missing'],
      [{ ...claire, login: 'new', profile: 'agency', destinations: 'nowhere' }, 'destination-unknown'],
      [{ ...claire, login: 'new', profile: 'auditor', facilities: '750100042' }, 'account-scope-refused'],
      [{ ...claire, login: 'new', profile: 'auditor', administrator: true }, 'account-administrator-refused'],
    ] as const;
    for (const [options, code] of cases)
      await expect(addAccount(context, options)).rejects.toMatchObject({ code });
    await expect(disable(context, { login: 'nobody' })).rejects.toMatchObject({ code: 'account-unknown' });
  });

  it('disables an account, and gives another password', async () => {
    await disable(context, { login: 'claire@oru.example', reason: 'départ' });
    expect((await listAccounts(context)).lines[0]).toContain('désactivé');
    const { document } = await resetAccountPassword(context, { login: 'CLAIRE@oru.example' });
    const { id, password } = document as { id: string; password: string };
    const kept = await store.read((tx) => tx.accounts.get(id));
    expect(kept?.disabledAt).not.toBeNull();
    expect(await isPassword(kept?.passwordHash, password)).toBe(true);
  });
});
