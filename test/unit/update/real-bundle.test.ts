import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { migrations } from '../../../agent/outbox/schema.ts';
import { linuxX64, windowsX64, type Platform } from '../../../installers/common/platforms.ts';
import { agentFacts } from '../../../installers/common/products.ts';
import type { Release } from '../../../installers/common/release.ts';
import { stage, type Staged } from '../../../installers/common/stage.ts';
import { updateBundle } from '../../../installers/common/update-bundle.ts';
import type { InstallFile } from '../../../shared/release/layout.ts';
import { temporaryFolder } from '../agent/support.ts';
import { jsonAt } from './lab.ts';

const execute = promisify(execFile);
const platforms: readonly Platform[] = [linuxX64, windowsX64];
const platform = platforms.find(({ name }) => name === `${process.platform}-${process.arch}`);

let root: string;
let home: string;
beforeEach(() => {
  root = temporaryFolder();
  home = join(root, 'home');
});

/** The agent as it is shipped, of another version: code, launcher, packages. Its Node stands for a moment only. */
function stageVersion(version: string, into: string, key: { readonly publicPem: string }): Promise<Staged> {
  const release: Release = {
    ...{ version, epoch: 1_790_000_000, sequence: 1_790_000_000, minimum: '0.1.0', downgrade: false },
    expiresAt: Date.UTC(2100, 0, 1),
  };
  const runtime = join(root, 'node');
  const releaseKeys = { 'vendor.pem': key.publicPem };
  return stage(agentFacts, { platform: platform ?? linuxX64, release, home: into, releaseKeys, runtime });
}

it.skipIf(platform === undefined)(
  'the agent as it is shipped updates itself and goes back',
  async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const signingKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    writeFileSync(join(root, 'node'), 'node');
    await stageVersion('0.1.0', home, { publicPem });
    rmSync(join(home, 'runtime', 'node'));
    symlinkSync(process.execPath, join(home, 'runtime', 'node'));
    const next = await stageVersion('0.2.0', join(root, 'next'), { publicPem });
    const [file = ''] = await updateBundle(next.platform).make(next, { out: root, fast: true, signingKey });

    const [state, exports, config] = ['state', 'exports', 'agent.yaml'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    const install: InstallFile = {
      ...{ product: 'vaguemestre-agent', kind: 'tar', config, account: 'vaguemestre' },
      ...{ releases: join(root, 'releases'), trial: join(state, 'trial.json') },
    };
    writeFileSync(join(home, 'install.json'), JSON.stringify(install));
    for (const folder of [state, exports]) mkdirSync(folder);
    const source = { name: 'urgences', folder: exports, mappings: ['rpu-2006'] };
    writeFileSync(config, JSON.stringify({ state, sources: [source] }));
    openAgentDatabase(join(state, 'agent.db')).close();

    const agent = async (...words: string[]): Promise<Record<string, unknown>> => {
      const node = join(home, 'runtime', 'node');
      const { stdout } = await execute(node, [join(home, 'launch.mjs'), ...words, '--json'], {
        env: { PATH: process.env['PATH'] },
      });
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const outcomes = {
      ...{ node: 'well', addon: 'well', config: 'well', identity: 'absent' },
      ...{ mappings: 'well', database: 'well', seal: 'well' },
    };
    const tested = async () => {
      const { version, schema, checks } = await agent('selftest');
      const each = (checks as { name: string; outcome: string }[]).map(({ name, outcome }) => [
        name,
        outcome,
      ]);
      return { version, schema, checks: Object.fromEntries(each) as unknown };
    };

    const service = ['--service', 'vaguemestre-not-installed'];
    const updated = await agent('update', '--file', file, '--yes', ...service);
    expect(updated).toMatchObject({ outcome: 'notRunning', version: '0.2.0', previous: '0.1.0' });
    expect(jsonAt(join(root, 'releases', 'current.json'))).toMatchObject({ version: '0.2.0' });
    expect(await tested()).toEqual({ version: '0.2.0', schema: migrations.length, checks: outcomes });
    expect(await agent('update', '--status')).toMatchObject({
      version: '0.2.0',
      packaged: '0.1.0',
      kind: 'tar',
    });
    expect(await agent('update', '--back', '--yes', ...service)).toMatchObject({ version: '0.1.0' });
    expect(await agent('update', '--status')).toMatchObject({ version: '0.1.0' });
  },
  180_000,
);
