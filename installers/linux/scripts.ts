import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrations as agentMigrations } from '../../agent/outbox/schema.ts';
import { migrations as receiverMigrations } from '../../receiver/store/migrations.ts';
import { linuxPlaces, type ProductFacts } from '../common/products.ts';

/** What each package format calls its scripts, and which of the functions (scripts/*.sh) each one runs. */
const ownLines = {
  deb: {
    preinst: `case "$1" in
  install | upgrade) before_install ;;
esac`,
    // A refused or failed upgrade comes back here, to the version that stays.
    postinst: `case "$1" in
  configure) if [ -z "\${2:-}" ]; then after_install first; else after_install upgrade; fi ;;
  abort-*) start_again ;;
esac`,
    prerm: `case "$1" in
  remove) before_removal ;;
esac`,
    postrm: `case "$1" in
  remove) reload_units ;;
  purge) purge ;;
esac`,
  },
  // The first argument counts the versions that will be there afterwards.
  rpm: {
    pre: 'before_install',
    post: 'if [ "$1" = 1 ]; then after_install first; else after_install upgrade; fi',
    preun: 'if [ "$1" = 0 ]; then before_removal; fi',
    postun: 'if [ "$1" = 0 ]; then reload_units; fi',
  },
} as const;

export type ScriptFormat = keyof typeof ownLines;

/** The scripts of a .deb or an .rpm: name → text. */
export async function scriptsOf(
  facts: ProductFacts,
  version: string,
  format: ScriptFormat,
): Promise<Readonly<Record<string, string>>> {
  const functions = await functionsOf(facts, version);
  return Object.fromEntries(
    Object.entries(ownLines[format]).map(([name, lines]: [string, string]) => [
      name,
      `#!/bin/sh\nset -e\n\n${functions}\n${lines}\n`,
    ]),
  );
}

/** `install.sh` of the archive: the same functions, and what lays the files. */
export async function installScriptOf(facts: ProductFacts, version: string): Promise<string> {
  return `#!/bin/sh\nset -e\n\n${await functionsOf(facts, version)}\n${await scriptFile('install.sh')}`;
}

async function functionsOf(facts: ProductFacts, version: string): Promise<string> {
  const { product, sources, account } = facts;
  const migrations = { agent: agentMigrations, receiver: receiverMigrations }[sources];
  return [
    `PRODUCT=${product}`,
    `PART=${sources}`,
    `VERSION=${version}`,
    `SCHEMA=${migrations.length}`,
    `ACCOUNT=${account}`,
    `HOME_DIR=${linuxPlaces.home(facts)}`,
    `CONFIG=${linuxPlaces.config(facts)}`,
    `STATE=${linuxPlaces.state(facts)}`,
    '',
    await scriptFile('common.sh'),
    await scriptFile(`${sources}.sh`),
  ].join('\n');
}

function scriptFile(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, 'scripts', name), 'utf8');
}
