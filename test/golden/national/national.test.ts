import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSandbox, type SandboxRun } from '../../support/sandbox-run.ts';
import { withoutExtract } from './without-extract.ts';

/** Exports in the shapes of real software, over the night of the clock change: in, and what the agencies get. */
const inputs = join(import.meta.dirname, 'in');
const outputs = join(import.meta.dirname, 'out');
const names = readdirSync(inputs).sort();

describe('the national files', () => {
  let run: SandboxRun | undefined;
  const found = (): SandboxRun => {
    if (run === undefined) throw new Error('the sandbox did not run');
    return run;
  };
  beforeAll(async () => {
    run = await runSandbox(Object.fromEntries(names.map((name) => [name, readFileSync(join(inputs, name))])));
  }, 120_000);
  afterAll(() => run?.dispose());

  it.each(names)('of %s are the golden ones, to the byte', (name) => {
    const document = found().answer.exports.find(({ file }) => file === name);
    expect(document?.state).toBe('forwarded');
    const expected = readdirSync(outputs).filter((each) => each.startsWith(`${name}.`));
    expect(document?.dispatches).toHaveLength(expected.length);
    expect(expected.length).toBeGreaterThan(0);
    for (const [index, dispatch] of (document?.dispatches ?? []).entries()) {
      const path = found().answer.forwarded.find((each) => each.endsWith(`/${dispatch}`)) ?? '';
      const golden = readFileSync(join(outputs, `${name}.${index}`), 'utf8');
      expect(withoutExtract(found().read(path))).toBe(golden);
    }
  });
});
