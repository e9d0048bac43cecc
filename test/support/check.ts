import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * `npm run check`: types, lint, format, import rules, dead code; one line each, details of what failed after it.
 * A tool that looked at nothing passes everything, so the import check is held against the files git knows.
 */
const root = resolve(import.meta.dirname, '../..');
process.chdir(root);

interface Outcome {
  readonly passed: boolean;
  readonly summary: string;
  readonly details: string;
}

interface Check {
  readonly name: string;
  run(): Promise<Outcome>;
}

const sources = ['agent', 'receiver', 'shared', 'installers', 'test'].filter((folder) => existsSync(folder));

const checks: readonly Check[] = [
  {
    name: 'types',
    run: () => viaTool('typescript', 'bin/tsc', ['--noEmit', '-p', '.']),
  },
  {
    name: 'lint',
    run: () => viaTool('eslint', 'bin/eslint.js', ['--max-warnings=0', ...sources, 'eslint.config.js']),
  },
  {
    name: 'format',
    run: () => viaTool('prettier', 'bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  },
  { name: 'imports', run: checkImports },
  {
    name: 'dead code',
    run: () => viaTool('knip', 'bin/knip.js', ['--no-progress']),
  },
];

const only = process.argv.slice(2);
let failed = 0;
for (const check of checks.filter(({ name }) => only.length === 0 || only.includes(name))) {
  const from = performance.now();
  const outcome = await check.run();
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  const line = `${outcome.passed ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(10)} ${seconds.padStart(6)} s  ${outcome.summary}`;
  process.stdout.write(`${line.trimEnd()}\n`);
  if (outcome.passed) continue;
  failed += 1;
  process.stdout.write(`${outcome.details.trimEnd()}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runNode(packageName: string, bin: string, args: readonly string[]): Promise<Finished> {
  const script = resolve('node_modules', packageName, bin);
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, ['--max-old-space-size=3072', script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      settle({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

async function viaTool(packageName: string, bin: string, args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await runNode(packageName, bin, args);
  return { passed: code === 0, summary: '', details: stdout + stderr };
}

interface Cruised {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

async function checkImports(): Promise<Outcome> {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...sources];
  const { code, stdout, stderr } = await runNode('dependency-cruiser', 'bin/dependency-cruiser.mjs', args);
  if (code !== 0) return { passed: false, summary: 'did not run', details: stderr };
  const { modules, summary } = JSON.parse(stdout) as Cruised;
  const seen = new Set(modules.map(({ source }) => source));
  const tracked = trackedSources();
  const unseen = tracked.filter((file) => !seen.has(file));
  const broken = summary.violations.map(({ rule, from, to }) => `  ${rule.name}: ${from} → ${to}`);
  return {
    passed: unseen.length === 0 && tracked.length > 0 && broken.length === 0,
    summary: `${tracked.length - unseen.length} of ${tracked.length} modules seen, ${broken.length} rules broken`,
    details: [...unseen.map((file) => `  not seen: ${file}`), ...broken].join('\n'),
  };
}

function trackedSources(): string[] {
  return execFileSync('git', ['ls-files', '-z', '--', '*.ts'], { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && dirname(file) !== '.' && existsSync(file));
}
