import { constants } from 'node:fs';
import { lstat, open, opendir, rename, unlink } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { Fault, systemCode } from '../../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { TransportOf } from '../../config-transports.ts';
import { createRemoteLink } from '../transports/remote-link.ts';
import { remoteOpener } from '../transports/remote-opener.ts';
import { unavailable } from '../transports/remote-wait.ts';
import type { AnswerSource } from './answer-source.ts';
import {
  createReturnFolder,
  type ReturnFolder,
  type ReturnFiles,
  type ReturnSettings,
} from './return-folder.ts';

type FolderTransport = TransportOf<'directory'> | TransportOf<'sftp'> | TransportOf<'ftps'>;

/**
 * The answers of an agency that puts them in a folder of the transport, or beside it: a relative path starts from the folder
 * of deliveries. Over a connection of its own: a slow list never delays a delivery.
 */
export function openReturnFolder(
  { name }: Pick<DestinationConfig, 'name'>,
  transport: FolderTransport,
  settings: ReturnSettings,
): AnswerSource {
  const { folder } = settings;
  if (transport.kind === 'directory') {
    const path = isAbsolute(folder) ? folder : join(transport.folder, folder);
    return createReturnFolder(settings, localReturnFolder(name, path));
  }
  const path = folder.startsWith('/') ? folder : posix.join(transport.folder, folder);
  return createReturnFolder(settings, createRemoteLink(remoteOpener(name, transport, path)));
}

export function localReturnFolder(destination: string, folder: string): ReturnFolder {
  const at = (name: string): string => join(folder, name);
  const attempt = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw error instanceof Fault
        ? error
        : unavailable(destination, systemCode(error) ?? 'folder', { cause: error });
    }
  };
  const files: ReturnFiles = {
    list: (maxNames) => attempt(namesIn(folder, maxNames)),
    entry: (name) =>
      attempt(
        absentOr(lstat(at(name))).then((found) =>
          found === undefined ? undefined : { isFile: found.isFile(), bytes: found.size },
        ),
      ),
    read: (name, maxBytes) => attempt(firstBytes(at(name), maxBytes)),
    remove: async (name) => {
      await attempt(absentOr(unlink(at(name))));
    },
    rename: (from, to) => attempt(rename(at(from), at(to))),
  };
  return {
    use: async (signal, work) => {
      signal.throwIfAborted();
      return work(files);
    },
  };
}

async function namesIn(folder: string, maxNames: number): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    names.push(name);
    if (names.length >= maxNames) break;
  }
  return names;
}

/** A link or a pipe put there between the look and the reading is not followed, nor waited for. Windows has neither. */
const readFlags =
  constants.O_RDONLY |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

async function firstBytes(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, readFlags);
  try {
    const content = Buffer.alloc(maxBytes);
    const { bytesRead } = await file.read(content, 0, maxBytes, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function absentOr<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
