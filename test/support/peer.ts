import { systemTool } from './system-tool.ts';

/** Where a program that the suite compares with is; undefined, said aloud, where it is not. With REQUIRE_PEERS=1 that fails. */
export function peer(name: string, missed: string): string | undefined {
  const path = systemTool(name);
  if (path !== name) return path;
  if (process.env['REQUIRE_PEERS'] === '1') throw new Error(`REQUIRE_PEERS=1, and ${name} is not installed`);
  process.stderr.write(`NOT TRIED: without ${name}, ${missed}\n`);
  return undefined;
}
