import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { ReleaseFile } from '../../../shared/release/layout.ts';
import { signedBytes } from '../../../shared/release/signature.ts';

/**
 * The same update with words put before its program, signed as a release is: what a release that nobody tried may do. Only
 * `words` differ, so it passes whatever the good one passes until they are run.
 */
export async function brokenUpdate(
  good: string,
  { words, keyFile, to }: { readonly words: string; readonly keyFile: string; readonly to: string },
): Promise<void> {
  const content = unzipSync(await readFile(good));
  const program = content['main.mjs'];
  const listed = content['release.json'];
  if (program === undefined || listed === undefined) throw new Error(`${good} is no update`);
  const broken = strToU8(`${words}\n${strFromU8(program)}`);
  const release = JSON.parse(strFromU8(listed)) as ReleaseFile;
  const files = release.files.map((file) =>
    file.path === 'main.mjs'
      ? { ...file, bytes: broken.length, sha256: createHash('sha256').update(broken).digest('hex') }
      : file,
  );
  const text = strToU8(JSON.stringify({ ...release, files }));
  const signature = sign(null, signedBytes(text), createPrivateKey(await readFile(keyFile, 'utf8')));
  await writeFile(
    to,
    zipSync({ ...content, 'main.mjs': broken, 'release.json': text, 'release.sig': signature }, { level: 1 }),
  );
}
