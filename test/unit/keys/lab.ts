import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { trustBundlePath } from '../../../receiver/auth/trust-bundle-file.ts';
import { destroy, listKeys, rotate } from '../../../receiver/commands/key.ts';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { loadRegion, type Region } from '../../../receiver/pki/region-keys.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { verifyTrustBundle, type TrustBundle } from '../../../shared/protocol/trust-bundle.ts';
import { readTrustBundle } from '../../../receiver/auth/trust-bundle-file.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, quiet, type Lab } from '../receiver/lab.ts';

export const dayMs = 86_400_000;

/** A region whose keys turn over by its own commands, on a clock that the test moves. */
export interface KeyLab {
  readonly lab: Lab;
  readonly context: CommandContext;
  region(): Promise<Region>;
  bundle(): Promise<TrustBundle>;
  rotate(role: string, options?: { after?: string; now?: boolean; rootKey?: string }): Promise<string>;
  destroy(id: string, options?: { evenSo?: boolean; reason?: string; rootKey?: string }): Promise<void>;
  list(): Promise<KeyList>;
}

export interface KeyList {
  readonly exitCode: number;
  readonly lines: readonly string[];
  readonly bundle: number;
  readonly keys: readonly {
    readonly id: string;
    readonly role: string;
    readonly state: string;
    readonly known: number;
    readonly needed: {
      readonly agents: readonly { readonly name: string }[];
      readonly certificates: number;
    } | null;
  }[];
  readonly endings: readonly { readonly kind: string; readonly threshold: number; readonly id: string }[];
}

export async function createKeyLab(): Promise<KeyLab> {
  const lab = await createLab();
  onTestFinished(() => lab.close());
  await writeFile(trustBundlePath(lab.folder), lab.bundle.jws);
  return keyLabOf(lab);
}

export function keyLabOf(lab: Lab): KeyLab {
  const context: CommandContext = {
    config: parseConfig(`state: ${lab.folder}\nregion: Test region\n`, join(lab.folder, 'receiver.yaml')),
    ...{ language: 'fr', clock: lab.clock, random: systemRandom, logger: quiet },
  };
  return {
    lab,
    context,
    region: () => loadRegion(stateFolder(lab.folder).keys, lab.clock),
    bundle: async () => verifyTrustBundle((await readTrustBundle(lab.folder)).jws, lab.region.rootDigest, 0),
    rotate: async (role, options = {}) =>
      ((await rotate(context, { role, ...options })).document as { id: string }).id,
    destroy: async (id, options = {}) => {
      await destroy(context, { id, ...options });
    },
    list: async () => {
      const answer = await listKeys(context);
      const { exitCode = 0, lines } = answer;
      return { ...(answer.document as KeyList), exitCode, lines };
    },
  };
}

/** A folder that goes with the test. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vgm-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
