import { createSecureContext, getCACertificates, TLSSocket } from 'node:tls';
import { Client, FTPError } from 'basic-ftp';
import { Fault, systemCode } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';
import { createFtpsFolder } from './ftps-folder.ts';
import type { RemoteOpener } from './remote-folder.ts';
import { openToOthers, readSecret, unusable } from './remote-secret.ts';
import { peerRefuses, resolveHost, unavailable, within } from './remote-wait.ts';

export type FtpsSettings = TransportOf<'ftps'>;

/**
 * A folder behind an FTP server, over explicit TLS (RFC 4217): asked for before the login, the certificate checked, and both
 * connections protected or none (PROT P, refused by no fallback). The session of the commands is resumed for the files,
 * as servers ask.
 */
export function createFtpsOpener(destination: string, settings: FtpsSettings): RemoteOpener {
  const { user, passwordFile, timeoutSeconds } = settings;
  return {
    check: async () => {
      await readSecret(destination, passwordFile);
      await authorities(destination, settings);
    },
    open: async (signal, passed) => {
      const password = await readSecret(destination, passwordFile);
      const ca = await authorities(destination, settings);
      const wait = { destination, ms: timeoutSeconds * 1000, signal };
      const address = await resolveHost(settings.host, wait);
      passed?.('resolve', address);
      const client = new Client(wait.ms, {
        allowSeparateTransferHost: false,
        maxListingBytes: 4 * 1024 * 1024,
      });
      const step = async <T>(work: Promise<T>): Promise<T> =>
        within({ ...wait, giveUp: () => client.close() }, work);
      try {
        await step(client.connect(address, settings.port));
        passed?.('connect', `${address}:${settings.port}`);
        await step(client.useTLS(tlsOptions(settings, ca))).catch((error: unknown) => {
          throw identityRefused(destination, error);
        });
        passed?.('identity', expiryOf(client));
        await step(client.login(user, password)).catch((error: unknown) => {
          throw loginRefused(destination, error);
        });
        await step(client.useDefaultSettings());
        await step(client.send('PBSZ 0'));
        await step(client.send('PROT P'));
        await step(client.cd(settings.folder)).catch((error: unknown) => {
          throw error instanceof FTPError && error.code >= 500
            ? peerRefuses.folder(destination, `ftp-folder-${error.code}`, error)
            : error;
        });
        passed?.('login', (await openToOthers([passwordFile])) ?? user);
        return createFtpsFolder({ ...wait, client });
      } catch (error) {
        client.close();
        throw error instanceof Fault ? error : unavailable(destination, reasonOf(error), { cause: error });
      }
    },
  };
}

async function authorities(destination: string, { authorityFile }: FtpsSettings): Promise<string[]> {
  if (authorityFile === undefined)
    return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const pem = await readSecret(destination, authorityFile);
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw unusable(destination, authorityFile, 'format');
  try {
    createSecureContext({ ca: pem });
  } catch (error) {
    throw unusable(destination, authorityFile, 'format', error);
  }
  return [pem];
}

function tlsOptions({ host, serverName }: FtpsSettings, ca: string[]) {
  const name = serverName ?? host;
  const isAddress = /^[\d.]+$|:/.test(name);
  return {
    ca,
    // Compared with the certificate; also what ties the session of the files to that of the commands.
    host: name,
    ...(isAddress ? {} : { servername: name }),
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
  };
}

function identityRefused(destination: string, error: unknown): unknown {
  if (error instanceof FTPError)
    return error.code >= 500 ? peerRefuses.identity(destination, `ftp-${error.code}`, error) : error;
  const code = systemCode(error) ?? '';
  // Names of X.509 verification results, and of the check of the name.
  return certificateFaults.test(code) ? peerRefuses.identity(destination, code, error) : error;
}

const certificateFaults =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_|HOSTNAME_|ERR_TLS_CERT_|PATH_LENGTH_)/;

function loginRefused(destination: string, error: unknown): unknown {
  return error instanceof FTPError && error.code >= 500
    ? peerRefuses.login(destination, `ftp-${error.code}`, error)
    : error;
}

function expiryOf({ ftp: { socket } }: Client): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { valid_to: until } = socket.getPeerCertificate();
  const day = new Date(until);
  return Number.isNaN(day.getTime()) ? undefined : day.toISOString().slice(0, 10);
}

function reasonOf(error: unknown): string {
  return error instanceof FTPError ? `ftp-${error.code}` : (systemCode(error) ?? 'connection');
}
