import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { performStep } from '../../../agent/service/steps.ts';

const folder = mkdtempSync(join(tmpdir(), 'service-steps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A service manager that is busy the first times it is asked: it complains where `to` says. */
const busy = (name: string, times: number, to: 1 | 2 = 2): readonly string[] => {
  const seen = join(folder, name);
  return [
    'sh',
    '-c',
    `echo x >> "$0"; if [ "$(wc -l < "$0")" -le ${times} ]; then echo "database locked" >&${to}; exit 5; fi`,
    seen,
  ];
};
const asked = (name: string): number => readFileSync(join(folder, name), 'utf8').split('\n').length - 1;

describe('a step of the system', () => {
  it('is tried again when the service manager is busy', async () => {
    expect(await performStep({ kind: 'run', command: busy('once', 1) }, undefined)).toBe('done');
    expect(asked('once')).toBe(2);
  });

  it('fails in the end, with what the command said on either output', async () => {
    for (const [name, to] of [
      ['errors', 2],
      ['words', 1],
    ] as const)
      await expect(performStep({ kind: 'run', command: busy(name, 9, to) }, undefined)).rejects.toMatchObject(
        { code: 'service-step-failed', facts: { reason: 'database locked' } },
      );
    expect(asked('words')).toBe(3);
  });

  it('is not tried again when it may fail, nor when its program is not there', async () => {
    const mayFail = { kind: 'run', command: busy('may', 9), mayFail: true } as const;
    expect(await performStep(mayFail, undefined)).toBe('skipped');
    expect(asked('may')).toBe(1);
    await expect(
      performStep({ kind: 'run', command: [join(folder, 'nothing-here')] }, undefined),
    ).rejects.toMatchObject({ facts: { reason: 'ENOENT' } });
  });
});
