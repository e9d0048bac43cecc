import { readFile } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import type { ProxyConfig } from '../config.ts';

/** The way through the hospital's proxy. */
export interface ProxySettings {
  /** Without credentials. */
  readonly url: string;
  /** Value of the Proxy-Authorization header. */
  readonly token: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How `target` is reached: through the proxy of the configuration, else through that of HTTPS_PROXY; directly (undefined)
 * when there is none, or when `noProxy` or NO_PROXY names the host. Faults: `proxy-password-unreadable`, `proxy-invalid`.
 */
export async function proxyFor(
  target: string,
  configured: ProxyConfig | undefined,
  env: Environment = process.env,
): Promise<ProxySettings | undefined> {
  const exceptions = [
    ...(configured?.noProxy ?? []),
    ...(env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(/[\s,]+/),
  ];
  if (isExcepted(new URL(target), exceptions)) return undefined;
  if (configured !== undefined) return configuredProxy(configured);
  const found = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  return found === '' ? undefined : environmentProxy(found);
}

async function configuredProxy({ url, username, passwordFile }: ProxyConfig): Promise<ProxySettings> {
  if (username === undefined) return fromUrl(new URL(url));
  if (passwordFile === undefined) return { url, token: basic(username, '') };
  try {
    return { url, token: basic(username, (await readFile(passwordFile, 'utf8')).trim()) };
  } catch (cause) {
    throw permanent('proxy-password-unreadable', {
      facts: { file: passwordFile, reason: systemCode(cause) ?? '' },
      cause,
    });
  }
}

function environmentProxy(text: string): ProxySettings {
  const url = /^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url) || !/^https?:/i.test(url)) throw permanent('proxy-invalid');
  return fromUrl(new URL(url));
}

/** Credentials in the address become the header, so that the address may be shown. */
function fromUrl(url: URL): ProxySettings {
  const { username, password } = url;
  const token =
    username === '' ? undefined : basic(decodeURIComponent(username), decodeURIComponent(password));
  return { url: `${url.protocol}//${url.host}`, token };
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** "*"; a name, which stands for its subdomains too, with or without a leading dot; an address or its range; each with a port or not. */
function isExcepted({ hostname, port }: URL, exceptions: readonly string[]): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return exceptions.some((each) => {
    const one = each.trim().toLowerCase();
    if (one === '' || one === '*') return one === '*';
    const { name, port: wanted } = isIP(one.replace(/\/\d+$/, '')) === 0 ? nameAndPort(one) : { name: one };
    if (wanted !== undefined && wanted !== (port === '' ? '443' : port)) return false;
    if (isIP(host) !== 0) return isInRange(host, name);
    return name !== '' && (host === name || host.endsWith(`.${name}`));
  });
}

function nameAndPort(text: string): { readonly name: string; readonly port?: string | undefined } {
  const [, bracketed, plain = '', port] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  return { name: bracketed ?? plain.replace(/^\*?\./, ''), port };
}

function isInRange(address: string, range: string): boolean {
  const [base = '', bits] = range.split('/');
  const family = isIP(base);
  if (family === 0) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const widest = family === 4 ? 32 : 128;
  const length = bits === undefined ? widest : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > widest) return false;
  const list = new BlockList();
  list.addSubnet(base, length, kind);
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
