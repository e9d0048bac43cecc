import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateHolder, takeStateLock } from '../../../agent/health/state-lock.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { onCommandLine } from '../../support/command-line.ts';

let folder: string;
let state: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-lock-'));
  state = join(folder, 'state');
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  rmSync(folder, { recursive: true });
});

async function holder(): Promise<ChildProcess> {
  const started = spawn(
    process.execPath,
    [new URL('../../support/hold-state.ts', import.meta.url).pathname, state],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child = started;
  await once(started.stdout, 'data');
  return started;
}

function configFile(): string {
  const path = join(folder, 'agent.yaml');
  writeFileSync(path, `state: ${state}\nsources: [{ name: a, folder: ${folder}, mappings: [rpu-2006] }]\n`);
  return path;
}

describe('the lock on the state folder', () => {
  it('refuses a second process, and names the one that holds it', async () => {
    const { pid } = await holder();
    const fault: unknown = expect.objectContaining({ code: 'state-locked' });
    expect(() => takeStateLock(state, systemClock)).toThrow(fault);
    expect(stateHolder(state)).toMatchObject({ pid });
  });

  it('is free at once after the holder was killed', async () => {
    const held = await holder();
    held.kill('SIGKILL');
    await once(held, 'exit');
    expect(stateHolder(state)).toBeUndefined();
    const unlock = takeStateLock(state, systemClock);
    expect(stateHolder(state)).toMatchObject({ pid: process.pid });
    unlock();
    expect(stateHolder(state)).toBeUndefined();
  });

  it('is taken by run, run --once and enroll, which say so in the reader’s language', async () => {
    await holder();
    const config = ['--config', configFile()];
    for (const words of [['run'], ['run', '--once'], ['enroll', '--url', 'https://localhost:1']]) {
      const fr = await onCommandLine([...words, ...config], { stdin: 'VGM-CODE' });
      expect(fr.code, words.join(' ')).toBe(1);
      expect(fr.err).toMatch(/state-locked: Un autre agent travaille déjà/);
    }
    const en = await onCommandLine(['run', '--once', '--json', ...config], { language: 'en' });
    expect(en.err).toMatch(/Another agent already works in/);
    expect(JSON.parse(en.out)).toMatchObject({ error: { code: 'state-locked' } });
  });

  it('says nothing of a state that nobody ever held, and makes nothing there', () => {
    expect(stateHolder(state)).toBeUndefined();
  });
});
