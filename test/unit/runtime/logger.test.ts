import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { permanent } from '../../../shared/runtime/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';

it('an error’s message is in no line, however many lines it has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vaguemestre-logger-'));
  const file = join(folder, 'log');
  const fd = openSync(file, 'w');
  try {
    let cause: unknown;
    try {
      // The reader's message quotes what it read, line ends and all.
      JSON.parse('{"commune":\nCANARIVILLE\n}');
    } catch (error) {
      cause = error;
    }
    expect(String(cause)).toContain('\nCANARI');
    createLogger({ name: 'test', fd }).error({ err: permanent('unexpected', { cause }) }, 'broken');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('CANARI');
    expect(text).toContain('logger.test.ts');
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
});
