import { createHmac } from 'node:crypto';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { WebhookSettings } from '../config-alert-channels.ts';
import type { AlertMessage } from '../store/alert-tables.ts';
import { systemResolve, type Resolve } from './address-guard.ts';
import { readAlertSecret } from './alert-secret.ts';
import type { Carry } from './carry.ts';
import { guardedRequest } from './guarded-client.ts';

export interface WebhookDeps {
  readonly webhooks: readonly WebhookSettings[];
  readonly allowLoopback: boolean;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}

/**
 * One POST of JSON to another program. The same id on each attempt; the signature is HMAC-SHA256 over
 * `id.timestamp.body` with the text of the secret file as key, base64 after "v1,", as Standard Webhooks has it.
 */
export function createWebhookCarry({
  webhooks,
  allowLoopback,
  clock,
  resolve = systemResolve,
}: WebhookDeps): Carry {
  return async (message, signal) => {
    const settings = webhooks.find(({ name }) => name === message.address);
    if (settings === undefined) return 'unset';
    const secret = await readAlertSecret(settings.secretFile);
    await guardedRequest(
      {
        ...{ method: 'POST', url: settings.url, body: message.text },
        headers: { 'content-type': 'application/json', ...signed(message, secret, clock.now()) },
        ...{ timeoutMs: settings.timeoutSeconds * 1000, authorityFile: settings.authorityFile },
      },
      { resolve, allowPrivate: false, allowLoopback },
      signal,
    );
    return 'taken';
  };
}

export function signed(
  { identity, text }: Pick<AlertMessage, 'identity' | 'text'>,
  secret: string,
  now: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const hash = createHmac('sha256', secret).update(`${identity}.${timestamp}.${text}`).digest('base64');
  return { 'webhook-id': identity, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hash}` };
}
