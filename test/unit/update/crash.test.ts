import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesOf, listed, makeLab, makeUpdate, schema, update, type Lab } from './lab.ts';

const child = join(import.meta.dirname, 'update-child.ts');

/** `update --file` in a process of its own, killed at the named point. */
async function killedAt(point: string, lab: Lab, file: string): Promise<string | null> {
  const running = spawn(process.execPath, [child, lab.home, lab.config, file], {
    env: { ...process.env, VAGUEMESTRE_CRASH_AT: point },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [, signal] = (await once(running, 'exit')) as [number | null, string | null];
  return signal;
}

const points = [
  'update-part-written',
  'update-laid',
  'update-staged',
  'update-before-switch',
  'update-switched',
  'update-restarted',
];
const decided = new Set(['update-switched', 'update-restarted']);

it.each(points)(
  'killed at %s, what runs is whole, and the same command ends what it began',
  async (point) => {
    const lab = await makeLab();
    const files = filesOf('0.2.0', { schema: schema + 1, floor: schema });
    const file = makeUpdate(lab, '0.2.0', { files });
    expect(await killedAt(point, lab, file)).toBe('SIGKILL');
    expect(lab.runs()).toBe(decided.has(point) ? '0.2.0' : '0.1.0');
    expect(lab.laid()).toEqual([point === 'update-part-written' ? '0.2.0.part' : '0.2.0']);
    // Its next start, whenever that is, finds something that runs.
    expect(spawnSync(process.execPath, [join(lab.home, 'launch.mjs'), 'selftest']).status).toBe(0);
    expect((await update(lab, { file, yes: true })).end).toBe(0);
    expect(lab.runs()).toBe('0.2.0');
    expect(lab.laid()).toEqual(['0.2.0']);
    expect(listed(lab.state).filter((name) => name.startsWith('selftest-'))).toEqual([]);
    expect((await update(lab, { apply: true, yes: true })).end).toBe('update-nothing-staged');
  },
);

it('killed while the new version is tried, its copy goes with the next update', async () => {
  const lab = await makeLab();
  const files = filesOf('0.2.0', { waits: true });
  const running = spawn(
    process.execPath,
    [child, lab.home, lab.config, makeUpdate(lab, '0.2.0', { files })],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const copies = () => listed(lab.state).filter((name) => name.startsWith('selftest-'));
  const begun = (): boolean => listed(join(lab.state, copies()[0] ?? '')).includes('tried');
  await expect.poll(begun, { timeout: 50_000 }).toBe(true);
  // It and what it had started, as when the machine goes down.
  process.kill(-(running.pid ?? 0), 'SIGKILL');
  await once(running, 'exit');
  expect(copies()).toHaveLength(1);
  expect(lab.runs()).toBe('0.1.0');
  expect((await update(lab, { file: makeUpdate(lab, '0.2.1'), yes: true })).end).toBe(0);
  expect(copies()).toEqual([]);
  expect(lab.laid()).toEqual(['0.2.1']);
});
