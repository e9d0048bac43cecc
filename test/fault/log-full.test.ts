import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

const logger = resolve(import.meta.dirname, '../../shared/runtime/logger.ts');
const program = `
  const { createLogger } = await import(${JSON.stringify(logger)});
  const log = createLogger({ name: 'test' });
  for (let line = 0; line < 5000; line += 1) log.info({ line }, 'line-that-does-not-fit');
  await new Promise((resolve) => setImmediate(resolve));
  log.info('one-more');
  console.log('alive');`;

// Only Linux has a device that is always full.
it.runIf(process.platform === 'linux')('a log on a full disk does not end the program', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', openSync('/dev/full', 'w')],
  });
  const said = child.stdout === null ? '' : await text(child.stdout);
  if (child.exitCode === null) await once(child, 'exit');
  expect([said.trim(), child.exitCode]).toEqual(['alive', 0]);
});
