import { createTransport } from 'nodemailer';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Fault, permanent, systemCode, transient, type ErrorClass } from '../../shared/runtime/errors.ts';
import { mailAddress, type SmtpSettings } from '../config-alert-channels.ts';
import { readAlertSecret } from './alert-secret.ts';
import { certificateFault, readAuthorities } from './authorities.ts';
import type { CarriedMessage, Carry } from './carry.ts';

export interface MailDeps {
  readonly settings: SmtpSettings | undefined;
  readonly clock: Clock;
}

/**
 * One mail to one address: who refuses one holds up no other. Throws `alert-mail-address`, `alert-mail-refused` (permanent),
 * `alert-mail-login`, `alert-certificate-refused`, `alert-mail-unsent` (ambiguous when the text may have been taken).
 */
export function createMailCarry({ settings, clock }: MailDeps): Carry {
  return async (message, signal) => {
    if (settings === undefined) return 'unset';
    const { host, port, secure, user, passwordFile, authorityFile, from, timeoutSeconds } = settings;
    if (!mailAddress.safeParse(message.address).success) throw permanent('alert-mail-address');
    const pass = passwordFile === undefined ? '' : await readAlertSecret(passwordFile);
    const ca = await readAuthorities(authorityFile);
    const patience = timeoutSeconds * 1000;
    const transport = createTransport({
      ...{
        host,
        port,
        secure: secure === 'tls',
        requireTLS: secure === 'starttls',
        ignoreTLS: secure === 'none',
      },
      ...{
        connectionTimeout: patience,
        greetingTimeout: patience,
        socketTimeout: patience,
        dnsTimeout: patience,
      },
      ...{ disableFileAccess: true, disableUrlAccess: true },
      tls: { ca },
      ...(user === undefined ? {} : { auth: { user, pass } }),
    });
    try {
      await bounded(
        transport.sendMail({ ...mailOf(message, from), date: new Date(clock.now()) }),
        patience * 3,
        signal,
      );
      return 'taken';
    } catch (error) {
      throw certificateFault(host, error) ?? refusalOf(host, error);
    } finally {
      transport.close();
    }
  };
}

function mailOf(message: CarriedMessage, from: string) {
  const { address, subject, text, identity, alert, attachments = [] } = message;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const thread = alert === null ? {} : { references: `<alert-${alert}@${domain}>` };
  return {
    from: { name: 'Vaguemestre', address: from },
    to: { name: '', address },
    envelope: { from, to: [address] },
    messageId: `<${identity}@${domain}>`,
    ...thread,
    // No answering machine answers.
    headers: { 'auto-submitted': 'auto-generated' },
    ...{ subject, text },
    attachments: attachments.map(({ name, type, content }) => ({
      ...{ filename: name, contentType: type, content },
    })),
  };
}

/** However steadily a server drips. */
async function bounded(work: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  await new Promise<void>((resolve, reject) => {
    const stop = (): void =>
      reject(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT', command: 'DATA' }));
    if (limit.aborted) stop();
    limit.addEventListener('abort', stop, { once: true });
    work
      .then(
        () => resolve(),
        (error: unknown) => reject(error instanceof Error ? error : new Error('mail')),
      )
      .finally(() => limit.removeEventListener('abort', stop));
  });
}

/** The server's own words may quote addresses: its numbers are enough. */
function refusalOf(host: string, error: unknown): Fault {
  const { responseCode } = partsOf(error);
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const code = systemCode(error) ?? '';
  const facts = { host, reason: status === undefined ? code : `${code} ${status}` };
  if (code === 'EAUTH' || code === 'ENOAUTH') return transient('alert-mail-login', { facts, cause: error });
  // Said of this mail. What is said before, of protection or of the relay itself, may pass.
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (isOfMail && status !== undefined && status >= 500)
    return permanent('alert-mail-refused', { facts, cause: error });
  const kind: ErrorClass = mayHaveArrived(error) ? 'ambiguous' : 'transient';
  return new Fault('alert-mail-unsent', kind, { facts, cause: error });
}

interface MailError {
  readonly responseCode?: unknown;
  readonly command?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
}

function partsOf(error: unknown): MailError {
  return typeof error === 'object' && error !== null ? error : {};
}

/** A conversation that broke off after it had begun: only the last answer would tell whether the text was taken. */
function mayHaveArrived(error: unknown): boolean {
  const { responseCode, command, syscall, message } = partsOf(error);
  if (typeof responseCode === 'number') return false;
  const code = systemCode(error);
  if (command === 'DATA' || code === 'ECONNECTION') return true;
  if (code === 'ESOCKET') return syscall !== 'connect';
  return code === 'ETIMEDOUT' && message === 'Timeout';
}
