import { getCACertificates } from 'node:tls';
import { systemCode, transient, type Fault } from '../../shared/runtime/errors.ts';
import { readAlertSecret } from './alert-secret.ts';

/** Who may vouch for a host: the file's authorities only, or all that this machine trusts. Throws `alert-secret-unreadable`. */
export async function readAuthorities(file: string | undefined): Promise<string[]> {
  if (file === undefined)
    return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const pem = await readAlertSecret(file);
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw transient('alert-secret-unreadable', { facts: { file, reason: 'format' } });
  return [pem];
}

const refused =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|INVALID_CA)/;

/** Why this side trusted the other's certificate not: then nothing was said to it. Undefined: it is something else. */
export function certificateFault(host: string, error: unknown): Fault | undefined {
  const reason = [systemCode(error), originalCode(error)].find((code) => refused.test(code ?? ''));
  if (reason === undefined) return undefined;
  return transient('alert-certificate-refused', { facts: { host, reason }, cause: error });
}

/** The mail library puts a code of its own over it. */
function originalCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('originalCode' in error)) return undefined;
  return typeof error.originalCode === 'string' ? error.originalCode : undefined;
}
