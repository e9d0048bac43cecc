import { chmodSync, chownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { filesOf, makeLab, makeUpdate, update } from './lab.ts';

const service = 64_123;

function asRoot({ skip }: TestContext): void {
  if (process.getuid?.() === 0) return;
  if (process.env['REQUIRE_PEERS'] === '1') throw new Error('REQUIRE_PEERS=1, and not run as root');
  process.stderr.write('NOT TRIED: not root, so under which account an update is tried\n');
  skip();
}

/** Root's home and updates; the service's state. */
async function labOfTwo() {
  const lab = await makeLab();
  chmodSync(lab.root, 0o755);
  chownSync(lab.state, service, service);
  for (const name of readdirSync(lab.state)) chownSync(join(lab.state, name), service, service);
  return lab;
}

it('the new code is tried under the service’s account, never as root, and the state stays the service’s', async (test) => {
  asRoot(test);
  const lab = await labOfTwo();
  const umask = process.umask(0o077);
  const answer = await update(lab, {
    file: makeUpdate(lab, '0.2.0', { files: filesOf('0.2.0', { uid: service }) }),
    ...{ yes: true, wait: false },
  });
  process.umask(umask);
  expect(answer).toMatchObject({ end: 0 });
  const owners = readdirSync(lab.state, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'trial.json')
    .map((name) => [name, lstatSync(join(lab.state, name)).uid]);
  expect(owners).toContainEqual(['agent.db', service]);
  expect(owners.filter(([, uid]) => uid !== service)).toEqual([]);
});

it('what root lays is read by everybody and written by root alone, whatever root’s umask', async (test) => {
  asRoot(test);
  const lab = await labOfTwo();
  const umask = process.umask(0o077);
  expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true, wait: false })).end).toBe(0);
  process.umask(umask);
  const laid = readdirSync(lab.releases, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('update.lock'),
  );
  expect(laid.length).toBeGreaterThan(4);
  for (const entry of laid) {
    const { uid, mode } = lstatSync(join(entry.parentPath, entry.name));
    expect({ name: entry.name, uid, mode: mode & 0o777 }).toEqual({
      name: entry.name,
      uid: 0,
      mode: entry.isDirectory() ? 0o755 : 0o644,
    });
  }
});

it('a trial under the running service leaves the service’s journal files as they are', async (test) => {
  asRoot(test);
  const lab = await labOfTwo();
  const running = openAgentDatabase(lab.database);
  running.run(`insert into meta values ('a', 'b')`);
  expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), stage: true })).end).toBe(0);
  for (const name of ['agent.db', 'agent.db-wal', 'agent.db-shm'])
    expect([name, lstatSync(join(lab.state, name)).uid]).toEqual([name, service]);
  expect(running.get(`select value from meta where key = 'a'`)).toEqual({ value: 'b' });
  running.close();
});
