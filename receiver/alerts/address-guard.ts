import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { permanent, systemCode, transient } from '../../shared/runtime/errors.ts';
import { isLoopback } from '../config-parts.ts';

/**
 * Where a message may go: a name is looked up once, every address it gives must lie in the open network, and the very
 * address that was checked is the one connected to. A name that answers something else a moment later changes nothing.
 */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Every address of a name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

export interface GuardOptions {
  readonly resolve: Resolve;
  /** Addresses of the region's own network. */
  readonly allowPrivate: boolean;
  /** This machine, when it is named as such. */
  readonly allowLoopback: boolean;
}

/** Throws `alert-host-unknown` (transient), `alert-host-private`. */
export async function checkedAddress(
  host: string,
  { resolve, allowPrivate, allowLoopback }: GuardOptions,
): Promise<Address> {
  const bare = host.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  const found: readonly Address[] =
    family === 0 ? await resolved(bare, resolve) : [{ address: bare, family: family === 6 ? 6 : 4 }];
  const [first] = found;
  if (first === undefined) throw transient('alert-host-unknown', { facts: { host: bare, reason: 'empty' } });
  for (const one of found) {
    if (isLoopbackAddress(one)) {
      if (allowLoopback && isLoopback(bare)) continue;
    } else if (allowPrivate ? !neverAsked(one) : !isPrivate(one)) continue;
    throw permanent('alert-host-private', { facts: { host: bare } });
  }
  return first;
}

async function resolved(host: string, resolve: Resolve): Promise<readonly Address[]> {
  try {
    return await resolve(host);
  } catch (cause) {
    const facts = { host, reason: systemCode(cause) ?? '' };
    throw transient('alert-host-unknown', { facts, cause });
  }
}

const loopback = listOf([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
]);
/** Never a place of anybody's service: unspecified, link-local (and what clouds tell of themselves), multicast, reserved. */
const never = listOf([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]);
/** RFC 6890 and its IPv6 counterpart; 64:ff9b::/96 and 2002::/16 carry IPv4 addresses within. */
const inner = listOf([
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
]);

/** A BlockList finds ::ffff:a.b.c.d in its IPv4 ranges by itself. */
function isIn(list: BlockList, { address, family }: Address): boolean {
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function isLoopbackAddress(one: Address): boolean {
  return isIn(loopback, one);
}

function neverAsked(one: Address): boolean {
  return isIn(never, one);
}

function isPrivate(one: Address): boolean {
  return isIn(never, one) || isIn(inner, one);
}

function listOf(ranges: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix, family] of ranges) list.addSubnet(net, prefix, family);
  return list;
}
