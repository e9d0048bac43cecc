import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from './bundle.ts';
import type { Maker, Making } from './maker.ts';
import { hasTool, runTool } from './tools.ts';
import { makers } from './makers.ts';
import type { ProductFacts } from './products.ts';
import type { Release } from './release.ts';
import { stage, type Staged } from './stage.ts';

/**
 * `npm run package`: every package that this machine's tools can make, under `dist/`, with its SHA-256 list. What could not
 * be made is said, with its reason, at the end; asked for by name (`--only`), it is an error.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string', default: join(repository, 'dist') },
    version: { type: 'string' },
    fast: { type: 'boolean', default: false },
    downgrade: { type: 'boolean', default: false },
    'sign-key': { type: 'string' },
    'expires-days': { type: 'string', default: '400' },
  },
});

const out = resolve(options.out);
await mkdir(out, { recursive: true });
const signingKey =
  options['sign-key'] === undefined ? undefined : await readFile(options['sign-key'], 'utf8');
const release = await releaseOf();
const wanted = options.only?.split(',');
const chosen = makers.filter(({ name }) => wanted === undefined || wanted.includes(name));
const unknown = wanted?.filter((name) => !makers.some((maker) => maker.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(
    `no such package: ${unknown.join(', ')}; there are ${makers.map(({ name }) => name).join(', ')}`,
  );

const making: Making = { out, fast: options.fast, signingKey };
const staged = new Map<string, Promise<Staged>>();
const made: string[] = [];
const skipped: string[] = [];
for (const maker of chosen)
  for (const facts of maker.products) {
    const missing = await missingFor(maker);
    if (missing !== undefined) {
      skipped.push(`${maker.name} of ${facts.product}: ${missing}`);
      continue;
    }
    const from = performance.now();
    const files = await maker.make(await treeOf(facts, maker), making);
    made.push(...files);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    for (const file of files) process.stdout.write(`made     ${basename(file)}  ${seconds} s\n`);
  }
await writeSums();
for (const line of skipped) process.stdout.write(`SKIPPED  ${line}\n`);
if (skipped.length > 0 && wanted !== undefined) process.exitCode = 1;

/** Why a package cannot be made here. */
async function missingFor({ needs, name }: Maker): Promise<string | undefined> {
  const missing: string[] = [];
  for (const program of needs) if (!(await hasTool(program))) missing.push(program);
  if (missing.length > 0) return `${missing.join(', ')} not installed`;
  return name.startsWith('update-') && signingKey === undefined
    ? 'no release key (--sign-key FILE)'
    : undefined;
}

function treeOf(facts: ProductFacts, { platform }: Maker): Promise<Staged> {
  const name = `${facts.product}-${release.version}-${platform.name}`;
  const known = staged.get(name);
  if (known !== undefined) return known;
  const tree = releaseKeys().then((keys) =>
    stage(facts, { platform, release, home: join(out, '.stage', name), releaseKeys: keys }),
  );
  staged.set(name, tree);
  return tree;
}

/** The public half of the key that signs here; without one, what is installed takes no updates. */
async function releaseKeys(): Promise<Readonly<Record<string, string>>> {
  if (signingKey === undefined) return {};
  const pem = createPublicKey(createPrivateKey(signingKey)).export({ type: 'spki', format: 'pem' }) as string;
  return { [`${createHash('sha256').update(pem).digest('hex').slice(0, 16)}.pem`]: pem };
}

async function releaseOf(): Promise<Release> {
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  const epoch = Number(process.env['SOURCE_DATE_EPOCH'] ?? (await lastChange()));
  return {
    version: options.version ?? version,
    ...{ epoch, sequence: epoch, minimum: '0.1.0', downgrade: options.downgrade },
    expiresAt: (epoch + Number(options['expires-days']) * 86_400) * 1000,
  };
}

/** Seconds since 1970 of the last commit. */
async function lastChange(): Promise<string> {
  if (!existsSync(join(repository, '.git'))) throw new Error('no git history: set SOURCE_DATE_EPOCH');
  return (await runTool('git', ['log', '-1', '--format=%ct'], { cwd: repository })).trim();
}

async function writeSums(): Promise<void> {
  const lines = await Promise.all(
    [...made].sort().map(async (path) => {
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return `${digest}  ${basename(path)}\n`;
    }),
  );
  await writeFile(join(out, 'SHA256SUMS'), lines.join(''));
}
