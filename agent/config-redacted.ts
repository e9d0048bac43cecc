import { parse } from 'yaml';
import type { AgentConfig } from './config.ts';

/** The settings without what is nobody else's business: credentials in addresses, user names, who gets mail. Secrets are files. */
export function redactedConfig(config: AgentConfig): unknown {
  const { proxy, notify } = config;
  return {
    ...config,
    ...(proxy === undefined
      ? {}
      : {
          proxy: {
            ...proxy,
            url: withoutUser(proxy.url),
            ...(proxy.username === undefined ? {} : { username: '***' }),
          },
        }),
    notify: {
      ...notify,
      ...(notify.email === undefined
        ? {}
        : {
            email: {
              ...notify.email,
              ...(notify.email.username === undefined ? {} : { username: '***' }),
              from: maskedAddress(notify.email.from),
              to: notify.email.to.map(maskedAddress),
            },
          }),
    },
  };
}

function withoutUser(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}`;
}

function maskedAddress(address: string): string {
  return `***${address.slice(address.indexOf('@'))}`;
}

/** A mapping file as data, without its tests (values somebody wrote) and its comments. Undefined when it cannot be read. */
export function redactedMapping(text: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = parse(text, { schema: 'failsafe', maxAliasCount: 0 });
    if (typeof found !== 'object' || found === null) return undefined;
    return Object.fromEntries(Object.entries(found).filter(([key]) => key !== 'tests'));
  } catch {
    return undefined;
  }
}
