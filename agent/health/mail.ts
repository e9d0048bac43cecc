import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { createTransport } from 'nodemailer';
import { systemCode, transient } from '../../shared/runtime/errors.ts';
import type { NotifyConfig } from '../config.ts';

export type MailSettings = NonNullable<NotifyConfig['email']>;

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

const patienceMs = 20_000;

/** Hands one mail to the hospital's own server. Throws `notice-not-sent` (facts: host, reason), to be tried again. */
export async function sendMail(settings: MailSettings, mail: Mail): Promise<void> {
  const { host, port, tls, username, passwordFile, from, to } = settings;
  try {
    const password = passwordFile === undefined ? '' : (await readFile(passwordFile, 'utf8')).trim();
    const transport = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
      tls: { ca: [...getCACertificates('default'), ...getCACertificates('system')] },
      ...(username === undefined ? {} : { auth: { user: username, pass: password } }),
    });
    await transport.sendMail({ from, to, ...mail });
    transport.close();
  } catch (cause) {
    throw transient('notice-not-sent', { facts: { host, reason: reasonOf(cause) }, cause });
  }
}

/** The server's own words may quote addresses: its code is enough. */
function reasonOf(error: unknown): string {
  const code = systemCode(error) ?? 'unexpected';
  const answered =
    typeof error === 'object' && error !== null && 'responseCode' in error ? error.responseCode : undefined;
  return typeof answered === 'number' ? `${code} ${answered}` : code;
}
