import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { ProductFacts } from './products.ts';

export const repository = resolve(import.meta.dirname, '../..');

/**
 * esbuild drops `require` and the folder's name from ES modules; the packages in the bundle still ask for them. It does not
 * know the names in here: they are longer than any that it gives.
 */
const banner =
  "import{createRequire as requireOfThisModule}from'node:module';const require=requireOfThisModule(import.meta.url),__filename=import.meta.filename,__dirname=import.meta.dirname;";

const common = {
  absWorkingDir: repository,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  // Names are in stack traces that hospitals send.
  keepNames: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
} as const;

/**
 * A product's code as modules that share what they have in common, so that a command loads what it needs and no more.
 * Answers where the packages that are inside lie, as the lockfile says it.
 */
export async function bundleProduct(
  facts: ProductFacts,
  { folder, version }: { readonly folder: string; readonly version: string },
): Promise<readonly string[]> {
  const { metafile } = await build({
    ...common,
    entryPoints: [...facts.entries],
    outdir: folder,
    splitting: true,
    entryNames: '[name]',
    chunkNames: '[hash]',
    banner: { js: banner },
    // cpu-features: ssh2 does without it.
    external: [...facts.packages, 'cpu-features', '*.node'],
    plugins: [versionOf(facts, version)],
  });
  return packagesIn(Object.keys(metafile.inputs));
}

/** The launcher alone, which no update touches: one file without a package in it. */
export async function bundleLauncher(folder: string): Promise<void> {
  const { metafile } = await build({
    ...common,
    entryPoints: { launch: 'installers/launcher/main.ts' },
    outdir: folder,
    minify: false,
  });
  const packages = packagesIn(Object.keys(metafile.inputs));
  if (packages.length > 0) throw new Error(`the launcher must stand alone, but has ${packages.join(', ')}`);
}

/** The version being built may be another than the checkout's: a next one, made for a test. */
function versionOf({ sources }: ProductFacts, version: string): Plugin {
  const file = resolve(repository, sources, 'version.ts');
  return {
    name: 'version',
    setup: (build) => {
      build.onLoad({ filter: /[\\/]version\.ts$/ }, async ({ path }) => {
        if (path !== file) return undefined;
        const text = await readFile(path, 'utf8');
        const contents = text.replace(/'\d+\.\d+\.\d+'/, JSON.stringify(version));
        if (!contents.includes(`"${version}"`)) throw new Error(`${path} names no version`);
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** "node_modules/a/node_modules/@b/c", as the lockfile names them. */
function packagesIn(inputs: readonly string[]): readonly string[] {
  const found = inputs.flatMap(
    (input) => /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [],
  );
  return [...new Set(found)].sort();
}
