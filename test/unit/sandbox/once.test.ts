import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = resolve(import.meta.dirname, '../../../installers/sandbox/main.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaguemestre-once-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sandbox(...options: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((settle) => {
    execFile(process.execPath, [main, ...options], (error, stdout, stderr) => {
      settle({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

describe('the contract', () => {
  it('answers one document with a code and a hint when the source folder does not exist', async () => {
    const missing = join(folder, 'nowhere');
    const { code, stdout, stderr } = await sandbox('--source', missing, '--out', folder, '--once', '--json');
    expect(code).toBe(1);
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({
      contract: 1,
      exports: [],
      forwarded: [],
      error: { code: 'sandbox-source-missing' },
    });
    expect(stderr).toContain(missing);
  });

  it('answers one document when its options do not go together', async () => {
    const { code, stdout } = await sandbox('--once', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ contract: 1, error: { code: 'sandbox-options' } });
  });
});
