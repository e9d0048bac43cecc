import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileFiles, passedOver } from '../../support/hostile.ts';
import { runSandbox, type ContractExport, type SandboxRun } from '../../support/sandbox-run.ts';

/** Every hostile and odd file, the whole way, in one run of the contract. */
let run: SandboxRun;

beforeAll(async () => {
  const files = Object.fromEntries(hostileFiles.map(({ name, content }) => [name, content]));
  const ignored = Object.fromEntries(passedOver.map((name) => [name, 'not an export']));
  run = await runSandbox({ ...files, ...ignored });
}, 240_000);
afterAll(() => run.dispose());

function resultOf(name: string): ContractExport {
  const found = run.answer.exports.filter(({ file }) => file === name);
  expect(found, `one result for ${name}`).toHaveLength(1);
  return found[0] as ContractExport;
}

describe('hostile and odd exports', () => {
  it.each(hostileFiles)('$name ends as $ends.state $ends.code', ({ name, ends }) => {
    const result = resultOf(name);
    expect({ state: result.state, code: result.error?.code }).toEqual({ state: ends.state, code: ends.code });
    if (ends.state === 'rejected') {
      expect(result.error?.hint).not.toBe('');
      expect(result.dispatches).toEqual([]);
      return;
    }
    expect(result.rejected).toBe(ends.rejectedRecords ?? 0);
    expect(result.findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...(ends.rules ?? [])]));
    if (ends.carries !== undefined) {
      const [dispatch] = result.dispatches;
      const escaped = ends.carries.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      expect(run.read(`oscour/${dispatch ?? ''}`).replaceAll('&quot;', '"')).toContain(escaped);
    }
  });

  it('are taken in byte order of their names, and what is no export is passed over', () => {
    const names = run.answer.exports.map(({ file }) => file);
    const expected = hostileFiles.map(({ name }) => Buffer.from(name)).sort((a, b) => a.compare(b));
    expect(names).toEqual(expected.map(String));
  });

  it('all reach a final state', () => {
    expect(run.code).toBe(0);
  });
});
