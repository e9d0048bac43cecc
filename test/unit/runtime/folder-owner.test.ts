import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { takeStateLock } from '../../../agent/health/state-lock.ts';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { openVault } from '../../../agent/assembly/vault.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { writeDurably } from '../../../shared/runtime/durable-file.ts';
import { makeFolder } from '../../../shared/runtime/folder-owner.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { temporaryFolder } from '../agent/support.ts';

const service = { uid: 64_123, gid: 64_124 };

/** A folder of another account, as the service's state is. */
function itsFolder({ skip }: TestContext): string {
  if (process.getuid?.() !== 0) {
    if (process.env['REQUIRE_PEERS'] === '1') throw new Error('REQUIRE_PEERS=1, and not run as root');
    process.stderr.write('NOT TRIED: not root, so whose the files written by root are\n');
    skip();
  }
  const folder = join(temporaryFolder(), 'state');
  mkdirSync(folder);
  chownSync(folder, service.uid, service.gid);
  return folder;
}

const ownerOf = (path: string) => {
  const { uid, gid } = lstatSync(path);
  return { uid, gid };
};

it('what root writes in the state of a service belongs to the service: folders, files, databases', async (test) => {
  const state = itsFolder(test);
  const unlock = takeStateLock(state, systemClock);
  const database = openAgentDatabase(join(state, 'agent.db'));
  database.run(`insert into meta values ('a', 'b')`);
  await openVault(state, systemRandom);
  makeFolder(join(state, 'one', 'two'), 0o700);
  await writeDurably(join(state, 'one', 'two', 'file'), 'content');
  const written = readdirSync(state, { recursive: true, encoding: 'utf8' }).sort();
  expect(written).toEqual(
    expect.arrayContaining([
      'agent.db',
      'agent.db-wal',
      'agent.lock',
      'agent.lock.json',
      'identity/local.key',
      'one/two/file',
    ]),
  );
  for (const path of written) expect({ path, ...ownerOf(join(state, path)) }).toEqual({ path, ...service });
  database.close();
  unlock();
});

it('a link that lies in wait under a temporary name leads nowhere', async (test) => {
  const state = itsFolder(test);
  const precious = join(temporaryFolder(), 'precious');
  writeFileSync(precious, 'precious');
  symlinkSync(precious, join(state, 'grant.json.tmp'));
  symlinkSync(precious, join(state, 'agent.lock.json'));
  await writeDurably(join(state, 'grant.json'), '{}');
  takeStateLock(state, systemClock)();
  expect(readFileSync(precious, 'utf8')).toBe('precious');
  expect(ownerOf(precious).uid).toBe(0);
  expect(readFileSync(join(state, 'grant.json'), 'utf8')).toBe('{}');
  expect(lstatSync(join(state, 'agent.lock.json')).isFile()).toBe(true);
});

it('folders that are missing are made, one that is there stays as it is', () => {
  const folder = temporaryFolder();
  makeFolder(join(folder, 'a', 'b'), 0o700);
  makeFolder(join(folder, 'a', 'b'), 0o755);
  expect(existsSync(join(folder, 'a', 'b'))).toBe(true);
  if (process.platform !== 'win32') expect(lstatSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
});
