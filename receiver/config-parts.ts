import { z } from 'zod';

/** What several parts of the settings share. */
export const path = z.string().min(1).max(1000);
export const host = z.string().min(1).max(253);
/** A wait for the peer: a connection, an answer, a piece of a file. */
export const patience = z.int().min(1).max(3600).default(60);

/** A host that leads no further than this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare);
}
