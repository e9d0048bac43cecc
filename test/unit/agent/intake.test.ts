import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { tmpdir } from 'node:os';
import { parseConfig } from '../../../agent/config.ts';
import { createDiskGuard } from '../../../agent/health/disk-guard.ts';
import { createIntake, type Round } from '../../../agent/intake/intake.ts';
import { createFileReader } from '../../../agent/intake/read-file.ts';
import { createSourceRuntime } from '../../../agent/intake/source-runtime.ts';
import { createStaging } from '../../../agent/intake/staging.ts';
import { builtInMappings } from '../../../agent/mapping/built-in.ts';
import { createBacklog } from '../../../agent/outbox/backlog.ts';
import { createExportBook } from '../../../agent/outbox/export-book.ts';
import { createFileBook } from '../../../agent/outbox/file-book.ts';
import { verifyLedgers } from '../../../agent/outbox/verify-ledger.ts';
import { createRegion, type Region } from '../../../receiver/pki/region-keys.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { openEnvelope, parseEnvelope } from '../../../shared/envelope/open.ts';
import { createSealer } from '../../../shared/envelope/seal.ts';
import { parseSlice, type Slice } from '../../../shared/protocol/slice.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { rpuXml, type Visit } from '../../support/rpu-text.ts';
import { fakeClock, feed, openOutbox, quiet, temporaryFolder } from './support.ts';

let region: Region;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'region-'));
  region = await createRegion(folder, {
    name: 'Test',
    hosts: ['localhost'],
    clock: fakeClock(),
    random: systemRandom,
  });
  rmSync(folder, { recursive: true });
});

const visits = (count: number, day = '20/01/2026'): readonly Visit[] =>
  Array.from({ length: count }, (_, n) => ({
    entree: `${day} ${String(Math.floor(n / 60) % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`,
    naissance: `01/01/${1930 + (n % 90)}`,
  }));

function exportXml(count: number, extract = '21/01/2026 02:00:00'): string {
  return rpuXml({
    finess: '990000010',
    extract,
    from: '20/01/2026',
    to: '20/01/2026',
    visits: visits(count),
  });
}

/** The agent from a folder to its outbox, with everything real but the clock. */
function lab(
  options: { after?: 'archive' | 'keep'; floorBytes?: number; path?: string; maxBytes?: number } = {},
) {
  const root = options.path ?? temporaryFolder();
  const folder = join(root, 'in');
  if (!existsSync(folder)) mkdirSync(folder);
  const clock = fakeClock();
  const { database, outbox } = openOutbox(join(root, 'agent.db'), clock);
  outbox.recover();
  const exports = createExportBook(database);
  const files = createFileBook(database);
  const sealer = createSealer({
    recipients: [region.encryption.certificate],
    signer: region.server,
    random: systemRandom,
  });
  const staging = createStaging({
    ...{ outbox, clock, random: systemRandom, agent: '01a1ffda-c486-7d74-88f2-f4babc6652b6' },
    ...{ sealer: () => sealer, maxExports: 64, maxBytes: options.maxBytes ?? 8_000_000 },
  });
  const text = `
state: .
sources: [{ name: urgences, folder: ${folder}, mappings: [rpu-2006], ready: { mode: now }, after: ${options.after ?? 'archive'} }]
`;
  const [config] = parseConfig(text, join(root, 'agent.yaml')).sources;
  if (config === undefined) throw new Error('no source');
  const source = createSourceRuntime({ config, mappings: builtInMappings(feedNamed), files, clock });
  const commits: number[] = [];
  const space = { free: 1_000_000_000 };
  const disk = createDiskGuard({
    folder: root,
    floorBytes: options.floorBytes ?? 1000,
    statfs: () => Promise.resolve({ bavail: space.free, bsize: 1 }),
  });
  const readFile = createFileReader({
    ...{ staging, exports, clock, random: systemRandom, limits: {}, sealer: () => sealer },
    facilityKey: () => Buffer.alloc(32, 1),
  });
  const intake = createIntake({
    ...{
      sources: [source],
      staging,
      readFile,
      exports,
      files,
      disk,
      clock,
      logger: quiet,
      filesPerScan: 1000,
    },
    onPaused: () => undefined,
    onCommitted: (committed) => commits.push(committed.length),
  });
  let closed = false;
  const close = (): void => {
    if (!closed) database.close();
    closed = true;
  };
  onTestFinished(close);
  const round = (): Promise<Round> => intake.round(new AbortController().signal, { all: true });
  const envelopes = (): readonly { seq: number; slice: number; state: string; export: string }[] =>
    database.all(`select seq, slice, state, export from envelopes order by seq`);
  const open = async (seq: number): Promise<Slice> => {
    const row = database.get<{ content: Buffer }>(
      `select b.content from envelope_blobs b join envelopes e on e.n = b.n where e.seq = ?`,
      seq,
    );
    return parseSlice(await openEnvelope(parseEnvelope(row?.content ?? Buffer.alloc(0)), region.encryption));
  };
  return {
    root,
    folder,
    clock,
    database,
    outbox,
    exports,
    files,
    intake,
    source,
    space,
    commits,
    round,
    envelopes,
    open,
    close,
  };
}

describe('from a folder to the outbox', () => {
  it('seals an export, makes it pending, and archives the file', async () => {
    const { folder, round, exports, envelopes, open } = lab();
    writeFileSync(join(folder, 'a.xml'), exportXml(3));
    const { taken } = await round();
    const row = exports.get(taken[0] ?? '');
    expect(row).toMatchObject({ name: 'a.xml', records: 3, accepted: 3, outcome: 'unknown', slices: 1 });
    expect(envelopes()).toMatchObject([{ seq: 1, state: 'pending' }]);
    const slice = await open(1);
    expect(slice.records).toHaveLength(3);
    expect(slice.manifest).toMatchObject({ slices: 1, records: 3, digest: row?.digest, header: true });
    expect(row?.movedTo?.toString()).toBe(join(folder, 'archive/2026/01/21/a.xml'));
    expect(readdirSync(folder)).toEqual(['archive']);
  });

  it('cuts a large export into slices of at most 1,000 records, the manifest in the last', async () => {
    const { folder, round, envelopes, open } = lab();
    writeFileSync(join(folder, 'a.xml'), exportXml(2500));
    await round();
    expect(envelopes().map(({ slice }) => slice)).toEqual([1, 2, 3]);
    const slices = [await open(1), await open(2), await open(3)];
    expect(slices.map(({ records }) => records.length)).toEqual([1000, 1000, 500]);
    expect(slices.map(({ manifest }) => manifest?.slices)).toEqual([undefined, undefined, 3]);
    expect(slices.flatMap(({ records }) => records.map(({ record }) => record))).toEqual(
      Array.from({ length: 2500 }, (_, index) => index + 1),
    );
  });

  it('stages a very large export on disk as it is read, and publishes it whole', async () => {
    const { folder, round, envelopes, database } = lab({ maxBytes: 20_000 });
    let sawStaged = false;
    writeFileSync(join(folder, 'a.xml'), exportXml(9000));
    const watching = setInterval(() => {
      sawStaged ||= (database.get<{ n: number }>(`select n from backlog where state = 'staged'`)?.n ?? 0) > 0;
    }, 1);
    await round();
    clearInterval(watching);
    expect(sawStaged).toBe(true);
    expect(envelopes().map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'pending'));
  });

  it('gives rows and sequence numbers back when a large export turns out to be cut', async () => {
    const { folder, round, envelopes, exports, outbox } = lab({ maxBytes: 20_000 });
    const whole = exportXml(9000);
    writeFileSync(join(folder, 'a.xml'), whole.slice(0, whole.length - 20));
    writeFileSync(join(folder, 'b.xml'), exportXml(1));
    const { taken } = await round();
    expect(taken.map((id) => exports.get(id)?.outcome)).toEqual(['rejected', 'unknown']);
    expect(envelopes()).toMatchObject([{ seq: 1, state: 'pending', export: taken[1] }]);
    expect(outbox.tail(feed)?.seq).toBe(1);
  });

  it('quarantines what cannot be read, with its reason, and reports it', async () => {
    const { folder, round, exports, files } = lab();
    writeFileSync(join(folder, 'cut.xml'), exportXml(3).slice(0, 700));
    const { taken } = await round();
    expect(exports.get(taken[0] ?? '')).toMatchObject({ outcome: 'rejected', errorCode: 'export-cut' });
    expect(readdirSync(join(folder, 'quarantine')).sort()).toEqual(['cut.xml', 'cut.xml.error.json']);
    expect(files.rejectReports(10)).toMatchObject([{ source: 'urgences', code: 'export-cut' }]);
  });

  it('never writes to a folder that is to be kept, and takes each file once', async () => {
    const { folder, round } = lab({ after: 'keep' });
    writeFileSync(join(folder, 'a.xml'), exportXml(3));
    writeFileSync(join(folder, 'cut.xml'), '<OSCOUR>');
    expect((await round()).taken).toHaveLength(2);
    expect((await round()).taken).toHaveLength(0);
    expect(readdirSync(folder).sort()).toEqual(['a.xml', 'cut.xml']);
  });

  it('content already processed is a duplicate: nothing is sealed', async () => {
    const { folder, round, exports, envelopes, database } = lab();
    writeFileSync(join(folder, 'a.xml'), exportXml(3));
    const [first = ''] = (await round()).taken;
    database.run(`update exports set outcome = 'forwarded' where id = ?`, first);
    writeFileSync(join(folder, 'again.xml'), exportXml(3));
    const [second = ''] = (await round()).taken;
    expect(exports.get(second)).toMatchObject({ outcome: 'duplicate', original: first, records: 3 });
    expect(envelopes()).toHaveLength(1);
  });

  it('content in flight, rejected or held is sent anew: the region decides', async () => {
    const { folder, round, envelopes } = lab();
    writeFileSync(join(folder, 'a.xml'), exportXml(3));
    await round();
    writeFileSync(join(folder, 'again.xml'), exportXml(3));
    await round();
    expect(envelopes()).toHaveLength(2);
  });

  it('a resend asked for reads the archived file again and says so to the region', async () => {
    const { folder, round, exports, files, open } = lab();
    writeFileSync(join(folder, 'a.xml'), exportXml(3));
    const [first = ''] = (await round()).taken;
    files.askReread(first, true, 0);
    const [second = ''] = (await round()).taken;
    expect(exports.get(first)).toMatchObject({ state: 'superseded', original: second });
    expect((await open(2)).manifest).toMatchObject({ resend: true });
    expect(files.rereads(10)).toEqual([]);
  });

  it('more resends than one round takes go on at once', async () => {
    const { folder, round, files } = lab();
    for (let n = 0; n < 70; n += 1) writeFileSync(join(folder, `${n}.xml`), exportXml(1 + n));
    for (const id of (await round()).taken) files.askReread(id, true, 0);
    expect(await round()).toMatchObject({ againInMs: 0 });
    expect(files.rereads(100)).toHaveLength(6);
    expect((await round()).againInMs).toBeGreaterThan(0);
    expect(files.rereads(100)).toEqual([]);
  });

  it('many small exports share one commit, bounded', async () => {
    const { folder, round, envelopes, commits } = lab();
    for (let n = 0; n < 70; n += 1) writeFileSync(join(folder, `${n}.xml`), exportXml(1 + n));
    await round();
    expect(envelopes()).toHaveLength(70);
    expect(commits).toEqual([64, 6]);
  });
});

describe('when the disk is full', () => {
  it('takes nothing below the floor, leaves sources untouched, and resumes alone', async () => {
    const { folder, round, intake, space } = lab({ floorBytes: 1000 });
    writeFileSync(join(folder, 'a.xml'), exportXml(3));
    space.free = 999;
    expect(await round()).toMatchObject({ taken: [], unfinished: true });
    expect(intake.paused()?.code).toBe('disk-low');
    expect(readdirSync(folder)).toEqual(['a.xml']);
    space.free = 1_000_000;
    expect((await round()).taken).toHaveLength(1);
    expect(intake.paused()).toBeNull();
  });

  it.each([1, 2500])(
    'a commit of %i records that fails leaves nothing behind, and the next one chains on what was there',
    async (count) => {
      const { folder, round, intake, database, envelopes, exports, outbox } = lab({ maxBytes: 20_000 });
      writeFileSync(join(folder, 'first.xml'), exportXml(2));
      await round();
      const pages = database.db.pragma('page_count', { simple: true });
      database.db.pragma(`max_page_count = ${String(pages)}`);
      writeFileSync(join(folder, 'a.xml'), exportXml(count, '21/01/2026 03:00:00'));
      expect((await round()).taken).toEqual([]);
      expect(intake.paused()?.code).toBe('disk-full');
      expect(existsSync(join(folder, 'a.xml'))).toBe(true);
      expect(envelopes()).toHaveLength(1);
      expect(outbox.tail(feed)?.seq).toBe(1);
      database.db.pragma('max_page_count = 1000000');
      const { taken } = await round();
      expect(intake.paused()).toBeNull();
      expect(exports.get(taken[0] ?? '')).toMatchObject({ name: 'a.xml', outcome: 'unknown' });
      expect(envelopes().map(({ seq }) => seq)).toEqual(
        Array.from({ length: 1 + Math.ceil(count / 1000) }, (_, index) => index + 1),
      );
    },
  );
});

describe('a large export that could neither be staged to its end nor taken back', () => {
  it('gives its sequence numbers back before the next one is sealed', async () => {
    const { folder, round, intake, database, envelopes, exports } = lab({ maxBytes: 20_000 });
    writeFileSync(join(folder, 'a.xml'), exportXml(4500));
    database.db.exec(`
      create temp trigger no_room before insert on envelopes when new.slice = 4
        begin select raise(fail, 'no room'); end;
      create temp trigger still_none before delete on envelopes begin select raise(fail, 'no room'); end`);
    await expect(round()).rejects.toThrow();
    expect(envelopes().length).toBeGreaterThan(0);
    database.db.exec('drop trigger no_room; drop trigger still_none');
    const { taken } = await round();
    expect(intake.paused()).toBeNull();
    expect(exports.get(taken[0] ?? '')).toMatchObject({ name: 'a.xml', slices: 5 });
    expect(envelopes().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('after a stop between two steps', () => {
  it('a file committed and not yet moved is moved, not read again', async () => {
    const first = lab();
    writeFileSync(join(first.folder, 'a.xml'), exportXml(3));
    // A file where the folder should be: the move fails after the commit, as a stop between the two would leave it.
    writeFileSync(join(first.folder, 'archive'), 'in the way');
    await first.round();
    expect(first.source.problem).toBe('file-not-moved');
    const { problemFacts } = createFileBook(first.database).status(first.source.config.name) ?? {};
    expect(JSON.parse(problemFacts ?? '{}')).toMatchObject({ file: 'a.xml', reason: 'ENOTDIR' });
    expect(readdirSync(first.folder)).toContain('a.xml');
    first.close();
    rmSync(join(first.folder, 'archive'));
    const again = lab({ path: first.root });
    expect((await again.round()).taken).toEqual([]);
    expect(readdirSync(join(first.folder, 'archive/2026/01/21'))).toEqual(['a.xml']);
    expect(again.envelopes()).toHaveLength(1);
  });
});

describe('the ledger proves itself', () => {
  const proofOf = (one: ReturnType<typeof lab>) =>
    verifyLedgers({
      database: one.database,
      backlog: createBacklog(one.database),
      exports: one.exports,
      verifyReceipt: () => Promise.reject(new Error('no receipts here')),
      sealKey: () => region.server.certificate.publicKey,
    });

  async function filled() {
    const one = lab();
    for (let n = 1; n <= 4; n += 1) writeFileSync(join(one.folder, `${n}.xml`), exportXml(n));
    await one.round();
    return one;
  }

  it('holds when nothing was touched', async () => {
    expect(await proofOf(await filled())).toMatchObject({ envelopes: 4, contents: 4, faults: [] });
  });

  it.each([
    ['an envelope removed', `delete from envelopes where seq = 2`, 'sequence-gap'],
    ['the last one removed', `delete from envelopes where seq = 4`, 'tail-missing'],
    ['a link altered', `update envelopes set prev = digest where seq = 3`, 'chain-broken'],
    ['a content altered', `update envelope_blobs set content = zeroblob(500) where n = 2`, 'content-altered'],
    [
      'a content swapped',
      `update envelope_blobs set content = (select content from envelope_blobs where n = 1) where n = 2`,
      'content-altered',
    ],
    ['an acceptance made up', `update envelopes set state = 'accepted' where seq = 1`, 'receipt-missing'],
  ])('finds %s', async (_what, sql, code) => {
    const one = await filled();
    one.database.db.exec(sql);
    expect((await proofOf(one)).faults.map((fault) => fault.code)).toContain(code);
  });
});
