import { permanent, transient } from '../../shared/runtime/errors.ts';
import type { SmsSettings } from '../config-alert-channels.ts';
import { systemResolve, type Resolve } from './address-guard.ts';
import { readAlertHeaders } from './alert-secret.ts';
import type { Carry } from './carry.ts';
import { guardedRequest, type GuardedReply } from './guarded-client.ts';

export interface SmsDeps {
  readonly settings: SmsSettings | undefined;
  readonly resolve?: Resolve;
}

type Template = SmsSettings['body']['fields'];

/** One text message through the region's gateway, which the settings describe. */
export function createSmsCarry({ settings, resolve = systemResolve }: SmsDeps): Carry {
  return async ({ address, text, identity }, signal) => {
    if (settings === undefined) return 'unset';
    const { url, method, body, headersFile, authorityFile, timeoutSeconds, allowPrivate } = settings;
    const filled = fillTemplate(body.fields, { to: address, text, id: identity });
    const query = new URLSearchParams(
      Object.entries(filled).map(([name, value]): [string, string] => [name, plain(value)]),
    ).toString();
    const headers = await readAlertHeaders(headersFile);
    const isForm = body.form === 'form';
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    const isGet = method === 'GET';
    const reply = await guardedRequest(
      {
        method,
        url: isGet ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url,
        headers: isGet ? headers : { 'content-type': type, ...headers },
        body: isGet ? undefined : isForm ? query : JSON.stringify(filled),
        ...{ timeoutMs: timeoutSeconds * 1000, authorityFile },
      },
      { resolve, allowPrivate, allowLoopback: allowPrivate },
      signal,
    );
    judge(new URL(url).hostname, reply, settings.accepted);
    return 'taken';
  };
}

/** Values are put in after the template was read: no text can become a field. */
export function fillTemplate(fields: Template, values: Readonly<Record<string, string>>): Template {
  const fillOne = (value: Template[string]): Template[string] => {
    if (typeof value === 'string')
      return value.replace(/\{(to|text|id)\}/g, (whole, name: string) => values[name] ?? whole);
    if (Array.isArray(value)) return value.map(fillOne);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillOne(each)]));
    return value;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fillOne(value)]));
}

/** A page for people is no gateway's answer; a gateway may refuse with 200. Throws `alert-sms-refused`, `alert-sms-unclear`. */
function judge(host: string, { status, type, text }: GuardedReply, accepted: SmsSettings['accepted']): void {
  const facts = { host, status };
  if (type.includes('html')) throw transient('alert-sms-unclear', { facts });
  if (!accepted.statuses.includes(status)) throw permanent('alert-answer-refused', { facts });
  if (accepted.field === undefined) return;
  const found = valueAt(text, accepted.field);
  if (found === undefined) throw transient('alert-sms-unclear', { facts });
  if (!accepted.values.some((value) => value === found)) throw transient('alert-sms-refused', { facts });
}

function valueAt(text: string, path: string): unknown {
  try {
    return path
      .split('.')
      .reduce<unknown>(
        (value, step) =>
          typeof value === 'object' && value !== null && Object.hasOwn(value, step)
            ? (value as Record<string, unknown>)[step]
            : undefined,
        JSON.parse(text),
      );
  } catch {
    return undefined;
  }
}

function plain(value: Template[string]): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
