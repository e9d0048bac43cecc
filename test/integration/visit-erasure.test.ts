import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { verifyAuditLog } from '../../receiver/commands/audit.ts';
import { backup } from '../../receiver/commands/backup.ts';
import type { CommandAnswer, CommandContext } from '../../receiver/commands/command.ts';
import { approveDestinationKey } from '../../receiver/commands/destination-key.ts';
import { replayDays } from '../../receiver/commands/destination-replay.ts';
import { eraseVisit, type EraseOptions } from '../../receiver/commands/erase.ts';
import { restore } from '../../receiver/commands/restore.ts';
import { verify } from '../../receiver/commands/verify.ts';
import { loadConfig } from '../../receiver/config.ts';
import { createSliceOpener } from '../../receiver/inbox/open-envelope.ts';
import { openLiveRegion } from '../../receiver/pki/live-region.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { agencyHolds, ask, count, eventually, french, peek, visitsOf } from '../fault/live.ts';
import { finess, rpuXml, type RpuFile, type Visit } from '../support/rpu-text.ts';
import { openPgpKeys } from '../unit/protection/agency.ts';
import { quiet } from '../unit/receiver/lab.ts';

/** A hospital asks that one visit be erased, while its agent and its region are at work. Is anything of it left? */
const main = finess(821);
const canary = 'CANARIVILLE';
const [first, second] = ['CANARIMOTIF PREMIER', 'CANARIMOTIF CORRIGE'];
const secret = (motif: string): Visit => ({
  ...{
    entree: `${french(5)} 14:32`,
    naissance: '29/02/1904',
    sexe: 'F',
    cp: '67000',
    commune: canary,
    motif,
  },
});
const others = [...visitsOf(5, 8, () => ({ sexe: 'M' })), ...visitsOf(6, 6, () => ({ sexe: 'M' }))];
const file = (hour: number, visits: readonly Visit[]): string => {
  const shape: RpuFile = {
    ...{ finess: main, extract: `${french(7)} 0${hour}:00:00`, from: french(5), to: french(6) },
    visits: [...visits],
  };
  return rpuXml(shape);
};

let base: string;
let region: Region;
let agent: Agent;
let receiver: Child;
let context: CommandContext;
const database = (): string => join(region.receiverState, 'receiver.db');
const extractions = (): string => join(base, 'extractions');

async function send(name: string, content: string): Promise<void> {
  writeFileSync(join(base, 'in', name), content);
  await agent.once();
}

const delivered = () =>
  eventually(
    'delivered',
    () => count(database(), `select count(*) n from dispatch where state in ('waiting', 'sending')`) === 0,
  );

const eraseWith = (change: Partial<EraseOptions>): Promise<CommandAnswer> =>
  eraseVisit(context, { facility: main, reason: 'demande du patient', requestedBy: 'DPO du CH', ...change });

/** Files of the region's own whose bytes hold the text, in any of the forms it may have there. */
function holding(text: string, folder = region.folder): string[] {
  const needles = [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
    Buffer.from(Buffer.from(text).toString('hex')),
  ];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !path.startsWith(region.outFolder))
    .filter((path) => needles.some((needle) => readFileSync(path).includes(needle)));
}

/** What is compressed or sealed, opened. */
async function hidden(text: string, state = region.receiverState): Promise<string[]> {
  const keys = await openLiveRegion({ folder: state, clock: systemClock, logger: quiet });
  const open = createSliceOpener(keys);
  const read = (sql: string) =>
    peek(join(state, 'receiver.db'), (db) =>
      db.prepare<unknown[], { name: string; content: Buffer }>(sql).all(),
    );
  const found = [
    ...read('select dispatch as name, content from dispatch_content').filter(({ content }) =>
      zstdDecompressSync(content).includes(text),
    ),
  ].map(({ name }) => `dispatch ${name}`);
  for (const { name, content } of read(
    'select id as name, content.content from envelope_content content join envelope on arrival = content.envelope',
  )) {
    const { slice } = await open(content);
    if (slice.records.some(({ body }) => body.includes(text))) found.push(`envelope ${name}`);
  }
  return found;
}

/** Tables that name the visit by its key, as bytes or in hexadecimal. */
function naming(key: string): string[] {
  return peek(database(), (db) => {
    const tables = db
      .prepare<unknown[], { name: string }>("select name from sqlite_master where type = 'table'")
      .all();
    return tables
      .map(({ name }) => name)
      .filter((name) =>
        db
          .prepare<unknown[], Record<string, unknown>>(`select * from "${name}"`)
          .all()
          .some((row) =>
            Object.values(row).some(
              (value) =>
                (Buffer.isBuffer(value) && value.includes(Buffer.from(key, 'hex'))) ||
                (typeof value === 'string' && value.includes(key)),
            ),
          ),
      );
  });
}

/** Sealed copies for the second agency: which dispatches have one, and whether the visit is in what was sealed. */
const sealedCopies = (): number => count(database(), 'select count(*) n from dispatch_sealed');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-erasure-'));
  for (const name of ['in', 'extractions']) mkdirSync(join(base, name));
  region = await createRegion({ keep: false });
  await region.addFacilities([{ finess: main, name: 'CH' }]);
  const settings = JSON.parse(readFileSync(region.receiverConfig, 'utf8')) as { destinations: object[] };
  const { armored, fingerprint } = await openPgpKeys();
  writeFileSync(join(base, 'agency.asc'), armored);
  mkdirSync(join(base, 'sealed'));
  const sealed = {
    ...{ name: 'sealed', feed: 'ed-visits', format: 'oscour-xml' },
    transport: { kind: 'directory', folder: join(base, 'sealed') },
    protection: { kind: 'openpgp', keyFile: join(base, 'agency.asc'), fingerprint },
  };
  writeFileSync(
    region.receiverConfig,
    JSON.stringify({
      ...settings,
      destinations: [...settings.destinations, sealed],
      retention: { extractionFolder: extractions() },
    }),
  );
  context = {
    config: await loadConfig(region.receiverConfig),
    ...{ language: 'fr', clock: systemClock, random: systemRandom, logger: quiet },
  };
  for (const by of ['Alice', 'Bruno'])
    await approveDestinationKey(context, { name: 'sealed', fingerprint, by });
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'ch', facilities: [main], sourceFolder: join(base, 'in') },
    ...{ ready: 'now', after: 'archive' },
  });
  await send('a-first.xml', file(1, [...others, secret(first)]));
  await send('b-corrected.xml', file(2, [...others, secret(second)]));
  await send('c-unchanged.xml', file(3, [...others, secret(second)]));
  await delivered();
  writeFileSync(join(extractions(), 'passages.csv'), `motif\n${first}\n`);
}, 90_000);

afterAll(async () => {
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

describe('one visit, erased at its facility’s request', () => {
  let erased: CommandAnswer;
  let key: string;

  it('is found by its minute of arrival, or its key, and nothing of it is shown', async () => {
    const byTime = await eraseWith({ arrived: '2026-01-05 14:32' });
    expect(byTime.document).toMatchObject({ erased: null, would: { held: 1, history: 1, extractions: 1 } });
    ({ key } = (byTime.document as { would: { key: string } }).would);
    expect((await eraseWith({ visitKey: key.slice(0, 12) })).document).toEqual(byTime.document);
    expect(JSON.stringify([byTime])).not.toMatch(/CANARI|1904|14:32/);
    await expect(eraseWith({ arrived: '2026-01-05 14:33' })).rejects.toMatchObject({
      code: 'erase-visit-unknown',
    });
    // It is there to be found: in the store, in what it was, in files of dispatches, in three envelopes.
    expect(holding(canary).length).toBeGreaterThan(0);
    const carried = await hidden(canary);
    expect(carried.filter((name) => name.startsWith('envelope'))).toHaveLength(3);
    expect(carried.filter((name) => name.startsWith('dispatch')).length).toBeGreaterThanOrEqual(4);
    expect(sealedCopies()).toBeGreaterThanOrEqual(2);
    expect(naming(key)).toContain('record');
  });

  it('goes from everything the region keeps, to the last byte, while it serves', async () => {
    erased = await eraseWith({ arrived: '2026-01-05 14:32', yes: true });
    expect(erased).toMatchObject({
      exitCode: 0,
      document: {
        erased: { class: 'erasure', counts: { records: 1, history: 1, staged: 0, envelopes: 3 } },
        ...{ extractions: 1, unopened: 0, rewritten: true },
      },
    });
    for (const text of [canary, first, second, '1904']) {
      expect([text, holding(text)]).toEqual([text, []]);
      expect([text, await hidden(text)]).toEqual([text, []]);
    }
    // Remembered as a keyed hash alone; what was sealed before is gone with what it was made of.
    expect(naming(key)).toEqual(['erased_visit']);
    const sealedBefore =
      'select count(*) n from dispatch_sealed where dispatch not in (select dispatch from dispatch_content)';
    expect(count(database(), sealedBefore)).toBe(0);
    expect(erased.lines.join('\n')).toContain('sauvegardes de la région');
    expect(readdirSync(extractions())).toEqual([]);
    expect(JSON.stringify(erased)).not.toMatch(/CANARI|1904|14:32/);
    expect(count(database(), 'select count(*) n from record')).toBe(others.length);
    expect(count(database(), `select value n from counter where name = 'record'`)).toBe(others.length);
  });

  it('goes from the agency too: its days were composed anew', async () => {
    await delivered();
    const held = agencyHolds(join(region.outFolder, 'oscour'), main);
    expect(held).toHaveLength(others.length);
    expect(held.join('\n')).not.toContain('CANARI');
  });

  it('leaves ledgers that prove themselves at both ends, and says how many contents were destroyed', async () => {
    const proof = await verify(context);
    expect(proof).toMatchObject({ exitCode: 0, document: { good: true, deletions: { broken: null } } });
    const { ledgers } = proof.document as { ledgers: { erased: number; faults: unknown[] }[] };
    expect(ledgers.reduce((sum, ledger) => sum + ledger.erased, 0)).toBe(3);
    expect(proof.lines.join('\n')).toContain('3 contenus détruits');
    expect(await verifyAuditLog(context, {})).toMatchObject({ exitCode: 0 });
    expect((await ask(agent, 'verify')).code).toBe(0);
  });

  it('is in no dispatch composed later, nor in a replay of its days', async () => {
    const days = { from: '2026-01-05', to: '2026-01-06', facilities: [] };
    const before = readdirSync(join(region.outFolder, 'oscour')).length;
    await replayDays(context, { names: 'oscour,sealed', ...days, yes: true });
    await delivered();
    expect(readdirSync(join(region.outFolder, 'oscour')).length).toBeGreaterThan(before);
    expect(await hidden(canary)).toEqual([]);
    expect(agencyHolds(join(region.outFolder, 'oscour'), main)).toHaveLength(others.length);
  });

  it('does not come back when the hospital sends it again: left out, said, and its envelope emptied', async () => {
    await send(
      'd-again.xml',
      file(4, [...others, secret(second), { entree: `${french(6)} 23:10`, sexe: 'F' }]),
    );
    await delivered();
    expect(count(database(), 'select count(*) n from record')).toBe(others.length + 1);
    const said = await ask(agent, ['trace', 'd-again.xml']);
    expect(said.document).toMatchObject({ export: { state: 'forwarded' } });
    const text = peek(database(), (db) =>
      db
        .prepare<unknown[], { text: string }>(
          `select text from receipt where kind = 'processed' order by cursor desc`,
        )
        .get(),
    )?.text;
    const receipt = JSON.parse(text ?? '{}') as {
      findings: { rule: string }[];
      added: number;
      accepted: number;
    };
    expect(receipt).toMatchObject({ added: 1, accepted: others.length + 1 });
    expect(receipt.findings.map(({ rule }) => rule)).toEqual(['erased-on-request']);
    for (const each of [canary, second]) {
      expect(await hidden(each)).toEqual([]);
      expect(holding(each)).toEqual([]);
    }
    expect(agencyHolds(join(region.outFolder, 'oscour'), main).join('\n')).not.toContain('CANARI');
    expect((await verify(context)).exitCode).toBe(0);
    expect((await ask(agent, 'verify')).code).toBe(0);
    await expect(eraseWith({ arrived: '2026-01-05 14:32' })).rejects.toMatchObject({
      code: 'erase-visit-unknown',
    });
  });

  it('is not in a backup made afterwards, once it is restored', async () => {
    const made = await backup(context, { config: region.receiverConfig, to: join(base, 'backups') });
    const recoveryKey = join(region.receiverState, 'keys/recovery/recovery.key');
    const { file } = made.document as { file: string };
    await restore('fr', { file, recoveryKey, to: join(base, 'restored') });
    expect(count(join(base, 'restored/receiver.db'), 'select count(*) n from record')).toBe(
      others.length + 1,
    );
    for (const text of [canary, first, second, '1904']) {
      expect([text, holding(text, join(base, 'restored'))]).toEqual([text, []]);
      expect([text, await hidden(text, join(base, 'restored'))]).toEqual([text, []]);
    }
  });
});
