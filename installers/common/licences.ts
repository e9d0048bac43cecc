import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockedPackages, packageFolder } from './fetched.ts';

/** The licence of every package inside, one after the other; `packages` as the lockfile names their places. */
export async function thirdPartyTexts(packages: readonly string[]): Promise<string> {
  const locked = await lockedPackages();
  const parts = await Promise.all(
    packages.map(async (place) => {
      const name = place.replace(/^node_modules\//, '');
      const folder = await packageFolder(name);
      const file = (await readdir(folder)).sort().find((entry) => /^(licen[cs]e|copying)/i.test(entry));
      // Some packages of one project leave the text to their main one.
      const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
      return `${name} ${locked[place]?.version ?? ''} (${locked[place]?.license ?? '?'})\n\n${text.trim()}\n`;
    }),
  );
  return parts.join(`\n${'-'.repeat(78)}\n\n`);
}
