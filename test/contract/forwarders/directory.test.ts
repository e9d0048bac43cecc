import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createDirectoryDestination } from '../../../receiver/forward/transports/directory.ts';
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
  expect(await destination.deliver([outgoing('a.xml', 'one')], never)).toMatchObject({ delivered: 0 });
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
