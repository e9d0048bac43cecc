import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../installers/common/bundle.ts';
import { runProgram } from './support/processes.ts';
import { canTry } from './support/need.ts';
import { openWorkshop, type Built, type Workshop } from './support/build.ts';

const tried = canTry(['dpkg-deb'], 'nobody looks into the packages');
const withRpm = tried && canTry(['rpmbuild', 'rpm'], 'nobody looks into the .rpm');
const newestGlibc = 34;

interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

describe.runIf(tried)('what is in the packages', () => {
  let workshop: Workshop;
  let built: Built;

  beforeAll(async () => {
    workshop = await openWorkshop();
    built = await workshop.build('0.1.0', withRpm ? ['deb', 'rpm'] : ['deb']);
    for (const product of products)
      await runProgram('dpkg-deb', ['-x', deb(product.name), join(workshop.folder, product.name)]);
  });
  afterAll(() => workshop.close());

  const products = [
    { name: 'vaguemestre-agent', sources: 'agent', elves: 2 },
    // Its own Node, SQLite, and Argon2.
    { name: 'vaguemestre-receiver', sources: 'receiver', elves: 3 },
  ] as const;
  const deb = (product: string): string => built.file(`${product}_`, '.deb');
  const home = (product: string): string => join(workshop.folder, product, 'usr/lib', product);

  describe.each(products)('$name', ({ name, sources, elves }) => {
    it('runs where glibc is the one that it declares, or newer', async () => {
      const binaries = filesUnder(home(name)).filter(isElf);
      expect(binaries.length).toBeGreaterThanOrEqual(elves);
      for (const file of binaries) {
        const wanted = highestGlibc(file);
        expect({ file, isTold: wanted > 0, isHeld: wanted <= newestGlibc }).toMatchObject({
          isTold: true,
          isHeld: true,
        });
      }
      expect(await runProgram('dpkg-deb', ['-f', deb(name), 'Depends'])).toMatch(
        new RegExp(String.raw`\blibc6 \(>= 2\.${newestGlibc}\)`),
      );
    });

    it.runIf(withRpm)('says so in its .rpm as well', async () => {
      const rpm = built.file(`${name}-`, '.rpm');
      const required = await runProgram('rpm', ['-qp', '--requires', rpm]);
      expect(required).toMatch(
        new RegExp(String.raw`^(glibc >= 2\.${newestGlibc}|libc\.so\.6\(GLIBC_2\.${newestGlibc}\).*)$`, 'm'),
      );
    });

    it('has a list of what is inside that leaves nothing out', () => {
      const folder = join(home(name), 'versions/0.1.0');
      const bom = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')) as {
        bomFormat: string;
        specVersion: string;
        components: Component[];
      };
      expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
      const versions = new Map(bom.components.map((each) => [each.name, each.version]));
      const imported = importedBy([sources, 'shared']);
      expect(imported.length).toBeGreaterThan(10);
      for (const each of imported) {
        const installed = JSON.parse(
          readFileSync(join(repository, 'node_modules', each, 'package.json'), 'utf8'),
        ) as { version: string };
        expect({ each, version: versions.get(each) }).toEqual({ each, version: installed.version });
      }
      for (const each of laidPackages(join(folder, 'node_modules')))
        expect({ each: each.name, version: versions.get(each.name) }).toEqual({
          ...{ each: each.name, version: each.version },
        });
    });

    it('names its Node by the right digest', () => {
      const node = readFileSync(join(home(name), 'runtime/node'));
      const text = readFileSync(join(home(name), 'versions/0.1.0/sbom.cdx.json'), 'utf8');
      const { components } = JSON.parse(text) as { components: Component[] };
      expect(components.find((each) => each.name === 'node')?.hashes).toEqual([
        { alg: 'SHA-256', content: createHash('sha256').update(node).digest('hex') },
      ]);
    });

    it('belongs to root and is nobody else’s to change', async () => {
      const listed = await runProgram('dpkg-deb', ['-c', deb(name)]);
      for (const line of listed.trim().split('\n'))
        expect(line).toMatch(/^(l.{9}|[-d]r[w-][x-]r-[x-]r-[x-]) root\/root /);
    });
  });
});

/** Packages that the sources name, by their own words. */
function importedBy(folders: readonly string[]): string[] {
  const named = folders
    .flatMap((folder) => filesUnder(join(repository, folder)))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'((?:@[\w-]+\/)?[\w-]+)[^']*'/g),
    ])
    .map(([, name]) => name ?? '');
  return [...new Set(named)].filter((name) =>
    existsSync(join(repository, 'node_modules', name, 'package.json')),
  );
}

function laidPackages(folder: string): { name: string; version: string }[] {
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('@')) return laidPackages(join(folder, name));
    const file = join(folder, name, 'package.json');
    return existsSync(file)
      ? [JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string }]
      : [];
  });
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function isElf(file: string): boolean {
  return readFileSync(file).subarray(0, 4).toString('latin1') === '\u007fELF';
}

/** The minor number of the newest glibc symbol that a binary names: at least what it needs. */
function highestGlibc(file: string): number {
  const named = readFileSync(file)
    .toString('latin1')
    .matchAll(/GLIBC_2\.(\d+)/g);
  return Math.max(0, ...[...named].map(([, minor]) => Number(minor)));
}
