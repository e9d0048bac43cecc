import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Destination, OutgoingFile } from '../../../receiver/forward/destination.ts';
import { temporaryName } from '../../../receiver/forward/transports/remote-folder.ts';
import type { CutPlan } from '../../support/peers/cut-proxy.ts';
import { outgoing } from './destination-contract.ts';

/** A real server with a relay before it, seen from both sides. */
export interface RemoteEnd {
  readonly destination: Destination;
  /** Another receiver process at the same server. */
  readonly another: () => Destination;
  /** The folder on the server's disk. */
  readonly folder: string;
  /** As the server's own user would write it there. */
  readonly plant: (name: string, content: Buffer) => Promise<void>;
  readonly planFiles: (plan: CutPlan) => void;
  /** Bytes of files sent to the server so far, sealed. */
  readonly sent: () => number;
  readonly cutAll: () => void;
}

export const never = new AbortController().signal;

/** Bytes that no compression on the way makes fewer, the same in every run. */
export function noise(bytes: number, seed = 'noise'): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes; at += 32) parts.push(createHash('sha256').update(`${seed}${at}`).digest());
  return Buffer.concat(parts).subarray(0, bytes);
}

export function fileOf(name: string, content: Buffer): OutgoingFile {
  return { name, content, digest: createHash('sha256').update(content).digest('hex') };
}

/** What must hold of any folder at the end of a connection. */
export function describeRemote(kind: string, open: () => Promise<RemoteEnd>): void {
  describe(`${kind} as a remote folder`, () => {
    const megabytes = 4 * 1024 * 1024;

    it('goes on after a cut without sending again what had arrived', async () => {
      const { destination, folder, planFiles, sent } = await open();
      const file = fileOf('a.bin', noise(megabytes));
      planFiles({ cutAfter: { toServer: megabytes / 2 } });
      expect(await destination.deliver([file], never)).toMatchObject({
        delivered: 0,
        fault: { code: 'delivery-unavailable' },
      });
      const arrived = readFileSync(join(folder, temporaryName(file))).length;
      expect(arrived).toBeGreaterThan(megabytes / 4);
      planFiles({});
      const before = sent();
      expect(await destination.deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
      expect(sent() - before).toBeLessThan(megabytes - arrived + 128 * 1024);
      expect(readFileSync(join(folder, 'a.bin')).equals(file.content)).toBe(true);
      expect(await readdir(folder)).toEqual(['a.bin']);
    });

    it('ends byte-identical when what a former attempt left is damaged, too long, or of another size', async () => {
      const { destination, folder, plant } = await open();
      const content = noise(200_000);
      const damaged = Buffer.from(content.subarray(0, 100_000));
      damaged.writeUInt8(damaged.readUInt8(50_000) ^ 1, 50_000);
      const cases = [damaged, Buffer.concat([content, content]), Buffer.alloc(0), content];
      for (const [index, left] of cases.entries()) {
        const file = fileOf(`case-${index}.bin`, content);
        await plant(temporaryName(file), left);
        expect(await destination.deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
        expect(readFileSync(join(folder, file.name)).equals(content)).toBe(true);
      }
      expect((await readdir(folder)).length).toBe(cases.length);
    });

    it('removes what an older content of the same name left, and nothing else', async () => {
      const { destination, folder, plant } = await open();
      await plant('.a.xml.0123abcd.tmp', Buffer.from('older'));
      await plant('.b.xml.0123abcd.tmp', Buffer.from('of another'));
      await plant('.a.xml.tmp', Buffer.from('somebody else'));
      await destination.deliver([outgoing('a.xml', 'one')], never);
      expect((await readdir(folder)).sort()).toEqual(['.a.xml.tmp', '.b.xml.0123abcd.tmp', 'a.xml']);
    });

    it('takes a file delivered whole whose answer was lost for delivered, from another process too', async () => {
      const { destination, another, folder } = await open();
      const file = fileOf('a.bin', noise(300_000));
      await destination.deliver([file], never);
      const successor = another();
      expect(await successor.deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
      await successor.close();
      expect(await readdir(folder)).toEqual(['a.bin']);
    });

    it('delivers an empty file and many small ones, in order', async () => {
      const { destination, folder } = await open();
      const files = [
        fileOf('empty.xml', Buffer.alloc(0)),
        ...Array.from({ length: 20 }, (_, index) => outgoing(`n-${index}.xml`, `content ${index}`)),
      ];
      expect(await destination.deliver(files, never)).toEqual({ delivered: 21, fault: undefined });
      expect((await readdir(folder)).length).toBe(21);
      expect(readFileSync(join(folder, 'empty.xml')).length).toBe(0);
    });

    it('stops in the middle of a file when it is told to, and goes on later', async () => {
      const { destination, folder, planFiles } = await open();
      const file = fileOf('a.bin', noise(megabytes));
      planFiles({ stallAfter: { toServer: megabytes / 2 } });
      const stop = new AbortController();
      const report = destination.deliver([file], stop.signal);
      const begun = join(folder, temporaryName(file));
      await until(() => sizeOf(begun) > 0);
      stop.abort();
      expect(await report).toMatchObject({
        delivered: 0,
        fault: { code: 'delivery-stopped', class: 'transient' },
      });
      planFiles({});
      expect(await destination.deliver([file], never)).toEqual({ delivered: 1, fault: undefined });
      expect(readFileSync(join(folder, 'a.bin')).equals(file.content)).toBe(true);
    });

    it('gives a peer up that says nothing any more', async () => {
      const { destination, planFiles } = await open();
      planFiles({ stallAfter: { toServer: megabytes / 2 } });
      expect(await destination.deliver([fileOf('a.bin', noise(megabytes))], never)).toMatchObject({
        delivered: 0,
        fault: { code: 'delivery-unavailable', class: 'transient' },
      });
    });

    it('notices that its kept connection has died, and takes another', async () => {
      const { destination, cutAll } = await open();
      await destination.deliver([outgoing('a.xml', 'one')], never);
      cutAll();
      expect(await destination.deliver([outgoing('b.xml', 'two')], never)).toEqual({
        delivered: 1,
        fault: undefined,
      });
    });

    it('tests the whole chain and leaves nothing behind', async () => {
      const { destination, folder } = await open();
      const steps = await destination.probe(never);
      expect(steps.map(({ step, fault }) => [step, fault?.code])).toEqual([
        ['resolve', undefined],
        ['connect', undefined],
        ['identity', undefined],
        ['login', undefined],
        ['write', undefined],
        ['remove', undefined],
      ]);
      expect(await readdir(folder)).toEqual([]);
    });
  });
}

export async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn += 1) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it does not come true');
}

export function sizeOf(path: string): number {
  try {
    return readFileSync(path).length;
  } catch {
    return 0;
  }
}

export async function contentsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder);
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

export const plantIn =
  (folder: string) =>
  (name: string, content: string | Buffer): Promise<void> =>
    writeFile(join(folder, name), content);
