import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fault/live.ts';
import { peer } from '../support/peer.ts';

/** `npm start` with an agency that fails, watched as a person watches it until the queue is empty. */
const main = resolve(import.meta.dirname, '../../installers/sandbox/main.ts');
const sshd = peer('sshd', 'the sandbox with an SFTP agency is not tried');
const gpg = peer('gpg', 'the sandbox with an SFTP agency is not tried');
let out: string;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'vaguemestre-show-'));
});
afterEach(async () => {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  rmSync(out, { recursive: true, force: true });
});

interface Show {
  readonly text: () => string;
  /** Ends it as Ctrl-C does, and answers its exit code. */
  readonly stop: () => Promise<number | null>;
}

function show(...options: readonly string[]): Show {
  const child = spawn(process.execPath, [main, '--out', out, ...options], {
    env: { ...process.env, LANG: 'en_GB.UTF-8', LC_ALL: 'en_GB.UTF-8', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<number | null>((settle) => child.on('close', settle));
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return ended;
  };
  ends.push(stop);
  return { text: () => said, stop };
}

const files = (): string[] => readdirSync(join(out, 'oscour'));

describe('the sandbox with an agency that fails', () => {
  it('shows the region waiting, its breaker opening, and the queue emptied once the agency is back', async () => {
    const { text, stop } = show('--agency-fault', 'down', '--agency-seconds', '8');
    await eventually('the week is over', () => text().includes('The region is running'), 150);
    const order = [
      'sandbox agency: https://localhost:',
      'does not answer any more',
      'a delivery failed (delivery-unavailable)',
      'breaker open',
      'is well again',
      'the queue is empty',
    ].map((line) => text().indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(files().length).toBeGreaterThan(15);
    for (const name of files())
      expect(readFileSync(join(out, 'oscour', name), 'utf8')).toContain('</OSCOUR>');
    expect(await stop()).toBe(0);
  }, 200_000);

  it.skipIf(sshd === undefined || gpg === undefined)(
    'delivers over SFTP, sealed for a key made on the spot, and its refusals reach the hospital',
    async () => {
      const { text, stop } = show('--agency-sftp', '--agency-fault', 'refuse', '--agency-seconds', '3');
      await eventually('the week is over', () => text().includes('The region is running'), 150);
      expect(text()).toContain('sandbox agency: sftp://127.0.0.1:');
      expect(text()).toContain('refuses every file by the code ESSAI-042');
      const traced = /agent -- trace (\S+:12) --config (\S+)/.exec(
        text().slice(text().indexOf('The refusal of')),
      );
      expect(traced).not.toBeNull();
      expect(files().length).toBeGreaterThan(5);
      for (const name of files())
        expect(readFileSync(join(out, 'oscour', name), 'utf8')).toContain('</OSCOUR>');
      const region = /\((\/\S+)\)\.?\s*$/.exec(text().trimEnd())?.[1] ?? '';
      expect(existsSync(region)).toBe(true);
      expect(await stop()).toBe(0);
      expect(existsSync(region)).toBe(false);
    },
    200_000,
  );
});
