import type { Feed } from './feed.ts';

const feeds: ReadonlyMap<string, Feed> = new Map();

export function feedNamed(name: string): Feed | undefined {
  return feeds.get(name);
}
