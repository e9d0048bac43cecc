import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a tool of the system is, also when PATH names little more than node; its bare name when it is nowhere. */
export function systemTool(name: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? name;
}
