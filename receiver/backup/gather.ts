import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { spkiDigest } from '../../shared/envelope/keys.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import type { StateFolder } from '../state-folder.ts';
import type { Archivable } from './archive.ts';

/**
 * What a lost region needs beside its database: its keys and certificates, its trust bundle, its settings, and the files that
 * these name (passwords, keys of destinations, tables). Never the recovery key, wherever it lies: whoever finds a backup
 * and the key in it has everything.
 */
export interface Gathered {
  readonly files: readonly Archivable[];
  /** Paths named in the settings that could not be read, or are too large to be settings. */
  readonly leftOut: readonly string[];
}

const maxFileBytes = 16 * 1024 * 1024;

export async function gather({
  state,
  bundle,
  settingsFile,
  settings,
  recovery,
}: {
  readonly state: StateFolder;
  /** The trust bundle in force (JWS). */
  readonly bundle: string;
  /** The configuration file, and what it says. */
  readonly settingsFile: string;
  readonly settings: unknown;
  /** The recovery key's public half. */
  readonly recovery: KeyObject;
}): Promise<Gathered> {
  const isRecoveryKey = recogniser(recovery);
  const files: Archivable[] = (await readKeys(state.keys)).filter(({ content }) => !isRecoveryKey(content));
  const leftOut: string[] = [];
  for (const path of [settingsFile, ...new Set(filesNamedIn(settings))]) {
    const content = await readSmall(path);
    if (content === undefined || isRecoveryKey(content)) leftOut.push(path);
    else files.push({ name: `settings/${insideName(path)}`, content });
  }
  // Last, as `init` writes it: with it, a region may serve.
  files.push({ name: 'trust-bundle.jws', content: Buffer.from(bundle, 'utf8') });
  return { files, leftOut };
}

interface KeyFile {
  readonly name: string;
  readonly content: Buffer;
}

/**
 * All of one moment: `region.json`, which names the keys, is written after each change of them and before any goes. If it
 * changed while they were read, they are read again.
 */
async function readKeys(folder: string): Promise<readonly KeyFile[]> {
  const about = join(folder, 'region.json');
  for (let tries = 1; tries <= 10; tries += 1) {
    try {
      const before = await readFile(about);
      const found = await readdir(folder, { withFileTypes: true });
      const files: KeyFile[] = [];
      for (const { name } of found.filter((entry) => entry.isFile()).sort(byName))
        files.push({ name: `keys/${name}`, content: await readFile(join(folder, name)) });
      if (before.equals(await readFile(about))) return files;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    await setTimeout(100);
  }
  throw permanent('backup-keys-changing', { facts: { folder } });
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

/** Keys of settings that end in `File` hold paths. */
function filesNamedIn(settings: unknown): readonly string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? (key.endsWith('File') ? [value] : []) : filesNamedIn(value),
  );
}

async function readSmall(path: string): Promise<Buffer | undefined> {
  try {
    return (await stat(path)).size > maxFileBytes ? undefined : await readFile(path);
  } catch {
    return undefined;
  }
}

/** /etc/vaguemestre/receiver.yaml → etc/vaguemestre/receiver.yaml */
function insideName(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^([A-Za-z]):/, '$1')
    .replace(/^\/+/, '');
}

function recogniser(recovery: KeyObject): (content: Buffer) => boolean {
  const digest = spkiDigest(recovery);
  return (content) => {
    if (!content.includes('PRIVATE KEY')) return false;
    try {
      return spkiDigest(createPublicKey(createPrivateKey(content))) === digest;
    } catch {
      return false;
    }
  };
}
