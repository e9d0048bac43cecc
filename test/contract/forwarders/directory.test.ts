import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createDirectoryDestination } from '../../../receiver/forward/transports/directory.ts';
import { peer } from '../../support/peer.ts';
import { describeDestination, outgoing } from './destination-contract.ts';

const folders: string[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-out-'));
  folders.push(folder);
  return join(folder, 'out');
}

describeDestination('a directory', async () => {
  const directory = await newFolder();
  const destination = createDirectoryDestination({ name: 'agency', directory });
  await destination.open();
  return {
    destination,
    received: async () => {
      const names = await readdir(directory);
      return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
    },
    plant: (name, content) => writeFile(join(directory, name), content),
    cut: () => rename(directory, `${directory}.gone`),
    restore: () => rename(`${directory}.gone`, directory),
  };
});

it('takes what a crash left under a temporary name for nothing', async () => {
  const directory = await newFolder();
  const destination = createDirectoryDestination({ name: 'agency', directory });
  await destination.open();
  await writeFile(join(directory, '.a.xml.tmp'), 'half');
  expect(await destination.deliver([outgoing('a.xml', 'one')], never)).toEqual({
    delivered: 1,
    fault: undefined,
  });
  expect(await readdir(directory)).toEqual(['a.xml']);
});

it('does not write through a link somebody put in its way', async () => {
  const directory = await newFolder();
  const destination = createDirectoryDestination({ name: 'agency', directory });
  await destination.open();
  const outside = join(directory, '..', 'outside');
  await symlink(outside, join(directory, '.a.xml.tmp'));
  await symlink(outside, join(directory, 'b.xml'));
  expect(await destination.deliver([outgoing('a.xml', 'one')], never)).toMatchObject({ delivered: 1 });
  expect((await lstat(join(directory, 'a.xml'))).isFile()).toBe(true);
  expect(await destination.deliver([outgoing('b.xml', 'two')], never)).toMatchObject({
    delivered: 0,
    fault: { code: 'delivery-name-taken' },
  });
  expect(existsSync(outside)).toBe(false);
});

it('does not take a folder of that name for the file', async () => {
  const directory = await newFolder();
  await mkdir(join(directory, 'a.xml'), { recursive: true });
  const destination = createDirectoryDestination({ name: 'agency', directory });
  expect(await destination.deliver([outgoing('a.xml', 'one')], never)).toMatchObject({
    fault: { code: 'delivery-name-taken' },
  });
});

it('waits for nobody at a pipe somebody put in its way, and delivers a file', async () => {
  const mkfifo = peer('mkfifo', 'pipes in the way of a delivery');
  if (mkfifo === undefined) return;
  const directory = await newFolder();
  const destination = createDirectoryDestination({ name: 'agency', directory });
  await destination.open();
  // More than there are threads for files: opened, they would have kept everything waiting.
  const files = Array.from({ length: 8 }, (_, index) => outgoing(`${index}.xml`, 'whole'));
  execFileSync(mkfifo, [
    ...files.map(({ name }) => join(directory, `.${name}.tmp`)),
    join(directory, 'x.xml'),
  ]);
  expect(await destination.deliver(files, never)).toEqual({ delivered: 8, fault: undefined });
  expect(readFileSync(join(directory, '7.xml'), 'utf8')).toBe('whole');
  expect(await destination.deliver([outgoing('x.xml', 'one')], never)).toMatchObject({
    ...{ delivered: 0, fault: { code: 'delivery-name-taken' } },
  });
});
