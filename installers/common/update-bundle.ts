import { createPrivateKey, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { signedBytes, updateSuffix } from '../../shared/release/signature.ts';
import type { ReleaseFile } from '../../shared/release/layout.ts';
import type { Maker } from './maker.ts';
import type { Platform } from './platforms.ts';
import { agentFacts } from './products.ts';

/**
 * What `vaguemestre-agent update --file` takes: a zip of `release.json`, `release.sig` (Ed25519) and the files that the
 * release lists, and nothing else.
 */
export function updateBundle(platform: Platform): Maker {
  return {
    name: `update-${platform.name}`,
    products: [agentFacts],
    platform,
    needs: [],
    make: async ({ facts, release, versionFolder }, { out, signingKey }) => {
      if (signingKey === undefined) return [];
      const text = await readFile(join(versionFolder, 'release.json'));
      const { files } = JSON.parse(text.toString()) as ReleaseFile;
      // A zip has local time: noon of the release's day, wherever it is made.
      const day = new Date(release.epoch * 1000);
      const mtime = new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12);
      const signature = sign(null, signedBytes(text), createPrivateKey(signingKey));
      const content: Zippable = { 'release.json': [text, { mtime }], 'release.sig': [signature, { mtime }] };
      for (const { path } of files) content[path] = [await readFile(join(versionFolder, path)), { mtime }];
      const path = join(out, `${facts.product}-${release.version}-${platform.name}${updateSuffix}`);
      await writeFile(path, zipSync(content, { level: 9 }));
      return [path];
    },
  };
}
