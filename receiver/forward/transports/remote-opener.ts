import type { TransportOf } from '../../config-transports.ts';
import { createFtpsOpener } from './ftps.ts';
import type { RemoteOpener } from './remote-folder.ts';
import { createSftpOpener } from './sftp.ts';

/** What leads to a folder at the agency's: its own of the settings, or another one there. */
export function remoteOpener(
  destination: string,
  transport: TransportOf<'sftp'> | TransportOf<'ftps'>,
  folder = transport.folder,
): RemoteOpener {
  return transport.kind === 'sftp'
    ? createSftpOpener(destination, { ...transport, folder })
    : createFtpsOpener(destination, { ...transport, folder });
}
