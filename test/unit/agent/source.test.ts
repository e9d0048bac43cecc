import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimFile } from '../../../agent/source/claim.ts';
import { createShelf } from '../../../agent/source/quarantine.ts';
import { createScanner, sameStamp, type FileStamp, type FoundFile } from '../../../agent/source/scan.ts';
import { createSettler } from '../../../agent/source/settle.ts';
import { shownName } from '../../../agent/source/file-name.ts';
import { fakeClock, temporaryFolder } from './support.ts';
import { systemTool } from '../../support/system-tool.ts';

function scannerOf(folder: string, seen = new Map<string, FileStamp>(), clock = fakeClock(Date.now())) {
  return createScanner({
    folder,
    clock,
    fullEveryMs: 300_000,
    isSeen: (name, stamp) => {
      const known = seen.get(name.toString('latin1'));
      return known !== undefined && sameStamp(known, stamp);
    },
  });
}

const namesOf = (files: readonly FoundFile[]): string[] => files.map((file) => shownName(file.name));

function setAge(path: string, secondsAgo: number): void {
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(path, at, at);
}

describe('scanning', () => {
  it('passes over links, folders, devices, pipes, markers and temporary names', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'good.xml'), 'x');
    symlinkSync(join(folder, 'good.xml'), join(folder, 'link.xml'));
    symlinkSync('/dev/null', join(folder, 'null.xml'));
    mkdirSync(join(folder, 'folder.xml'));
    execFileSync(systemTool('mkfifo'), [join(folder, 'pipe.xml')]);
    for (const name of ['a.tmp', 'b.part', 'c.FILEPART', 'd.xml~', 'good.ok'])
      writeFileSync(join(folder, name), 'x');
    expect(namesOf((await scannerOf(folder).scan('oldest', 100)).files)).toEqual(['good.xml']);
  });

  it('gives the oldest first, or the order of the bytes of names', async () => {
    const folder = temporaryFolder();
    for (const [name, age] of [
      ['b.xml', 10],
      ['a.xml', 30],
      ['É.xml', 20],
      ['Z.xml', 40],
    ] as const) {
      writeFileSync(join(folder, name), 'x');
      setAge(join(folder, name), age);
    }
    expect(namesOf((await scannerOf(folder).scan('oldest', 100)).files)).toEqual([
      'Z.xml',
      'a.xml',
      'É.xml',
      'b.xml',
    ]);
    expect(namesOf((await scannerOf(folder).scan('name', 100)).files)).toEqual([
      'Z.xml',
      'a.xml',
      'b.xml',
      'É.xml',
    ]);
  });

  it('is bounded: gives the oldest of 20,000 files and says that there are more', async () => {
    const folder = temporaryFolder();
    for (let n = 0; n < 20_000; n += 1) writeFileSync(join(folder, `f${String(n).padStart(5, '0')}`), '');
    setAge(join(folder, 'f19999'), 500);
    setAge(join(folder, 'f12345'), 400);
    const listing = await scannerOf(folder).scan('oldest', 100);
    expect(listing.files).toHaveLength(100);
    expect(listing.more).toBe(true);
    expect(namesOf(listing.files).slice(0, 2)).toEqual(['f19999', 'f12345']);
  });

  it('gives a seen file again only when its size, date or inode has changed', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.xml');
    writeFileSync(path, 'one');
    const seen = new Map<string, FileStamp>();
    const [file] = (await scannerOf(folder, seen).scan('oldest', 10)).files;
    if (file === undefined) throw new Error('not found');
    seen.set('a.xml', file);
    expect((await scannerOf(folder, seen).scan('oldest', 10)).files).toEqual([]);
    writeFileSync(`${path}.tmp`, 'two');
    renameSync(`${path}.tmp`, path);
    expect(namesOf((await scannerOf(folder, seen).scan('oldest', 10)).files)).toEqual(['a.xml']);
  });

  it('does not list a quiet folder again until its full listing is due, and then sees a file rewritten in place', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.xml');
    writeFileSync(path, 'one');
    setAge(folder, 60);
    let asked = 0;
    const clock = fakeClock(Date.now());
    const known = new Set(['3']);
    const scanner = createScanner({
      folder,
      clock,
      fullEveryMs: 300_000,
      isSeen: (_name, stamp) => {
        asked += 1;
        return known.has(String(stamp.size));
      },
    });
    await scanner.scan('oldest', 10);
    await scanner.scan('oldest', 10);
    expect(asked).toBe(1);
    writeFileSync(path, 'longer');
    expect((await scanner.scan('oldest', 10)).files).toEqual([]);
    clock.pass(300_001);
    expect(namesOf((await scanner.scan('oldest', 10)).files)).toEqual(['a.xml']);
  });

  it('lists a folder that takes long to list less often, and still sees at once what comes', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'x');
    setAge(folder, 60);
    const clock = fakeClock(Date.now());
    let listings = 0;
    const scanner = createScanner({
      folder,
      clock,
      fullEveryMs: 300_000,
      isSeen: (name) => {
        if (shownName(name) === 'b.xml') return false;
        listings += 1;
        clock.pass(10_000);
        return true;
      },
    });
    await scanner.scan('oldest', 10);
    clock.pass(2_400_000);
    await scanner.scan('oldest', 10);
    expect(listings).toBe(1);
    clock.pass(100_001);
    await scanner.scan('oldest', 10);
    expect(listings).toBe(2);
    writeFileSync(join(folder, 'b.xml'), 'x');
    expect(namesOf((await scanner.scan('oldest', 10)).files)).toEqual(['b.xml']);
  });

  it('sees a file added to a quiet folder at the next scan', async () => {
    const folder = temporaryFolder();
    setAge(folder, 60);
    const scanner = scannerOf(folder);
    expect((await scanner.scan('oldest', 10)).files).toEqual([]);
    writeFileSync(join(folder, 'new.xml'), 'x');
    expect(namesOf((await scanner.scan('oldest', 10)).files)).toEqual(['new.xml']);
  });

  it('says when the folder is gone and goes on when it is back', async () => {
    const folder = join(temporaryFolder(), 'share');
    const scanner = scannerOf(folder);
    await expect(scanner.scan('oldest', 10)).rejects.toMatchObject({
      code: 'source-unreachable',
      class: 'transient',
    });
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.xml'), 'x');
    expect(namesOf((await scanner.scan('oldest', 10)).files)).toEqual(['a.xml']);
  });
});

describe('settling', () => {
  const found = (name: string, change: Partial<FoundFile> = {}): FoundFile => ({
    ...{ name: Buffer.from(name), path: Buffer.from(`/x/${name}`), size: 1, mtime: 1, inode: '1' },
    ...change,
  });

  it('stable: needs two looks, far enough apart, without a change', async () => {
    const clock = fakeClock();
    const settler = createSettler({ mode: 'stable', seconds: 10, folder: '/x', clock });
    expect(await settler.settle([found('a')])).toEqual({ ready: [], againInMs: 10_000 });
    clock.pass(9_000);
    expect(await settler.settle([found('a')])).toEqual({ ready: [], againInMs: 1_000 });
    clock.pass(1_000);
    expect((await settler.settle([found('a')])).ready).toHaveLength(1);
  });

  it('stable: a file that grows starts over', async () => {
    const clock = fakeClock();
    const settler = createSettler({ mode: 'stable', seconds: 10, folder: '/x', clock });
    await settler.settle([found('a')]);
    clock.pass(10_000);
    expect((await settler.settle([found('a', { size: 2 })])).ready).toEqual([]);
    clock.pass(9_999);
    expect((await settler.settle([found('a', { size: 2 })])).ready).toEqual([]);
    clock.pass(1);
    expect((await settler.settle([found('a', { size: 2 })])).ready).toHaveLength(1);
  });

  it('stable: even with no delay, one look is not enough', async () => {
    const clock = fakeClock();
    const settler = createSettler({ mode: 'stable', seconds: 0, folder: '/x', clock });
    expect((await settler.settle([found('a')])).ready).toEqual([]);
    clock.pass(1);
    expect((await settler.settle([found('a')])).ready).toHaveLength(1);
  });

  it.each(['a.xml.ok', 'a.ok'])('marker: waits for %s', async (marker) => {
    const folder = temporaryFolder();
    const settler = createSettler({ mode: 'marker', seconds: 0, folder, clock: fakeClock() });
    expect((await settler.settle([found('a.xml')])).ready).toEqual([]);
    writeFileSync(join(folder, marker), '');
    expect((await settler.settle([found('a.xml')])).ready).toHaveLength(1);
  });
});

async function only(folder: string): Promise<FoundFile> {
  const [file] = (await scannerOf(folder).scan('oldest', 10)).files;
  if (file === undefined) throw new Error('no file');
  return file;
}

async function read(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
}

describe('claiming', () => {
  it.each([3, 9_000_000])(
    'gives the bytes of a file of %i bytes as often as asked, and their digest',
    async (size) => {
      const folder = temporaryFolder();
      const content = Buffer.alloc(size, 'abcdefg');
      writeFileSync(join(folder, 'a.xml'), content);
      const claim = await claimFile(await only(folder));
      expect((await read(claim.open())).equals(content)).toBe(true);
      expect((await read(claim.open())).equals(content)).toBe(true);
      const { createHash } = await import('node:crypto');
      expect(await claim.digest()).toBe(createHash('sha256').update(content).digest('hex'));
      expect(await claim.isUnchanged()).toBe(true);
      await claim.close();
    },
  );

  it('computes the digest when nobody read to the end', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), Buffer.alloc(9_000_000, 'x'));
    const claim = await claimFile(await only(folder));
    for await (const chunk of claim.open()) if (chunk.length > 0) break;
    expect(await claim.digest()).toMatch(/^[0-9a-f]{64}$/);
    await claim.close();
  });

  it('refuses a file replaced by a link since the scan', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'x');
    const file = await only(folder);
    renameSync(join(folder, 'a.xml'), join(folder, 'b.xml'));
    symlinkSync('/etc/hostname', join(folder, 'a.xml'));
    await expect(claimFile(file)).rejects.toMatchObject({ code: 'file-changed', class: 'transient' });
  });

  it('refuses a pipe put in the place of the file, without waiting on it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'x');
    const file = await only(folder);
    renameSync(join(folder, 'a.xml'), join(folder, 'b.xml'));
    execFileSync(systemTool('mkfifo'), [join(folder, 'a.xml')]);
    await expect(claimFile(file)).rejects.toMatchObject({ code: 'file-changed' });
  });

  it('notices a file replaced while it is read', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'one');
    const claim = await claimFile(await only(folder));
    expect((await read(claim.open())).toString()).toBe('one');
    writeFileSync(join(folder, 'b.tmp'), 'two');
    renameSync(join(folder, 'b.tmp'), join(folder, 'a.xml'));
    expect(await claim.isUnchanged()).toBe(false);
    await claim.close();
  });

  it('notices a file that grows while it is read', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'one');
    const claim = await claimFile(await only(folder));
    writeFileSync(join(folder, 'a.xml'), 'one and more');
    expect(await claim.isUnchanged()).toBe(false);
    await claim.close();
  });
});

describe('archive and quarantine', () => {
  const shelfOf = (folder: string, archive = join(folder, 'archive')) =>
    createShelf({
      folder,
      archiveFolder: archive,
      quarantineFolder: join(folder, 'quarantine'),
      clock: fakeClock(),
    });

  it.each([
    'with space.xml',
    'quote\'".xml',
    '-rf.xml',
    'été.xml',
    '..%2Fetc.xml',
    'line\nbreak.xml',
    'no-dot',
  ])('moves %j under the day, name and content unchanged', async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), 'content');
    const target = await shelfOf(folder).archive(await only(folder));
    expect(target?.toString()).toBe(join(folder, 'archive/2026/01/21', name));
    expect(readFileSync(join(folder, 'archive/2026/01/21', name), 'utf8')).toBe('content');
    expect(existsSync(join(folder, name))).toBe(false);
  });

  it('moves a name that is no valid UTF-8', async () => {
    const folder = temporaryFolder();
    const name = Buffer.from([0x72, 0xe9, 0x2e, 0x78]);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'content');
    const target = await shelfOf(folder).archive(await only(folder));
    expect(target?.subarray(-4).equals(name)).toBe(true);
    expect(readdirSync(join(folder, 'archive/2026/01/21'), { encoding: 'buffer' })[0]?.equals(name)).toBe(
      true,
    );
  });

  it('never overwrites: a second file of the same name gets a number', async () => {
    const folder = temporaryFolder();
    for (const content of ['one', 'two', 'three']) {
      writeFileSync(join(folder, 'a.xml'), content);
      await shelfOf(folder).archive(await only(folder));
    }
    const at = join(folder, 'archive/2026/01/21');
    expect(readdirSync(at).sort()).toEqual(['a.1.xml', 'a.2.xml', 'a.xml']);
    expect(readFileSync(join(at, 'a.1.xml'), 'utf8')).toBe('two');
  });

  it('leaves a file alone that is no longer the one that was read', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'one');
    const file = await only(folder);
    writeFileSync(join(folder, 'b.tmp'), 'newer');
    renameSync(join(folder, 'b.tmp'), join(folder, 'a.xml'));
    expect(await shelfOf(folder).archive(file)).toBeUndefined();
    expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toBe('newer');
  });

  it('takes its marker along', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'one');
    writeFileSync(join(folder, 'a.ok'), '');
    await shelfOf(folder).archive(await only(folder));
    expect(readdirSync(join(folder, 'archive/2026/01/21')).sort()).toEqual(['a.ok', 'a.xml']);
  });

  it('puts a readable reason beside a rejected file: code, both languages, position, no content', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'DUPONT');
    await shelfOf(folder).quarantine(await only(folder), {
      export: 'e1',
      digest: 'd1',
      code: 'export-cut',
      facts: { line: 3 },
    });
    const text = readFileSync(join(folder, 'quarantine/a.xml.error.json'), 'utf8');
    const reason = JSON.parse(text) as Record<string, unknown>;
    expect(reason).toMatchObject({ file: 'a.xml', export: 'e1', code: 'export-cut', position: { line: 3 } });
    expect(reason['message']).toHaveProperty('fr');
    expect(reason['hint']).toHaveProperty('en');
    expect(text).not.toContain('DUPONT');
    expect(readFileSync(join(folder, 'quarantine/a.xml'), 'utf8')).toBe('DUPONT');
  });

  it.skipIf(!existsSync('/dev/shm'))('copies across file systems, then removes', async () => {
    const folder = temporaryFolder();
    const other = join('/dev/shm', `agent-${process.pid}`);
    writeFileSync(join(folder, 'a.xml'), 'one');
    try {
      await shelfOf(folder, other).archive(await only(folder));
      expect(readFileSync(join(other, '2026/01/21/a.xml'), 'utf8')).toBe('one');
      expect(readdirSync(join(other, '2026/01/21'))).toEqual(['a.xml']);
      expect(existsSync(join(folder, 'a.xml'))).toBe(false);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('says which folder it cannot write to', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.xml'), 'one');
    writeFileSync(join(folder, 'archive'), 'a file where a folder should be');
    await expect(shelfOf(folder).archive({ ...(await onlyNamed(folder, 'a.xml')) })).rejects.toMatchObject({
      code: 'file-not-moved',
      class: 'transient',
    });
    expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toBe('one');
  });
});

async function onlyNamed(folder: string, name: string): Promise<FoundFile> {
  const file = (await scannerOf(folder).scan('oldest', 10)).files.find((one) => shownName(one.name) === name);
  if (file === undefined) throw new Error('no file');
  return file;
}
