import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { carryImport } from '../../../agent/commands/carry-import.ts';
import { createTerminal } from '../../../agent/commands/terminal.ts';
import { loadConfig } from '../../../agent/config.ts';
import { loadIdentity, type Identity } from '../../../agent/enrolment/identity.ts';
import { takeStateLock } from '../../../agent/health/state-lock.ts';
import { createExportBook } from '../../../agent/outbox/export-book.ts';
import { createOutbox } from '../../../agent/outbox/outbox.ts';
import { settleCarried, type CarriedSettled } from '../../../agent/outbox/settle-carried.ts';
import { createAdmission } from '../../../receiver/inbox/admission.ts';
import { carriedReceipts, takeCarried } from '../../../receiver/inbox/carried.ts';
import { createIntake } from '../../../receiver/inbox/intake.ts';
import { genesis } from '../../../shared/envelope/header.ts';
import {
  openCarry,
  writeCarry,
  type CarriedPage,
  type Carry,
  type CarryEntry,
  type CarryHeader,
} from '../../../shared/protocol/carry.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openDoors, type RegionDoors } from '../../support/region-doors.ts';
import {
  envelopeId,
  envelopeOf,
  exportRow,
  fakeClock,
  quiet,
  ready,
  temporaryFolder,
} from '../agent/support.ts';
import { openDesk, type Desk } from './desk.ts';

const header = (change: Partial<CarryHeader> = {}): CarryHeader => ({
  ...{ v: 1, kind: 'envelopes', agent: systemRandom.uuid(0), region: 'a'.repeat(64) },
  ...{ created: 0, entries: 2, cursor: 0 },
  ...change,
});
const entries: readonly CarryEntry[] = [
  { kind: 'envelope', bytes: Buffer.from('first') },
  { kind: 'tombstone', bytes: Buffer.from('second') },
];

async function all(carry: Carry): Promise<readonly CarryEntry[]> {
  const found: CarryEntry[] = [];
  for await (const entry of carry.entries()) found.push(entry);
  return found;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no fault',
    (error: unknown) => asFault(error).code,
  );
}

describe('a carry file', () => {
  it('is read back entry by entry as often as asked, and is never written over', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.vgm');
    await writeCarry(path, header(), entries);
    const carry = await openCarry(path, 'envelopes');
    for (let pass = 0; pass < 2; pass += 1) expect(await all(carry)).toEqual(entries);
    await carry.close();
    expect(await codeOf(writeCarry(path, header(), entries))).toBe('carry-file-exists');
    expect(await codeOf(writeCarry(join(folder, 'no/where'), header(), entries))).toBe('carry-not-written');
    expect(readdirSync(folder)).toEqual(['a.vgm']);
  });

  it('cut anywhere or with any byte changed is refused whole', async () => {
    const path = join(temporaryFolder(), 'a.vgm');
    await writeCarry(path, header(), entries);
    const whole = readFileSync(path);
    const refused = ['carry-not-one', 'carry-cut', 'carry-altered', 'carry-wrong-kind'];
    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      expect(refused, `cut at ${length}`).toContain(await codeOf(openCarry(path, 'envelopes')));
    }
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Buffer.from(whole);
      changed[index] = (changed[index] ?? 0) ^ 0x20;
      writeFileSync(path, changed);
      expect(refused, `byte ${index}`).toContain(await codeOf(openCarry(path, 'envelopes')));
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.from('x')]));
    expect(await codeOf(openCarry(path, 'envelopes'))).not.toBe('no fault');
  });

  it('that is not there is said to be unreadable', async () => {
    expect(await codeOf(openCarry(join(temporaryFolder(), 'none'), 'answer'))).toBe('carry-unreadable');
  });
});

describe('carried answers beside a running agent', () => {
  it('settle what waits and leave what the agent has in hand', () => {
    const { database } = openDesk();
    const outbox = createOutbox({ database, clock: fakeClock() });
    const first = envelopeOf('e', 1, genesis);
    const second = envelopeOf('e', 2, first.digest, { slice: 2 });
    outbox.commit([ready(exportRow('e', { slices: 2 }), [first, second])], new Map());
    const [inHand] = outbox.turn([], { limit: 1, order: 'oldest' });
    expect(inHand?.seq).toBe(1);
    const answers = [first, second].map(({ id, feed, epoch, seq, digest }): CarriedSettled => ({
      ...{ kind: 'accepted', n: seq, id, receipt: '{}', proof: 'jws', feed, epoch },
      head: { seq, digest },
    }));
    const counts = { settled: 0, known: 0 };
    expect(settleCarried({ database, outbox }, answers, counts)).toEqual([answers[0]]);
    expect(counts).toEqual({ settled: 1, known: 0 });
    // The agent's own attempt came to nothing: now it is settled too, and only once.
    outbox.turn([{ kind: 'retry', n: 1, nextAttemptAt: 0, code: 'receiver-unreachable' }], {
      limit: 0,
      order: 'oldest',
    });
    expect(settleCarried({ database, outbox }, answers, counts)).toEqual([]);
    expect(counts).toEqual({ settled: 2, known: 1 });
    expect(database.all(`select state from envelopes order by seq`)).toEqual([
      { state: 'accepted' },
      { state: 'accepted' },
    ]);
  });
});

describe('an answer', () => {
  let doors: RegionDoors;
  let enrolled: string;
  let identity: Identity;

  beforeAll(async () => {
    doors = await openDoors(Date.now());
    enrolled = mkdtempSync(join(tmpdir(), 'carry-'));
    await doors.enroll(enrolled, (await doors.invite()).code);
    identity = await loadIdentity(enrolled);
  });
  afterAll(async () => {
    await doors.close();
    rmSync(enrolled, { recursive: true, force: true });
  });

  function desk(): Desk {
    const opened = openDesk();
    cpSync(enrolled, join(opened.root, 'state'), { recursive: true });
    return opened;
  }
  const ours = (kind: CarryHeader['kind'], count: number): CarryHeader =>
    header({ kind, agent: identity.agent, region: identity.rootDigest, entries: count });
  const pageEntry = async (claims: CarriedPage): Promise<CarryEntry> => {
    const text = JSON.stringify(claims);
    return {
      kind: 'receipts',
      bytes: Buffer.from(JSON.stringify({ text, proof: await doors.lab.sign([text]) })),
    };
  };
  const page = (agent: string, after: number, cursor: number): CarriedPage => ({
    ...{ typ: 'vaguemestre-carried-receipts', agent, after },
    page: { receipts: [], proofs: [], cursor, more: false },
  });

  it('with a page of receipts written for another agent is refused', async () => {
    const { root, ask } = desk();
    const path = join(root, 'answer.vgm');
    await writeCarry(path, ours('answer', 1), [await pageEntry(page(systemRandom.uuid(0), 0, 9))]);
    expect((await ask(['carry', 'import', path])).document).toMatchObject({
      error: { code: 'receipt-invalid' },
    });
    const other = join(root, 'other.vgm');
    await writeCarry(other, header({ kind: 'answer', region: identity.rootDigest, entries: 0 }), []);
    expect((await ask(['carry', 'import', other])).document).toMatchObject({
      error: { code: 'carry-other-agent' },
    });
    const foreign = join(root, 'foreign.vgm');
    await writeCarry(foreign, header({ kind: 'answer', agent: identity.agent, entries: 0 }), []);
    expect((await ask(['carry', 'import', foreign])).document).toMatchObject({
      error: { code: 'carry-other-region' },
    });
  });

  it('whose first pages were taken out does not make the agent forget to ask for them', async () => {
    const { root, ask, database } = desk();
    const path = join(root, 'answer.vgm');
    const [first, second] = [page(identity.agent, 0, 5), page(identity.agent, 5, 9)];
    await writeCarry(path, ours('answer', 1), [await pageEntry(second)]);
    expect((await ask(['carry', 'import', path])).code).toBe(0);
    expect(createExportBook(database).cursor()).toBe(0);
    const whole = join(root, 'whole.vgm');
    await writeCarry(whole, ours('answer', 2), [await pageEntry(first), await pageEntry(second)]);
    await ask(['carry', 'import', whole]);
    expect(createExportBook(database).cursor()).toBe(9);
  });

  /** An answer that the region holds the one envelope, which the running agent has in hand just now. */
  async function inHand(opened: Desk) {
    const clock = fakeClock();
    const outbox = createOutbox({ database: opened.database, clock });
    const envelope = envelopeOf('e', 1, genesis);
    outbox.commit([ready(exportRow('e'), [envelope])], new Map());
    outbox.turn([], { limit: 1, order: 'oldest' });
    const { id, digest, feed, epoch, seq } = envelope;
    const receipt = JSON.stringify({
      ...{ v: 1, id: systemRandom.uuid(0), agent: identity.agent, at: 0, kind: 'stored' },
      ...{ envelope: id, digest, feed, epoch, seq, head: { seq, digest } },
    });
    const answers = {
      proofs: [await doors.lab.sign([receipt])],
      answers: [{ envelope: id, receipt, proof: 0 }],
    };
    const path = join(opened.root, 'answer.vgm');
    await writeCarry(path, ours('answer', 1), [
      { kind: 'answers', bytes: Buffer.from(JSON.stringify(answers)) },
    ]);
    const config = await loadConfig(opened.configFile);
    const unlock = takeStateLock(config.state, clock);
    onTestFinished(unlock);
    return {
      clock,
      giveBack: () => {
        outbox.turn([{ kind: 'retry', n: 1, nextAttemptAt: 0, code: 'receiver-unreachable' }], {
          ...{ limit: 0, order: 'oldest' },
        });
      },
      /** `then` hears after each wait how long it has been waited, in ms. */
      carry: async (then: (waited: number) => void) => {
        const lines: string[] = [];
        const from = clock.monotonic();
        const wait = (ms: number): Promise<void> => {
          clock.pass(ms);
          then(clock.monotonic() - from);
          return Promise.resolve();
        };
        const terminal = createTerminal({
          ...{ stdin: Readable.from([]), env: {} },
          ...{ stdout: { write: () => true }, stderr: { write: () => true } },
        });
        const code = await carryImport(
          {
            ...{ config, configPath: opened.configFile, language: 'en', json: true, terminal },
            print: (line) => lines.push(line),
          },
          path,
          { clock, wait },
        );
        return { code, document: JSON.parse(lines.join('')) as unknown };
      },
    };
  }

  it('waits for envelopes that the running agent has in hand until they are back', async () => {
    const opened = desk();
    const { giveBack, carry, clock } = await inHand(opened);
    const from = clock.monotonic();
    const said = await carry((waited) => {
      if (waited === 30_000) giveBack();
    });
    expect(said).toMatchObject({ code: 0, document: { settled: 1, busy: 0 } });
    expect(clock.monotonic() - from).toBe(30_000);
    expect(opened.database.all(`select state from envelopes`)).toEqual([{ state: 'accepted' }]);
  });

  it('gives up after a minute, says so, and can be brought again', async () => {
    const opened = desk();
    const { giveBack, carry, clock } = await inHand(opened);
    const from = clock.monotonic();
    const said = await carry(() => undefined);
    expect(said).toMatchObject({ code: 1, document: { settled: 0, busy: 1 } });
    expect(clock.monotonic() - from).toBe(60_000);
    expect(opened.database.all(`select state from envelopes`)).toEqual([{ state: 'sending' }]);
    giveBack();
    expect(await carry(() => undefined)).toMatchObject({ code: 0, document: { settled: 1, busy: 0 } });
  });

  it('to a tombstone ends its waiting', async () => {
    const { root, ask, database } = desk();
    const outbox = createOutbox({ database, clock: fakeClock() });
    outbox.commit([ready(exportRow('e'), [envelopeOf('e', 1, genesis)])], new Map());
    outbox.turn([], { limit: 1, order: 'oldest' });
    outbox.turn([{ kind: 'dead', n: 1, export: 'e', code: 'envelope-too-large' }], {
      limit: 0,
      order: 'oldest',
    });
    const out = join(root, 'out.vgm');
    expect((await ask(['carry', 'export', out])).document).toMatchObject({ envelopes: 0, tombstones: 1 });

    const { store, sign, clock } = doors.lab;
    const carry = await openCarry(out, 'envelopes');
    const intake = createIntake({
      store,
      clock,
      random: systemRandom,
      logger: quiet,
      sign,
      onStored: () => undefined,
    });
    const taken = await takeCarried(carry, { admission: createAdmission({ store }), intake });
    expect(taken).toMatchObject({ stored: 1, refused: {}, envelopes: [envelopeId('e', 1)] });
    const pages = await carriedReceipts({ store, sign }, carry.header);
    await carry.close();
    const back = join(root, 'back.vgm');
    await writeCarry(back, ours('answer', 1 + pages.length), [
      ...taken.answers.map((one): CarryEntry => ({
        kind: 'answers',
        bytes: Buffer.from(JSON.stringify(one)),
      })),
      ...pages.map((one): CarryEntry => ({ kind: 'receipts', bytes: Buffer.from(JSON.stringify(one)) })),
    ]);
    expect((await ask(['carry', 'import', back])).code).toBe(0);
    expect(database.all(`select state, tombstone from envelopes`)).toEqual([
      { state: 'dead', tombstone: 'sent' },
    ]);
    expect(createExportBook(database).cursor()).toBeGreaterThan(0);
  });
});
