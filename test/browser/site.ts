import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startChild, type Child } from '../../installers/sandbox/children.ts';
import { createDemoRegion, type DemoRegion } from '../support/portal/demo-region.ts';

/** A region with weeks behind it, served by a real receiver, and accounts made by the command line. */
export interface Site {
  readonly region: DemoRegion;
  readonly origin: string;
  /** The one-time password of a new account. */
  addAccount(login: string, name: string, profile: string, ...more: readonly string[]): string;
  receiver(...command: readonly string[]): string;
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

export async function openSite(
  options: { readonly settings?: Readonly<Record<string, unknown>>; readonly hospitals?: number } = {},
): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-browser-'));
  let child: Child | undefined;
  const close = async (): Promise<void> => {
    await child?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const region = await createDemoRegion({ folder, now: Date.now(), ...options });
    const command = ['receiver/main.ts', 'serve', '--config', region.configFile] as const;
    child = startChild({ command, logFile: join(folder, 'receiver.log') });
    const origin = await listening(region, child, join(folder, 'receiver.log'));
    const receiver = (...words: readonly string[]): string =>
      execFileSync(
        process.execPath,
        [resolve(root, 'receiver/main.ts'), ...words, '--config', region.configFile],
        {
          encoding: 'utf8',
        },
      );
    return {
      ...{ region, origin, receiver, close },
      addAccount: (login, name, profile, ...more) => {
        const said = receiver(
          'account',
          'add',
          login,
          '--name',
          name,
          '--profile',
          profile,
          ...more,
          '--json',
        );
        return (JSON.parse(said) as { password: string }).password;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listening({ config }: DemoRegion, child: Child, log: string): Promise<string> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.hasExited()) break;
    try {
      const text = await readFile(join(config.state, 'listeners.json'), 'utf8');
      const { portal } = JSON.parse(text) as { portal: { host: string; port: number } };
      return `http://${portal.host}:${portal.port}`;
    } catch {
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
  throw new Error(`the receiver does not listen: ${await readFile(log, 'utf8')}`);
}
