import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const configuration = join(root, '.dependency-cruiser.cjs');
const rules = (
  createRequire(import.meta.url)(configuration) as { forbidden: readonly { name: string }[] }
).forbidden.map(({ name }) => name);

interface Case {
  readonly rule: string;
  readonly from: string;
  readonly imports: string;
}

/** One import per rule that must be refused; the target is created when it is a file of the tree. */
const broken: readonly Case[] = [
  { rule: 'no-cycle', from: 'agent/outbox/one.ts', imports: 'agent/outbox/two.ts' },
  { rule: 'resolvable', from: 'agent/outbox/lost.ts', imports: './nowhere.ts' },
  { rule: 'declared-dependency', from: 'agent/outbox/undeclared.ts', imports: 'vite' },
  { rule: 'product-without-development-packages', from: 'shared/runtime/dev.ts', imports: 'vitest' },
  { rule: 'product-without-tests', from: 'shared/runtime/tests.ts', imports: 'test/support/any.ts' },
  { rule: 'agent-without-receiver', from: 'agent/push/far.ts', imports: 'receiver/inbox/any.ts' },
  { rule: 'receiver-without-agent', from: 'receiver/inbox/far.ts', imports: 'agent/outbox/any.ts' },
  { rule: 'shared-runtime-layer', from: 'shared/runtime/up.ts', imports: 'shared/feeds/any.ts' },
  { rule: 'shared-i18n-layer', from: 'shared/i18n/up.ts', imports: 'shared/feeds/any.ts' },
  { rule: 'shared-feeds-layer', from: 'shared/feeds/up.ts', imports: 'shared/envelope/any.ts' },
  { rule: 'shared-envelope-layer', from: 'shared/envelope/up.ts', imports: 'shared/protocol/any.ts' },
  { rule: 'shared-release-layer', from: 'shared/release/up.ts', imports: 'shared/protocol/any.ts' },
  { rule: 'esbuild-in-one-place', from: 'installers/linux/l26.ts', imports: 'esbuild' },
  { rule: 'shared-protocol-layer', from: 'shared/protocol/up.ts', imports: 'agent/outbox/any.ts' },
  {
    rule: 'sqlite-store-chosen-at-the-root',
    from: 'receiver/apply/x.ts',
    imports: 'receiver/store/sqlite-store.ts',
  },
  {
    rule: 'destinations-chosen-at-the-root',
    from: 'receiver/forward/delivery/forwarder.ts',
    imports: 'receiver/forward/transports/directory.ts',
  },
  {
    rule: 'receiver-client-chosen-at-the-root',
    from: 'agent/push/pusher.ts',
    imports: 'agent/push/receiver-client.ts',
  },
  { rule: 'roots-chosen-at-the-root', from: 'agent/health/root.ts', imports: 'agent/agent.ts' },
  { rule: 'commands-chosen-at-the-root', from: 'receiver/inbox/c.ts', imports: 'receiver/commands/any.ts' },
  { rule: 'chokidar-in-one-place', from: 'agent/outbox/l1.ts', imports: 'chokidar' },
  { rule: 'better-sqlite3-in-one-place', from: 'agent/outbox/l2.ts', imports: 'better-sqlite3' },
  { rule: 'undici-in-one-place', from: 'agent/push/l3.ts', imports: 'undici' },
  { rule: 'node-forge-in-one-place', from: 'shared/protocol/l4.ts', imports: 'node-forge' },
  { rule: 'fastify-in-one-place', from: 'receiver/inbox/l5.ts', imports: 'fastify' },
  { rule: 'pino-in-one-place', from: 'shared/runtime/l6.ts', imports: 'pino' },
  { rule: 'commander-in-one-place', from: 'agent/agent.ts', imports: 'commander' },
  { rule: 'saxes-in-one-place', from: 'agent/mapping/l7.ts', imports: 'saxes' },
  { rule: 'csv-parse-in-one-place', from: 'agent/mapping/l8.ts', imports: 'csv-parse' },
  { rule: 'iconv-lite-in-one-place', from: 'agent/source/l9.ts', imports: 'iconv-lite' },
  { rule: 'yaml-in-one-place', from: 'agent/reader/l10.ts', imports: 'yaml' },
  { rule: 'openpgp-in-one-place', from: 'agent/reader/l13.ts', imports: 'openpgp' },
  { rule: 'nodemailer-in-one-place', from: 'agent/push/l14.ts', imports: 'nodemailer' },
  { rule: 'ssh2-sftp-client-in-one-place', from: 'receiver/forward/l16.ts', imports: 'ssh2-sftp-client' },
  { rule: 'ssh2-in-one-place', from: 'receiver/forward/l17.ts', imports: 'ssh2' },
  { rule: 'basic-ftp-in-one-place', from: 'receiver/forward/l18.ts', imports: 'basic-ftp' },
  { rule: 'fflate-in-one-place', from: 'receiver/forward/l19.ts', imports: 'fflate' },
  { rule: 'croner-in-one-place', from: 'receiver/forward/l20.ts', imports: 'croner' },
  { rule: '@fastify-in-one-place', from: 'receiver/pages/l21.ts', imports: '@fastify/cookie' },
  { rule: '@node-rs/argon2-in-one-place', from: 'receiver/auth/l22.ts', imports: '@node-rs/argon2' },
  { rule: 'otpauth-in-one-place', from: 'receiver/auth/l23.ts', imports: 'otpauth' },
  { rule: 'openid-client-in-one-place', from: 'receiver/accounts/l24.ts', imports: 'openid-client' },
  { rule: 'uqr-in-one-place', from: 'receiver/pages/l25.ts', imports: 'uqr' },
  {
    rule: 'pages-read-within-a-reach',
    from: 'receiver/pages/morning/m.ts',
    imports: 'receiver/store/store.ts',
  },
  { rule: 'jose-in-one-place', from: 'receiver/inbox/l11.ts', imports: 'jose' },
  {
    rule: 'temporal-polyfill-in-one-place',
    from: 'shared/feeds/l12.ts',
    imports: 'temporal-polyfill',
  },
];

const allowed: readonly Omit<Case, 'rule'>[] = [
  { from: 'agent/reader/xml.ts', imports: 'saxes' },
  { from: 'agent/commands/run.ts', imports: 'agent/push/receiver-client.ts' },
  { from: 'agent/source/decrypt.ts', imports: 'openpgp' },
  { from: 'agent/health/mail.ts', imports: 'nodemailer' },
  { from: 'receiver/forward/protection/openpgp.ts', imports: 'openpgp' },
  { from: 'receiver/forward/transports/https-client.ts', imports: 'undici' },
  { from: 'receiver/pages/reads/day-reads.ts', imports: 'receiver/store/store.ts' },
  { from: 'receiver/auth/oidc-door.ts', imports: 'openid-client' },
  { from: 'receiver/alerts/webhook-client.ts', imports: 'undici' },
  { from: 'shared/protocol/down.ts', imports: 'shared/envelope/any.ts' },
  { from: 'installers/sandbox/both.ts', imports: 'agent/reader/xml.ts' },
];

let tree: string;
let found: readonly { readonly rule: string; readonly from: string }[];

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'import-rules-'));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const file of ['package.json', 'tsconfig.json']) {
    symlinkSync(join(root, file), join(tree, file));
  }
  const contents = new Map<string, string>();
  for (const { from, imports } of [...broken, ...allowed]) {
    const isFile = imports.endsWith('.ts') && !imports.startsWith('.');
    const target = isFile ? '../'.repeat(from.split('/').length - 1) + imports : imports;
    contents.set(from, `${contents.get(from) ?? ''}import '${target}';\n`);
    if (isFile && !contents.has(imports)) contents.set(imports, 'export {};\n');
  }
  contents.set('agent/outbox/two.ts', "import './one.ts';\n");
  for (const [file, content] of contents) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), content);
  }
  const script = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const options = ['--config', configuration, '--output-type', 'json'];
  const output = execFileSync(
    process.execPath,
    [script, ...options, 'agent', 'receiver', 'shared', 'installers', 'test'],
    { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const { summary } = JSON.parse(output) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  found = summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
});

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

describe('the import rules', () => {
  it('have a case each', () => {
    expect(broken.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
  });

  it.each(broken)('$rule refuses $imports in $from', ({ rule, from }) => {
    expect(found).toContainEqual({ rule, from });
  });

  it.each(allowed)('let $from import $imports', ({ from }) => {
    expect(found.filter((violation) => violation.from === from)).toEqual([]);
  });
});
