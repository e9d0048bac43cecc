import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPoint } from '../../../shared/runtime/crash-point.ts';
import { syncFolder } from '../../../shared/runtime/durable-file.ts';
import { asFault, Fault, permanent, systemCode, transient } from '../../../shared/runtime/errors.ts';
import type { DeliveryReport, Destination, OutgoingFile, ProbeStep } from '../destination.ts';
import { isSafeName, ofFile, probeName } from './names.ts';

/**
 * A destination that is a folder the agency's transfer software empties. A file shows its final name only once it is
 * whole and on disk; a name already there is never overwritten: same content is a success, other content a fault.
 *
 * Writes of a batch go side by side, renames in order, and one sync of the folder makes the batch durable.
 */
export function createDirectoryDestination(options: {
  readonly name: string;
  readonly directory: string;
}): Destination {
  const { name, directory } = options;
  return {
    name,
    open: async () => {
      try {
        await mkdir(directory, { recursive: true, mode: 0o750 });
      } catch (error) {
        throw describe(error, name);
      }
    },
    deliver: (files, signal) => deliverBatch(files, { name, directory, signal }),
    probe: () => probe(name, directory),
    close: async () => undefined,
  };
}

async function probe(destination: string, directory: string): Promise<readonly ProbeStep[]> {
  const path = join(directory, probeName);
  const steps: ProbeStep[] = [];
  for (const [step, work] of [
    ['connect', () => mkdir(directory, { recursive: true, mode: 0o750 })],
    ['write', () => writeWhole(path, Buffer.from('vaguemestre\n'))],
    ['remove', () => unlink(path)],
  ] as const) {
    try {
      await work();
      steps.push({ step, fault: undefined, found: directory });
    } catch (error) {
      return [...steps, { step, fault: describe(error, destination) }];
    }
  }
  return steps;
}

interface Target {
  readonly name: string;
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** One file prepared: already there, written under its temporary name, or not possible. */
type Prepared =
  | { readonly kind: 'present' }
  | { readonly kind: 'written'; readonly temporary: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

async function deliverBatch(files: readonly OutgoingFile[], target: Target): Promise<DeliveryReport> {
  const prepared = await Promise.all(files.map((file) => prepare(file, target)));
  let delivered = 0;
  let fault: Fault | undefined;
  for (const [index, file] of files.entries()) {
    const state = prepared[index];
    if (state === undefined) break;
    fault = state.kind === 'fault' ? state.fault : await finish(file, state, target);
    if (fault !== undefined) break;
    delivered += 1;
  }
  const left = prepared.slice(delivered).flatMap((each) => (each.kind === 'written' ? [each.temporary] : []));
  await Promise.all(left.map((temporary) => unlink(temporary).catch(() => undefined)));
  const blame = ofFile(fault) ? { blame: 'file' as const } : {};
  if (delivered === 0) return { delivered, fault, ...blame };
  try {
    // Also after a repeat: the names may be there without having been synced before a crash.
    await syncFolder(target.directory);
  } catch (error) {
    return { delivered: 0, fault: describe(error, target.name) };
  }
  crashPoint('after-delivery-rename');
  return { delivered, fault, ...blame };
}

async function prepare(file: OutgoingFile, target: Target): Promise<Prepared> {
  try {
    if (!isSafeName(file.name))
      throw permanent('delivery-name-unsafe', { facts: { destination: target.name } });
    if (target.signal.aborted) throw transient('delivery-stopped');
    if (await isDelivered(file, target)) return { kind: 'present' };
    const temporary = join(target.directory, `.${file.name}.tmp`);
    await writeWhole(temporary, file.content);
    return { kind: 'written', temporary };
  } catch (error) {
    return { kind: 'fault', fault: describe(error, target.name) };
  }
}

async function finish(
  file: OutgoingFile,
  state: Exclude<Prepared, { kind: 'fault' }>,
  target: Target,
): Promise<Fault | undefined> {
  if (state.kind === 'present') return undefined;
  try {
    crashPoint('before-delivery-rename');
    // Looked at once more just before: a rename would overwrite silently.
    if (await isDelivered(file, target)) await unlink(state.temporary);
    else await rename(state.temporary, join(target.directory, file.name));
    return undefined;
  } catch (error) {
    return describe(error, target.name);
  }
}

/** Whether exactly this file is there under its name; throws `delivery-name-taken` when something else is. */
async function isDelivered(file: OutgoingFile, target: Target): Promise<boolean> {
  const path = join(target.directory, file.name);
  const found = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return false;
  if (found.isFile() && found.size === file.content.length) {
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    if (digest === file.digest) return true;
  }
  throw permanent('delivery-name-taken', { facts: { destination: target.name, file: file.name } });
}

/** Always a file of our own making: what lies in its way, a pipe or a link as well, is neither written to nor waited for. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await open(path, flags, 0o640).catch(async (error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
    await unlink(path);
    return open(path, flags, 0o640);
  });
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
  await file.close();
}

function describe(error: unknown, destination: string): Fault {
  if (error instanceof Fault) return error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return transient('delivery-disk-full', { facts: { destination }, cause: error });
  if (code !== undefined)
    return transient('delivery-unavailable', { facts: { destination, reason: code }, cause: error });
  return asFault(error);
}
