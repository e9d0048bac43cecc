import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import { Fault, transient } from '../../../shared/runtime/errors.ts';
import type { RemoteFolder } from './remote-folder.ts';
import { peerRefuses, unavailable } from './remote-wait.ts';
import { chunkBytes, codeOf, createSftpRequests, status, type SftpConnection } from './sftp-requests.ts';

/** SSH_FXF_WRITE, and with CREAT and EXCL: draft 02, section 6.3. */
const openFor = { writing: 0x02, making: 0x02 | 0x08 | 0x20, reading: 0x01 } as const;

export function createSftpFolder(connection: SftpConnection & { readonly folder: string }): RemoteFolder {
  const { destination, folder, sftp, socket } = connection;
  const at = (name: string): string => (folder === '.' ? name : posix.join(folder, name));
  const requests = createSftpRequests(connection);
  const { ask, none, withFile } = requests;
  const describe = (error: unknown, work: string): Error => asFault(error, destination, work);

  /** Version 3 says "failure" for a full disk: its free space says more. */
  const fullOr = async (error: unknown): Promise<Error> => {
    if (codeOf(error) !== status.failure || !requests.isOpen()) return describe(error, 'write');
    try {
      const space: unknown = await ask((answer) => sftp.ext_openssh_statvfs(folder, answer));
      if (freeBytes(space) < chunkBytes) return diskFull(destination, error);
    } catch {
      // It does not tell.
    }
    return describe(error, 'write');
  };

  return {
    get isOpen() {
      return requests.isOpen();
    },
    lanes: 4,
    ping: async () => {
      try {
        const found = await ask<Stats>((answer) => sftp.stat(folder, answer));
        if (!found.isDirectory()) throw peerRefuses.folder(destination, 'no-folder');
      } catch (error) {
        throw describe(error, 'folder');
      }
    },
    entry: async (name) => {
      try {
        const found = await ask<Stats>((answer) => sftp.lstat(at(name), answer));
        return { isFile: found.isFile(), bytes: found.size };
      } catch (error) {
        if (codeOf(error) === status.noSuchFile) return undefined;
        throw describe(error, 'stat');
      }
    },
    read: async (name, maxBytes) => {
      try {
        return await withFile(at(name), openFor.reading, maxBytes, (handle) =>
          requests.readAll(handle, maxBytes),
        );
      } catch (error) {
        throw describe(error, 'read');
      }
    },
    write: async (name, content, from) => {
      const flags = from === 0 ? openFor.making : openFor.writing;
      try {
        await withFile(at(name), flags, content.length - from, (handle) =>
          requests.writeAll(handle, content, from),
        );
      } catch (error) {
        throw await fullOr(error);
      }
    },
    rename: async (from, to) => {
      try {
        await none((answer) => sftp.rename(at(from), at(to), answer));
      } catch (error) {
        // It may have happened, and only its answer be lost.
        if (!requests.isOpen()) throw unavailable(destination, 'closed', { cause: error, ambiguous: true });
        throw describe(error, 'rename');
      }
    },
    remove: async (name) => {
      try {
        await none((answer) => sftp.unlink(at(name), answer));
      } catch (error) {
        if (codeOf(error) !== status.noSuchFile) throw describe(error, 'remove');
      }
    },
    list: async (maxNames) => {
      const names: string[] = [];
      const handle = await ask<Buffer>((answer) => sftp.opendir(folder, answer)).catch((error: unknown) => {
        throw describe(error, 'list');
      });
      try {
        while (names.length < maxNames) {
          const page = await ask<readonly { readonly filename: string }[]>((answer) =>
            sftp.readdir(handle, answer),
          );
          // A server that names nothing without saying that this is all would hold us for ever.
          if (page.length === 0) break;
          names.push(...page.map(({ filename }) => filename));
        }
      } catch (error) {
        if (codeOf(error) !== status.endOfFile) throw describe(error, 'list');
      } finally {
        await requests.close(handle);
      }
      return names.slice(0, maxNames);
    },
    close: () => socket.destroy(),
  };
}

const refusals: ReadonlySet<number | undefined> = new Set([
  status.noSuchFile,
  status.permissionDenied,
  status.unsupported,
  status.writeProtected,
]);

function asFault(error: unknown, destination: string, work: string): Fault {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  if (code === status.noSpace || code === status.quotaExceeded) return diskFull(destination, error);
  const reason = `sftp-${work}-${code ?? 'unknown'}`;
  return refusals.has(code)
    ? peerRefuses.folder(destination, reason, error)
    : unavailable(destination, reason, { cause: error });
}

function diskFull(destination: string, cause: unknown): Fault {
  return transient('delivery-disk-full', { facts: { destination }, cause });
}

function freeBytes(space: unknown): number {
  if (typeof space !== 'object' || space === null) return Infinity;
  if (!('f_bavail' in space && 'f_frsize' in space)) return Infinity;
  return Number(space.f_bavail) * Number(space.f_frsize);
}
