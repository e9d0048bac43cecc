import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, afterAll } from 'vitest';
import { makeBackup } from '../../../receiver/backup/make-backup.ts';
import { backup } from '../../../receiver/commands/backup.ts';
import { listAudit } from '../../../receiver/commands/audit.ts';
import { restore } from '../../../receiver/commands/restore.ts';
import { withRestoredStore, type CommandContext } from '../../../receiver/commands/command.ts';
import { addFacility } from '../../../receiver/commands/facility.ts';
import { init } from '../../../receiver/commands/init.ts';
import { loadConfig } from '../../../receiver/config.ts';
import { takeLock } from '../../../receiver/serve-lock.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';

/** Two regions made once, since keys take long: each test has copies of them. */
let made: string;
let folder: string;
let now: number;
const day = 86_400_000;

async function contextOf(base: string): Promise<CommandContext> {
  return {
    config: await loadConfig(join(base, 'receiver.yaml')),
    clock: { now: () => (now += 1), monotonic: () => now },
    ...{ language: 'en', random: systemRandom, logger: createLogger({ name: 'test', level: 'silent' }) },
  };
}

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'vgm-regions-'));
  now = Date.UTC(2026, 10, 20, 6);
  for (const name of ['one', 'two']) {
    await mkdir(join(made, name));
    await writeFile(join(made, name, 'agency.token'), 'a-token-of-an-agency-32-characters\n');
    await writeFile(
      join(made, name, 'receiver.yaml'),
      `state: state
region: Région d’essai
destinations:
  - { name: beds, feed: bed-availability, format: beds-json, transport: { kind: pull, tokenFile: agency.token } }
  - { name: gone, feed: ed-visits, format: oscour-xml, transport: { kind: pull, tokenFile: no-such.token } }
`,
    );
    const context = await contextOf(join(made, name));
    await init(context);
    await addFacility(context, { finess: '990000010', name: `Hôpital ${name}` });
  }
});
afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-backup-'));
  await cp(made, folder, { recursive: true });
  now = Date.UTC(2026, 10, 20, 7);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...steps: readonly string[]): string => join(folder, ...steps);
const to = (): string => at('backups');
const recoveryKey = (name = 'one'): string => at(name, 'state/keys/recovery/recovery.key');
const broughtBack = ['keys', 'receiver.db', 'restored.json', 'settings', 'trust-bundle.jws'];
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => asFault(error).code,
  );

async function save(name = 'one', options: { readonly keep?: string; readonly to?: string } = {}) {
  const base = at(name);
  const answer = await backup(await contextOf(base), {
    ...{ config: join(base, 'receiver.yaml'), to: to(), ...options },
  });
  return {
    ...(answer.document as { readonly file: string; readonly sha256: string; readonly removed: string[] }),
    ...{ lines: answer.lines, document: answer.document },
  };
}

const bring = (file: string, target: string, change: Partial<Parameters<typeof restore>[1]> = {}) =>
  restore('en', { file, recoveryKey: recoveryKey(), to: target, ...change });

const backups = (): string[] => readdirSync(to()).filter((name) => name.endsWith('.vgm-backup'));

describe('a backup', () => {
  it('brings the whole region back, without the recovery key', async () => {
    const { file } = await save();
    await rename(at('one/state/keys/recovery'), at('safe'));
    await rename(at('one'), at('lost'));
    await bring(file, at('new'), { recoveryKey: at('safe/recovery.key') });

    const old = at('lost/state');
    expect(readdirSync(at('new')).sort()).toEqual(broughtBack);
    for (const name of readdirSync(join(old, 'keys')))
      expect(readFileSync(at('new/keys', name))).toEqual(readFileSync(join(old, 'keys', name)));
    expect(readFileSync(at('new/trust-bundle.jws'))).toEqual(readFileSync(join(old, 'trust-bundle.jws')));
    const settings = join(at('new/settings'), at('one').slice(1));
    expect(readFileSync(join(settings, 'agency.token'))).toEqual(readFileSync(at('lost/agency.token')));

    await cp(join(settings, 'receiver.yaml'), at('receiver.yaml'));
    await rename(at('new'), at('state'));
    const { config } = await contextOf(folder);
    const held = await withRestoredStore(config, (store) =>
      store.read((tx) => tx.facilities.get('990000010')),
    );
    expect(held).toMatchObject({ finess: '990000010', name: 'Hôpital one' });
  });

  it('never holds the recovery key, under whatever name it lies', async () => {
    await cp(recoveryKey(), at('one/state/keys/spare.key'));
    await cp(recoveryKey(), at('one/agency.token'));
    const { file, document, lines } = await save();
    expect(document).toMatchObject({ leftOut: [at('one/agency.token'), at('one/no-such.token')] });
    expect(lines.filter((line) => line.startsWith('!'))).toHaveLength(2);
    await bring(file, at('new'));
    const secret = readFileSync(recoveryKey());
    const found = readdirSync(at('new'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
    expect(found.length).toBeGreaterThan(10);
    expect(found.some((content) => content.includes(secret))).toBe(false);
  });

  it('is readable by its maker only, has its sum beside it, and leaves nothing in clear behind', async () => {
    const { file, sha256 } = await save();
    expect(file).toBe(join(to(), 'vaguemestre-region-d-essai-20261120T070000Z.vgm-backup'));
    for (const path of [file, `${file}.sha256`]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${file}.sha256`, 'utf8')).toBe(`${sha256}  ${backups()[0] ?? ''}\n`);
    expect(readFileSync(file).includes('990000010')).toBe(false);
    expect(existsSync(at('one/state/backup.tmp'))).toBe(false);
  });

  it('is written down in the audit log, and may be one of many within a second', async () => {
    const [first, second] = [await save(), await save()];
    expect(second.file).toBe(first.file.replace('T070000Z', 'T070001Z'));
    const { document } = await listAudit(await contextOf(at('one')), { action: 'region.backup' });
    expect((document as { lines: object[] }).lines).toMatchObject([
      { subject: 'Région d’essai', facts: { file: second.file, sha256: second.sha256, removed: 0 } },
      { facts: { file: first.file } },
    ]);
  });

  it('takes the place of older ones of its region, and of nothing else', async () => {
    for (let night = 0; night < 4; night += 1) {
      await save('one', { keep: '3' });
      now += day;
    }
    const other = await save('two', { keep: '1' });
    await writeFile(join(to(), 'vaguemestre-region-d-essai-20200101T000000Z.vgm-backup'), 'something else');
    expect(backups()).toHaveLength(5);
    const { removed } = await save('one', { keep: '2' });
    expect(removed).toHaveLength(2);
    expect(readdirSync(to()).filter((name) => name.endsWith('.sha256'))).toHaveLength(3);
    expect(existsSync(other.file)).toBe(true);
    expect(backups()).toHaveLength(4);
  });

  it('is itself kept when the clock has gone back', async () => {
    await save();
    now -= 3 * day;
    const { file, removed } = await save('one', { keep: '1' });
    expect(removed).toHaveLength(1);
    expect(backups()).toEqual([file.slice(to().length + 1)]);
  });

  it('wants to keep at least one', async () => {
    expect(await codeOf(save('one', { keep: '0' }))).toBe('command-invalid');
    expect(await codeOf(save('one', { keep: 'all' }))).toBe('command-invalid');
  });

  it('is made by one at a time', async () => {
    const release = takeLock(
      stateFolder(at('one/state')).backupLock,
      (cause) => new Error('held', { cause }),
    );
    expect(await codeOf(save())).toBe('backup-running');
    release();
    expect(await codeOf(save())).toBe('done');
  });

  it('of a damaged database is not made, and costs no older one', async () => {
    const { file } = await save();
    const database = await open(at('one/state/receiver.db'), 'r+');
    const { size } = await database.stat();
    await database.write(Buffer.alloc(20_000, 0x5a), 0, 20_000, Math.floor(size / 2));
    await database.close();
    expect(await codeOf(save('one', { keep: '1' }))).toBe('backup-database-damaged');
    expect(
      readdirSync(to())
        .filter((name) => !name.endsWith('.withdrawals'))
        .sort(),
    ).toEqual([file, `${file}.sha256`].map((path) => path.slice(to().length + 1)));
    expect(existsSync(at('one/state/backup.tmp'))).toBe(false);
  });

  it('says where it may not write, and where there is no region', async () => {
    await writeFile(at('file'), '');
    expect(await codeOf(save('one', { to: at('file') }))).toBe('backup-folder-unwritable');
    await rm(at('one/state'), { recursive: true });
    expect(await codeOf(save())).toBe('region-missing');
  });

  it('does not begin when its keys keep changing', async () => {
    const about = at('one/state/keys/region.json');
    const text = await readFile(about, 'utf8');
    const stopping = new AbortController();
    const turning = (async () => {
      for (let turns = 0; !stopping.signal.aborted; turns += 1) {
        await writeFile(`${about}.new`, `${text}${' '.repeat(turns % 50)}`);
        await rename(`${about}.new`, about);
      }
    })();
    expect(await codeOf(save())).toBe('backup-keys-changing');
    stopping.abort();
    await turning;
    expect(await codeOf(save())).toBe('done');
  });

  it('sweeps away what a killed one left, and nobody else’s', async () => {
    const { file, removed } = await save();
    expect(removed).toEqual([]);
    const root = /root (\w+)/.exec((await bring(file, at('new'))).lines.join('\n'))?.[1] ?? '';
    const name = 'vaguemestre-region-d-essai-20200101T000000Z.vgm-backup';
    const [mine, theirs] = [`.${name}.${root.slice(0, 16)}.part`, `.${name}.${'0'.repeat(16)}.part`];
    for (const left of [mine, theirs, `${name}.sha256`]) await writeFile(join(to(), left), 'half');
    await mkdir(at('one/state/backup.tmp'));
    await appendFile(at('one/state/backup.tmp/receiver.db'), 'half');
    await save();
    expect(readdirSync(to()).filter((found) => found.includes('20200101'))).toEqual([theirs]);
    expect(existsSync(at('one/state/backup.tmp'))).toBe(false);
  });
});

describe('a restore', () => {
  it('tries a backup without leaving anything of it', async () => {
    const { file } = await save();
    const config = at('one/receiver.yaml');
    const before = readdirSync(at('one/state')).sort();
    const { exitCode, document, lines } = await bring(file, '', { verify: true, config });
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ good: true, region: 'Région d’essai', verify: { good: true } });
    expect(lines.at(-1)).toBe('This backup can be restored; nothing of it was left here');
    expect(readdirSync(at('one/state')).sort()).toEqual(before);
    expect(await codeOf(restore('en', { file, recoveryKey: recoveryKey(), verify: true }))).toBe(
      'restore-work-missing',
    );
    const work = at('elsewhere');
    await restore('en', { file, recoveryKey: recoveryKey(), verify: true, work });
    expect(readdirSync(work)).toEqual([]);
  });

  it('says so when what was backed up does not verify', async () => {
    const db = openSqlite(at('one/state/receiver.db'), { migrations });
    db.exec(`drop trigger audit_unchanged; update audit set action = 'nothing' where seq = 1;`);
    db.exec(`create trigger audit_unchanged before update on audit begin
  select raise(abort, 'audit lines do not change');
end`);
    db.close();
    const { file } = await save();
    const { exitCode, lines } = await bring(file, '', { verify: true, work: at('work') });
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toContain('its ledgers have faults');
  });

  it('writes to an empty folder only', async () => {
    const { file } = await save();
    await mkdir(at('new'));
    await writeFile(at('new/notes.txt'), 'mine');
    expect(await codeOf(bring(file, at('new')))).toBe('restore-folder-not-empty');
    expect(readdirSync(at('new'))).toEqual(['notes.txt']);
    await rm(at('new/notes.txt'));
    await bring(file, at('new'));
    expect(await codeOf(bring(file, at('new')))).toBe('restore-folder-not-empty');
    expect(await codeOf(restore('en', { file, recoveryKey: recoveryKey() }))).toBe('restore-target-missing');
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('says what to do next, and lists what is to be done again by hand', async () => {
    const { file } = await save();
    const { lines, document } = await bring(file, at('new'));
    expect(document).toMatchObject({ restored: at('new') });
    expect(lines.at(-1)).toContain('agent invite');
    const french = await restore('fr', { file, recoveryKey: recoveryKey(), to: at('autre') });
    expect(french.lines.join('\n')).toContain('Les agents renvoient d’eux-mêmes');
  });

  it('takes the region it was told of, and the key that opens it', async () => {
    const { file } = await save();
    const other = await save('two');
    const root = /root (\w+)/.exec((await bring(file, at('a'))).lines[0] ?? '')?.[1] ?? '';
    expect((await bring(file, at('b'), { root: root.toUpperCase() })).lines.join('\n')).not.toContain(
      '--root',
    );
    expect(await codeOf(bring(other.file, at('c'), { root }))).toBe('backup-other-region');
    expect(await codeOf(bring(other.file, at('c')))).toBe('backup-wrong-key');
    expect(await codeOf(bring(file, at('c'), { recoveryKey: at('nothing') }))).toBe('recovery-key-missing');
    const certificate = at('one/state/keys/recovery.pem');
    expect(await codeOf(bring(file, at('c'), { recoveryKey: certificate }))).toBe('recovery-key-malformed');
    expect(existsSync(at('c'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('leaves a database of a newer program to that program', async () => {
    const db = openSqlite(at('one/state/receiver.db'), { migrations });
    db.pragma(`user_version = ${migrations.length + 1}`);
    db.pragma(`application_id = ${migrations.length + 1}`);
    db.close();
    const context = await contextOf(at('one'));
    const { file } = await makeBackup(
      {
        ...{ state: stateFolder(at('one/state')), migrations, clock: context.clock, random: systemRandom },
        ...{ settingsFile: at('one/receiver.yaml'), settings: context.config, product: '9.9.9' },
      },
      { to: to(), keep: undefined },
    );
    expect(await codeOf(bring(file, at('new')))).toBe('backup-schema-newer');
    expect(existsSync(at('new'))).toBe(false);
  });

  it('begins anew where a killed one stopped', async () => {
    const { file } = await save();
    await mkdir(at('new/restore.tmp/state/keys'), { recursive: true });
    await writeFile(at('new/restore.tmp/state/receiver.db'), 'half');
    await writeFile(at('new/receiver.db'), 'half');
    await mkdir(at('new/settings/etc'), { recursive: true });
    await mkdir(at('new/restore-check.tmp'));
    await bring(file, at('new'));
    expect(readdirSync(at('new')).sort()).toEqual(broughtBack);
    expect(readFileSync(at('new/receiver.db')).length).toBeGreaterThan(100_000);
    // With keys it is a region, whatever lies beside.
    await mkdir(at('new/restore.tmp'));
    expect(await codeOf(bring(file, at('new')))).toBe('restore-folder-not-empty');
  });

  it('is done by one at a time', async () => {
    const { file } = await save();
    await mkdir(at('new/restore.tmp'), { recursive: true });
    const release = takeLock(at('new/restore.tmp/lock'), (cause) => new Error('held', { cause }));
    expect(await codeOf(bring(file, at('new')))).toBe('restore-running');
    release();
    expect(await codeOf(bring(file, at('new')))).toBe('done');
  });

  it('needs a folder', async () => {
    const { file } = await save();
    await writeFile(at('file'), '');
    expect(await codeOf(bring(file, at('file')))).toBe('restore-folder-unwritable');
    expect(await codeOf(bring(file, at('file/below')))).toBe('restore-folder-unwritable');
  });
});
