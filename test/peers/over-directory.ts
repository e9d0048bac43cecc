import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallDisk } from '../fault/small-disk.ts';
import type { Agency, FaultName, Inflicted } from './agency.ts';

/** A folder that an agency's transfer software empties. */
export async function overDirectory(): Promise<Agency> {
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-folder-'));
  const folder = join(base, 'in');
  mkdirSync(folder);
  const leftOut = new Map<FaultName, string>();
  return {
    ...inFolder(folder),
    transport: () => ({ kind: 'directory', folder }),
    leftOut,
    faults: {
      'refused-connection': async () => {
        // The share is not mounted: something else stands where it was.
        rmSync(folder, { recursive: true, force: true });
        writeFileSync(folder, 'not mounted');
        return {
          ...{ shows: 'waits', codes: ['delivery-unavailable'] },
          lift: async () => {
            unlinkSync(folder);
            mkdirSync(folder);
          },
        };
      },
      'disk-full': () => fullDisk(folder, leftOut, async () => undefined),
    },
    close: async () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Reading a folder as its owner does: names that start with a dot are nobody's files yet. */
export function inFolder(folder: string): Pick<Agency, 'holds' | 'leftovers' | 'plant' | 'remove' | 'clear'> {
  const all = (): string[] => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  };
  return {
    holds: async () =>
      new Map(
        all()
          .filter((name) => !name.startsWith('.'))
          .map((name) => [name, readFileSync(join(folder, name))]),
      ),
    leftovers: async () => all().filter((name) => name.startsWith('.')),
    plant: async (name, content) => writeFileSync(join(folder, name), content),
    remove: async (name) => unlinkSync(join(folder, name)),
    clear: async () => {
      for (const name of all()) rmSync(join(folder, name), { recursive: true });
    },
  };
}

/** Thrown by a fault that this machine does not allow. */
export class NotHere extends Error {}

/** A real small file system with room for half of the large file; `prepared` once it is mounted. */
export async function fullDisk(
  folder: string,
  leftOut: Map<FaultName, string>,
  prepared: () => Promise<void>,
): Promise<Inflicted> {
  const disk = smallDisk(folder, 16 * 1024 * 1024);
  if (!disk.real) {
    leftOut.set('disk-full', 'no file system may be mounted here');
    throw new NotHere('no file system may be mounted here');
  }
  await prepared();
  disk.fill(1024 * 1024, process.pid);
  return {
    ...{ shows: 'waits', codes: ['delivery-disk-full'] },
    lift: async () => disk.makeRoom(process.pid),
    undo: async () => disk.release(),
  };
}
