import { readFile } from 'node:fs/promises';
import { createSecureContext, getCACertificates } from 'node:tls';
import { permanent, systemCode } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';

/** How an agency knows the region, and the region the agency. */
export type UploadLogin = Pick<
  TransportOf<'https'>,
  | 'authorityFile'
  | 'clientCertificateFile'
  | 'clientKeyFile'
  | 'bearerFile'
  | 'basicFile'
  | 'headers'
  | 'timeoutSeconds'
>;

export interface ReadLogin {
  readonly tls: { readonly ca: string[]; readonly cert?: string; readonly key?: string };
  /** With the login; never shown. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads what the settings name. Faults: `upload-file-unreadable`, `upload-file-unusable`. */
export async function readLogin(destination: string, login: UploadLogin): Promise<ReadLogin> {
  const read = async (file: string): Promise<string> => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const reason = systemCode(error) ?? '';
      throw permanent('upload-file-unreadable', { facts: { destination, file, reason }, cause: error });
    }
  };
  /** The causes of OpenSSL quote no content. */
  const usable = <T>(file: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw permanent('upload-file-unusable', { facts: { destination, file }, cause: error });
    }
  };
  const line = async (file: string, form: RegExp): Promise<string> => {
    const text = (await read(file)).trim();
    if (!form.test(text)) throw permanent('upload-file-unusable', { facts: { destination, file } });
    return text;
  };

  const { authorityFile, clientCertificateFile, clientKeyFile, bearerFile, basicFile } = login;
  const ca = authorityFile === undefined ? machineAuthorities() : [await read(authorityFile)];
  if (authorityFile !== undefined) {
    if (!ca[0]?.includes('-----BEGIN CERTIFICATE-----'))
      throw permanent('upload-file-unusable', { facts: { destination, file: authorityFile } });
    usable(authorityFile, () => createSecureContext({ ca }));
  }
  let own = {};
  if (clientCertificateFile !== undefined && clientKeyFile !== undefined) {
    const cert = await read(clientCertificateFile);
    const key = await read(clientKeyFile);
    usable(clientCertificateFile, () => createSecureContext({ cert }));
    // Also where the key is another certificate's.
    usable(clientKeyFile, () => createSecureContext({ cert, key }));
    own = { cert, key };
  }
  const authorization =
    bearerFile !== undefined
      ? `Bearer ${await line(bearerFile, /^[\x21-\x7e]+$/)}`
      : basicFile !== undefined
        ? `Basic ${Buffer.from(await line(basicFile, /^[^:\r\n]+:[^\r\n]*$/)).toString('base64')}`
        : undefined;
  return {
    tls: { ca, ...own },
    headers: { ...login.headers, ...(authorization === undefined ? {} : { authorization }) },
  };
}

/** Those that Node carries and those the system trusts. */
function machineAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
