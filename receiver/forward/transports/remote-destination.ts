import { crashPoint } from '../../../shared/runtime/crash-point.ts';
import { asFault, Fault, permanent, transient } from '../../../shared/runtime/errors.ts';
import type { DeliveryReport, Destination, OutgoingFile, ProbeStep } from '../destination.ts';
import { isSafeName, ofFile, probeName } from './names.ts';
import { createRemoteLink } from './remote-link.ts';
import {
  connectSteps,
  digestOf,
  madeFor,
  temporaryName,
  type ConnectStep,
  type RemoteFolder,
  type RemoteOpener,
} from './remote-folder.ts';
import { unavailable } from './remote-wait.ts';

/**
 * A folder at the agency's, whatever protocol leads to it. A file is written under a hidden name made of its own digest,
 * resumed where a former attempt was cut, and renamed once it is whole; a name already there is never overwritten.
 *
 * What a former attempt left is read back before it is continued: a server that lost power, or another program, may have
 * damaged it, and neither SFTP version 3 nor FTP has a digest to ask for. It costs the bytes once more, in the other
 * direction, and only after a cut; the bytes are never sent again.
 *
 * Delivered means: seen under its final name with its size after the rename was answered. A server that takes files away at
 * once cannot be told from one that loses them: that is the fault `delivery-vanished`, unless `readBack` is false.
 */
export function createRemoteDestination(options: {
  readonly name: string;
  readonly opener: RemoteOpener;
  /** False: what the server says of the rename is enough. */
  readonly readBack?: boolean;
  /** How long a connection is kept without use. */
  readonly idleMs?: number;
}): Destination {
  const { name, opener, readBack = true } = options;
  const link = createRemoteLink(opener, options.idleMs);
  const tidy = createTidy();
  return {
    name,
    open: () => link.check(),
    deliver: async (files, signal) => {
      if (signal.aborted) return { delivered: 0, fault: transient('delivery-stopped') };
      try {
        return await link.use(signal, (folder) =>
          deliverBatch(files, { destination: name, folder, signal, tidy, readBack }),
        );
      } catch (error) {
        return { delivered: 0, fault: asFault(error) };
      }
    },
    probe: (signal) => probe(name, opener, signal),
    close: async () => link.close(),
  };
}

interface Target {
  readonly destination: string;
  readonly folder: RemoteFolder;
  readonly signal: AbortSignal;
  readonly tidy: Tidy;
  readonly readBack: boolean;
}

type Prepared = 'present' | 'written' | Fault;

/** Uploads side by side as far as the connection allows, renames in order. */
async function deliverBatch(files: readonly OutgoingFile[], target: Target): Promise<DeliveryReport> {
  const started: Promise<Prepared>[] = [];
  const startUpTo = (count: number): void => {
    for (const file of files.slice(started.length, count)) started.push(prepare(file, target));
  };
  for (const [index, file] of files.entries()) {
    startUpTo(index + target.folder.lanes);
    const prepared = await started[index];
    const fault = prepared === 'present' ? undefined : await finish(file, prepared, target);
    if (fault === undefined) continue;
    // What is on its way ends before the connection is used again; the next attempt finds it under its hidden name.
    const ahead = await Promise.all(started);
    if (!ofFile(fault)) return { delivered: index, fault };
    // A file set aside leaves nothing, and those behind it may wait for a person for long.
    const left = files.filter((_, other) => other >= index && ahead[other] === 'written');
    for (const each of left) await target.folder.remove(temporaryName(each)).catch(() => undefined);
    return { delivered: index, fault, blame: 'file' };
  }
  return { delivered: files.length, fault: undefined };
}

async function prepare(file: OutgoingFile, target: Target): Promise<Prepared> {
  const { destination, folder } = target;
  try {
    if (!isSafeName(file.name)) throw permanent('delivery-name-unsafe', { facts: { destination } });
    if (target.signal.aborted) throw transient('delivery-stopped');
    if (await isThere(file, target)) return 'present';
    const temporary = temporaryName(file);
    await target.tidy(folder, file, temporary);
    const from = await goodBytes(file, temporary, folder);
    await folder.write(temporary, file.content, from);
    const written = await folder.entry(temporary);
    if (written?.bytes !== file.content.length) throw unavailable(destination, 'incomplete');
    return 'written';
  } catch (error) {
    return described(error, target);
  }
}

/** How many bytes a former attempt left that are good; what is not good is removed. */
async function goodBytes(file: OutgoingFile, temporary: string, folder: RemoteFolder): Promise<number> {
  const left = await folder.entry(temporary);
  if (left === undefined) return 0;
  if (left.isFile && left.bytes > 0 && left.bytes <= file.content.length) {
    const found = await folder.read(temporary, left.bytes);
    if (found.equals(file.content.subarray(0, left.bytes))) return left.bytes;
  }
  await folder.remove(temporary);
  return 0;
}

async function finish(
  file: OutgoingFile,
  prepared: Prepared | undefined,
  target: Target,
): Promise<Fault | undefined> {
  if (prepared !== 'written') return prepared === 'present' ? undefined : prepared;
  const { destination, folder } = target;
  const temporary = temporaryName(file);
  try {
    crashPoint('before-delivery-rename');
    // Looked at once more just before: the rename of some servers overwrites.
    if (await isThere(file, target)) {
      await folder.remove(temporary);
      return undefined;
    }
    try {
      await folder.rename(temporary, file.name);
    } catch (error) {
      // Refused because somebody else's file came first: that is another fault.
      if (!folder.isOpen || !(await isThere(file, target))) throw error;
    }
    crashPoint('after-delivery-rename');
    if (!target.readBack) return undefined;
    const held = await folder.entry(file.name);
    if (held?.bytes === file.content.length) return undefined;
    return new Fault('delivery-vanished', 'ambiguous', { facts: { destination, file: file.name } });
  } catch (error) {
    return described(error, target);
  }
}

/** Whether exactly this file is there under its name; throws `delivery-name-taken` when something else is. */
async function isThere(file: OutgoingFile, { destination, folder }: Target): Promise<boolean> {
  const found = await folder.entry(file.name);
  if (found === undefined) return false;
  if (found.isFile && found.bytes === file.content.length) {
    const content = await folder.read(file.name, file.content.length);
    if (digestOf(content) === file.digest) return true;
  }
  throw permanent('delivery-name-taken', { facts: { destination, file: file.name } });
}

function described(error: unknown, { signal }: Target): Fault {
  return signal.aborted ? transient('delivery-stopped') : asFault(error);
}

type Tidy = (folder: RemoteFolder, file: OutgoingFile, temporary: string) => Promise<void>;

const mostNames = 10_000;

/**
 * Removes what attempts with an older content of the same name left. One listing for each connection; a folder that cannot
 * be listed is left as it is, for good: tidiness must not stop delivery.
 */
function createTidy(): Tidy {
  let canList = true;
  let seen:
    { readonly folder: RemoteFolder; readonly left: Promise<ReadonlyMap<string, string[]>> } | undefined;
  const look = async (folder: RemoteFolder): Promise<ReadonlyMap<string, string[]>> => {
    const left = new Map<string, string[]>();
    if (!canList) return left;
    try {
      for (const found of await folder.list(mostNames)) {
        const name = madeFor(found);
        if (name !== undefined) left.set(name, [...(left.get(name) ?? []), found]);
      }
    } catch {
      canList = false;
    }
    return left;
  };
  return async (folder, file, temporary) => {
    if (seen?.folder !== folder) seen = { folder, left: look(folder) };
    for (const found of (await seen.left).get(file.name) ?? [])
      if (found !== temporary) await folder.remove(found);
  };
}

async function probe(
  destination: string,
  opener: RemoteOpener,
  signal: AbortSignal,
): Promise<readonly ProbeStep[]> {
  const steps: ProbeStep[] = [];
  const passed = (step: ProbeStep['step'], found?: string): void => {
    steps.push({ step, fault: undefined, ...(found === undefined ? {} : { found }) });
  };
  let folder: RemoteFolder | undefined;
  try {
    folder = await opener.open(signal, passed);
    const content = Buffer.from('vaguemestre\n');
    await folder.remove(probeName);
    await folder.write(probeName, content, 0);
    const written = await folder.entry(probeName);
    if (written?.bytes !== content.length) throw unavailable(destination, 'incomplete');
    passed('write');
    await folder.remove(probeName);
    passed('remove');
  } catch (error) {
    const all: readonly (ConnectStep | 'write' | 'remove')[] = [...connectSteps, 'write', 'remove'];
    const step = all[steps.length] ?? 'remove';
    steps.push({ step, fault: signal.aborted ? transient('delivery-stopped') : asFault(error) });
  } finally {
    folder?.close();
  }
  return steps;
}
