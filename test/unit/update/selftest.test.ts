import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAgentDatabase } from '../../../agent/outbox/database.ts';
import { migrations } from '../../../agent/outbox/schema.ts';
import { openSqlite, schemaVersion } from '../../../shared/runtime/sqlite.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { temporaryFolder } from '../agent/support.ts';
import { makeHome } from '../release/homes.ts';

/** A configuration and, unless none is wanted, a memory. */
function installed(change: { readonly memory?: boolean; readonly config?: string } = {}) {
  const root = temporaryFolder();
  const [state, exports, config] = ['state', 'exports', 'agent.yaml'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [state, exports]) mkdirSync(folder);
  const source = { name: 'urgences', folder: exports, mappings: ['rpu-2006'] };
  writeFileSync(config, change.config ?? JSON.stringify({ state, sources: [source] }));
  const database = join(state, 'agent.db');
  if (change.memory ?? true) openAgentDatabase(database).close();
  return { root, state, config, database };
}

interface Report {
  readonly schema: number;
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly code?: string }[];
}

async function selftest(...words: readonly string[]) {
  const { code, out } = await onCommandLine(['selftest', '--json', ...words]);
  const { schema, checks } = JSON.parse(out) as Report;
  const outcomes = Object.fromEntries(checks.map(({ name, outcome, code }) => [name, code ?? outcome]));
  return { code, schema, outcomes };
}

const well = {
  node: 'well',
  addon: 'well',
  config: 'well',
  identity: 'absent',
  mappings: 'well',
  database: 'well',
  seal: 'well',
};

describe('selftest', () => {
  it('tries everything on a copy that it makes and takes away', async () => {
    const { config, state } = installed();
    expect(await selftest('--config', config)).toEqual({
      code: 0,
      schema: migrations.length,
      outcomes: well,
    });
    expect(readdirSync(state).filter((name) => name.startsWith('selftest-'))).toEqual([]);
  });

  it('has little to say before a first configuration, and that is well', async () => {
    const { root } = installed();
    const absent = { config: 'absent', mappings: 'absent', database: 'absent' };
    expect(await selftest('--config', join(root, 'none.yaml'))).toMatchObject({
      code: 0,
      outcomes: { ...well, ...absent },
    });
  });

  it('brings the copy that it is given up to date, and leaves the memory as it was', async () => {
    const { config, database, root } = installed({ memory: false });
    openSqlite(database, { migrations: migrations.slice(0, -1) }).close();
    const copy = join(root, 'copy');
    mkdirSync(copy);
    copyFileSync(database, join(copy, 'agent.db'));
    expect(await selftest('--config', config, '--copy', copy)).toMatchObject({ code: 0, outcomes: well });
    const schemas = [join(copy, 'agent.db'), database].map((path) => {
      const db = openSqlite(path, { migrations: [], readonly: true });
      const { version } = schemaVersion(db);
      db.close();
      return version;
    });
    expect(schemas).toEqual([migrations.length, migrations.length - 1]);
  });

  it('fails by the first thing that is wrong, each under its own name', async () => {
    const newer = installed();
    const db = openAgentDatabase(newer.database).db;
    db.pragma(`user_version = ${migrations.length + 1}`);
    db.pragma(`application_id = ${migrations.length + 1}`);
    db.close();
    expect(await selftest('--config', newer.config)).toMatchObject({
      code: 1,
      outcomes: { ...well, database: 'database-newer' },
    });
    const wrong = installed({ config: 'state: 5' });
    expect(await selftest('--config', wrong.config)).toMatchObject({
      code: 1,
      outcomes: { config: 'config-invalid', mappings: 'absent' },
    });
    const damaged = installed();
    const bytes = readFileSync(damaged.database);
    bytes.fill(0x55, 4096 * 3, 4096 * 8);
    writeFileSync(damaged.database, bytes);
    expect(await selftest('--config', damaged.config)).toMatchObject({
      code: 1,
      outcomes: { database: 'database-damaged' },
    });
    const half = installed();
    mkdirSync(join(half.state, 'identity'));
    writeFileSync(join(half.state, 'identity', 'grant.json'), '{');
    expect(await selftest('--config', half.config)).toMatchObject({
      code: 1,
      outcomes: { ...well, identity: 'identity-damaged' },
    });
  });

  it('says it to a person, in both languages', async () => {
    const { config } = installed({ config: 'state: 5' });
    const french = await onCommandLine(['selftest', '--config', config], { language: 'fr' });
    expect(french.out).toMatch(/^ÉCHEC +configuration$/m);
    const english = await onCommandLine(['selftest', '--config', config], { language: 'en' });
    expect(english.out).toMatch(/^FAILED +configuration$/m);
    expect(english.out).toMatch(/^well +sealing a test envelope/m);
  });
});

describe('selftest --may-return-to', () => {
  const ask = (schema: number | string, config: string, env: Readonly<Record<string, string>> = {}) =>
    onCommandLine(['selftest', '--may-return-to', String(schema), '--config', config], {
      env,
      language: 'en',
    });

  it('yes to this schema and to every one that the memory allows, no below', async () => {
    const { config, database } = installed();
    const { db } = openAgentDatabase(database);
    db.pragma('application_id = 5');
    db.close();
    expect((await ask(migrations.length, config)).code).toBe(0);
    expect((await ask(5, config)).code).toBe(0);
    const no = await ask(4, config);
    expect(no.code).toBe(1);
    expect(no.err).toContain('database-newer');
    expect((await ask('four', config)).code).toBe(2);
  });

  it('writes nothing, and sees what a stop has left in the journal', async () => {
    const { config, state, database } = installed();
    const before = readdirSync(state);
    await ask(1, config);
    expect(readdirSync(state)).toEqual(before);
    const running = openAgentDatabase(database);
    running.db.pragma(`user_version = ${migrations.length + 1}`);
    running.db.pragma(`application_id = ${migrations.length + 1}`);
    expect((await ask(migrations.length, config)).code).toBe(1);
    running.close();
    expect((await ask(migrations.length, config)).code).toBe(1);
  });

  it('yes where there is no memory; where the configuration cannot be read, the usual place counts', async () => {
    expect((await ask(1, installed({ memory: false }).config)).code).toBe(0);
    const home = makeHome();
    expect((await ask(1, home.config)).code).toBe(0);
    const env = { VAGUEMESTRE_HOME: home.home };
    openAgentDatabase(join(home.state, 'agent.db')).close();
    for (const text of [undefined, 'state: 5']) {
      if (text !== undefined) writeFileSync(home.config, text);
      expect((await ask(1, home.config, env)).code).toBe(1);
    }
  });
});
