import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { systemTool } from '../../support/system-tool.ts';

/** An independent implementation to check against. */
export function openssl(...args: readonly string[]): { code: number | null; stdout: Buffer; stderr: string } {
  const { status, stdout, stderr } = spawnSync(systemTool('openssl'), args, { maxBuffer: 64 * 1024 * 1024 });
  return { code: status, stdout, stderr: stderr.toString() };
}

const present = spawnSync(systemTool('openssl'), ['version']).status === 0;
const required = process.env['REQUIRE_PEERS'] === '1';
if (!present && required) throw new Error('REQUIRE_PEERS=1, and openssl is not installed');
if (!present) process.stderr.write('openssl is not installed: checks against it are SKIPPED\n');

export const withOpenssl = test.skipIf(!present);
