import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../agent/enrolment/identity.ts';
import { createBacklog } from '../../agent/outbox/backlog.ts';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import { createExportBook } from '../../agent/outbox/export-book.ts';
import { migrations as agentMigrations } from '../../agent/outbox/schema.ts';
import { verifyLedgers as verifyAgent } from '../../agent/outbox/verify-ledger.ts';
import { bedExport } from '../../installers/sandbox/bed-exports.ts';
import { createRegion } from '../../installers/sandbox/region.ts';
import { readTrustBundle } from '../../receiver/auth/trust-bundle-file.ts';
import { verifyLedgers as verifyReceiver } from '../../receiver/inbox/verify-ledger.ts';
import { migrations as receiverMigrations } from '../../receiver/store/migrations.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import { readCertificate, spkiDigest } from '../../shared/envelope/keys.ts';
import { createReceiptVerifier, type ReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { verifyTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { openSqlite, type Sqlite } from '../../shared/runtime/sqlite.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';
import { french, visitsOf } from './live.ts';

/**
 * A real history, from real processes, then somebody with full access to a database changes one thing in it. Each change
 * must be found on that side alone, with public keys.
 */
const facility = finess(821);
const perSide = 150;
let base: string;
let sealKey: Parameters<typeof verifyAgent>[0]['sealKey'];
let verifier: ReceiptVerifier;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-tamper-'));
  mkdirSync(join(base, 'in'));
  for (const day of [1, 2, 3, 4, 5])
    writeFileSync(
      join(base, 'in', `${day}.xml`),
      rpuXml({
        ...{ finess: facility, extract: `${french(day + 1)} 02:00:00`, from: french(day), to: french(day) },
        visits: visitsOf(day, day === 3 ? 2300 : 4),
      }),
    );
  for (const hour of [8, 9])
    writeFileSync(
      join(base, 'in', `beds-${hour}.csv`),
      bedExport(7, facility, Date.UTC(2026, 0, 12, hour)).content,
    );
  const region = await createRegion({ keep: false, outFolder: join(base, 'out') });
  try {
    await region.addFacilities([{ finess: facility, name: 'TAMPERED' }]);
    const receiver = await region.serve();
    const agent = await region.enroll({
      ...{ name: 'tampered', facilities: [facility], sourceFolder: join(base, 'in') },
      ...{ ready: 'now', after: 'keep' },
    });
    await agent.once();
    await receiver.stop();
    // Closed cleanly, each database is one file.
    copyFileSync(join(agent.stateFolder, 'agent.db'), join(base, 'agent.db'));
    copyFileSync(join(region.receiverState, 'receiver.db'), join(base, 'receiver.db'));
    const identity = await loadIdentity(agent.stateFolder);
    const { publicKey } = identity.seal.certificate;
    sealKey = () => publicKey;
    const root = readCertificate(readFileSync(join(region.receiverState, 'keys', 'root.pem'), 'utf8'));
    const { jws } = await readTrustBundle(region.receiverState);
    verifier = createReceiptVerifier(
      (await verifyTrustBundle(jws, spkiDigest(root.publicKey), 0)).receiptKeys,
    );
  } finally {
    await region.close();
  }
}, 90_000);

afterAll(() => rmSync(base, { recursive: true, force: true }));

async function agentFaults(path: string): Promise<number> {
  const database = openAgentDatabase(path, { readonly: true });
  try {
    const proof = await verifyAgent({
      ...{ database, backlog: createBacklog(database), exports: createExportBook(database), sealKey },
      verifyReceipt: (text, jws) => verifier.verify(text, jws),
    });
    return proof.faults.length;
  } finally {
    database.close();
  }
}

async function receiverFaults(path: string): Promise<number> {
  const store = openSqliteStore(path);
  try {
    return (await verifyReceiver(store, verifier)).reduce((sum, { faults }) => sum + faults.length, 0);
  } finally {
    await store.close();
  }
}

/** Numbers below a bound, the same for the same seed. */
function draws(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    state = (state ^ (state >>> 12)) >>> 0;
    return state % below;
  };
}

type Draw = ReturnType<typeof draws>;
/** Answers what was done; undefined when this draw would have changed nothing. */
type Tampering = (db: Sqlite, draw: Draw) => void;

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the row that its SQL gives
const anyRow = <Row>(db: Sqlite, draw: Draw, sql: string): Row => {
  const rows = db.prepare(sql).all() as Row[];
  const row = rows[draw(rows.length)];
  if (row === undefined) throw new Error(`nothing to tamper with: ${sql}`);
  return row;
};

/** One byte of a text or blob becomes another; a character of a receipt stays one. */
function flipped<T extends string | Buffer>(value: T, draw: Draw): T {
  const bytes = Buffer.from(value as Buffer);
  const at = draw(bytes.length);
  const old = bytes[at] ?? 0;
  if (typeof value !== 'string') {
    bytes[at] = old ^ (1 << draw(8));
    return bytes as T;
  }
  bytes[at] = old === 0x37 ? 0x38 : 0x37;
  return bytes.toString('utf8') as T;
}

const hex = '0123456789abcdef';
const otherDigest = (draw: Draw): string => Array.from({ length: 64 }, () => hex[draw(16)]).join('');

/** What both sides' tables of envelopes have in common. */
function ledgerTamperings(table: string, order: string): Record<string, Tampering> {
  const all = `select rowid as n, id, feed, seq, digest, prev from ${table}`;
  interface Row {
    readonly n: number;
    readonly id: string;
    readonly feed: string;
    readonly seq: number;
    readonly digest: string;
  }
  return {
    'an envelope removed': (db, draw) => {
      db.prepare(`delete from ${table} where rowid = ?`).run(anyRow<Row>(db, draw, all).n);
    },
    'a digest altered': (db, draw) => {
      db.prepare(`update ${table} set digest = ? where rowid = ?`).run(
        otherDigest(draw),
        anyRow<Row>(db, draw, all).n,
      );
    },
    'a link altered': (db, draw) => {
      db.prepare(`update ${table} set prev = ? where rowid = ?`).run(
        otherDigest(draw),
        anyRow<Row>(db, draw, all).n,
      );
    },
    'an id altered': (db, draw) => {
      const row = anyRow<Row>(db, draw, all);
      const last = row.id.endsWith('0') ? '1' : '0';
      db.prepare(`update ${table} set id = ? where rowid = ?`).run(row.id.slice(0, -1) + last, row.n);
    },
    'two envelopes in the other order': (db, draw) => {
      const one = anyRow<Row>(db, draw, `${all} where seq > 1 order by ${order}`);
      const set = db.prepare(`update ${table} set seq = ? where feed = ? and seq = ?`);
      set.run(-1, one.feed, one.seq);
      set.run(one.seq, one.feed, one.seq - 1);
      set.run(one.seq - 1, one.feed, -1);
    },
  };
}

/** A whole row again, under another id and place. */
function addCopy(db: Sqlite, table: string, from: number, change: Readonly<Record<string, unknown>>): void {
  const row = db.prepare(`select * from ${table} where rowid = ?`).get(from) as Record<string, unknown>;
  const copy = { ...row, ...change };
  const columns = Object.keys(copy);
  db.prepare(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  ).run(...Object.values(copy));
}

const ofAgent: Record<string, Tampering> = {
  ...ledgerTamperings('envelopes', 'n'),
  'an envelope added at the end': (db, draw) => {
    const { feed, seq, digest } = anyRow<{ feed: string; seq: number; digest: string }>(
      db,
      draw,
      'select * from ledgers',
    );
    const { n } = db.prepare('select max(n) n from envelopes where feed = ?').get(feed) as { n: number };
    const added = otherDigest(draw);
    addCopy(db, 'envelopes', n, { n: n + 1000, id: `added-${n}`, seq: seq + 1, prev: digest, digest: added });
    db.prepare('update ledgers set seq = ?, digest = ? where feed = ?').run(seq + 1, added, feed);
  },
  'the last envelope and its place in the head taken away': (db, draw) => {
    const { feed, seq } = anyRow<{ feed: string; seq: number }>(db, draw, 'select feed, seq from ledgers');
    const { prev } = db.prepare('select prev from envelopes where feed = ? and seq = ?').get(feed, seq) as {
      prev: string;
    };
    db.prepare('delete from envelopes where feed = ? and seq = ?').run(feed, seq);
    db.prepare(
      'update ledgers set seq = ?, digest = ?, receiver_seq = ?, receiver_digest = ? where feed = ?',
    ).run(...[seq - 1, prev, seq - 1, prev, feed]);
  },
  'a content altered': (db, draw) => {
    const row = anyRow<{ n: number; content: Buffer }>(db, draw, 'select n, content from envelope_blobs');
    db.prepare('update envelope_blobs set content = ? where n = ?').run(flipped(row.content, draw), row.n);
  },
  'a content gone': (db, draw) => {
    db.prepare('delete from envelope_blobs where n = ?').run(
      anyRow<{ n: number }>(db, draw, 'select n from envelope_blobs').n,
    );
  },
  'a stored receipt altered': (db, draw) => {
    const row = anyRow<{ envelope: string; text: string }>(db, draw, 'select * from stored_receipts');
    db.prepare('update stored_receipts set text = ? where envelope = ?').run(
      flipped(row.text, draw),
      row.envelope,
    );
  },
  'a stored receipt removed': (db, draw) => {
    const { envelope } = anyRow<{ envelope: string }>(db, draw, 'select envelope from stored_receipts');
    db.prepare('delete from stored_receipts where envelope = ?').run(envelope);
  },
  'a receipt altered': (db, draw) => {
    const row = anyRow<{ cursor: number; text: string }>(db, draw, 'select cursor, text from receipts');
    db.prepare('update receipts set text = ? where cursor = ?').run(flipped(row.text, draw), row.cursor);
  },
  'a receipt removed': (db, draw) => {
    const { cursor } = anyRow<{ cursor: number }>(
      db,
      draw,
      `select cursor from receipts where kind <> 'stored'`,
    );
    db.prepare('delete from receipts where cursor = ?').run(cursor);
  },
  'a receipt given to another export': (db, draw) => {
    const [one, other] = db.prepare(`select cursor, export from receipts where kind = 'processed'`).all() as {
      cursor: number;
      export: string;
    }[];
    db.prepare('update receipts set export = ? where cursor = ?').run(
      ...(draw(2) === 0 ? [other?.export, one?.cursor] : [one?.export, other?.cursor]),
    );
  },
  'a proof altered': (db, draw) => {
    const used =
      'select id, jws from proofs where id in (select proof from receipts union select proof from stored_receipts)';
    const row = anyRow<{ id: number; jws: string }>(db, draw, used);
    const dot = row.jws.indexOf('.') + 1;
    const body = flipped(row.jws.slice(dot, -4), draw);
    db.prepare('update proofs set jws = ? where id = ?').run(
      row.jws.slice(0, dot) + body + row.jws.slice(-4),
      row.id,
    );
  },
  'an epoch hidden': (db, draw) => {
    db.prepare('delete from epochs where feed = ?').run(
      anyRow<{ feed: string }>(db, draw, 'select feed from epochs').feed,
    );
  },
};

const ofReceiver: Record<string, Tampering> = {
  ...ledgerTamperings('envelope', 'arrival'),
  'an envelope added at the end': (db, draw) => {
    const head = anyRow<{ feed: string; seq: number; digest: string }>(db, draw, 'select * from ledger_head');
    const { n } = db.prepare('select max(arrival) n from envelope where feed = ?').get(head.feed) as {
      n: number;
    };
    const added = otherDigest(draw);
    addCopy(db, 'envelope', n, {
      arrival: n + 1000,
      id: `added-${n}`,
      seq: head.seq + 1,
      prev: head.digest,
      digest: added,
    });
    db.prepare('update ledger_head set seq = ?, digest = ? where feed = ?').run(
      head.seq + 1,
      added,
      head.feed,
    );
  },
  'the last envelope and its place in the head taken away': (db, draw) => {
    const { feed, seq } = anyRow<{ feed: string; seq: number }>(
      db,
      draw,
      'select feed, seq from ledger_head',
    );
    const { prev } = db.prepare('select prev from envelope where feed = ? and seq = ?').get(feed, seq) as {
      prev: string;
    };
    db.prepare('delete from envelope where feed = ? and seq = ?').run(feed, seq);
    db.prepare('update ledger_head set seq = ?, digest = ? where feed = ?').run(seq - 1, prev, feed);
  },
  'a content altered': (db, draw) => {
    const row = anyRow<{ n: number; content: Buffer }>(
      db,
      draw,
      'select envelope n, content from envelope_content',
    );
    db.prepare('update envelope_content set content = ? where envelope = ?').run(
      flipped(row.content, draw),
      row.n,
    );
  },
  'a receipt altered': (db, draw) => {
    const row = anyRow<{ cursor: number; text: string }>(db, draw, 'select cursor, text from receipt');
    db.prepare('update receipt set text = ? where cursor = ?').run(flipped(row.text, draw), row.cursor);
  },
  'a receipt removed': (db, draw) => {
    const { cursor } = anyRow<{ cursor: number }>(
      db,
      draw,
      `select cursor from receipt where kind in ('stored', 'processed')`,
    );
    db.prepare('delete from receipt where cursor = ?').run(cursor);
  },
  'a proof altered': (db, draw) => {
    const row = anyRow<{ id: number; jws: string }>(
      db,
      draw,
      'select id, jws from proof where id in (select proof from receipt)',
    );
    const dot = row.jws.indexOf('.') + 1;
    const body = flipped(row.jws.slice(dot, -4), draw);
    db.prepare('update proof set jws = ? where id = ?').run(
      row.jws.slice(0, dot) + body + row.jws.slice(-4),
      row.id,
    );
  },
  'a head moved': (db, draw) => {
    const { feed } = anyRow<{ feed: string }>(db, draw, 'select feed from ledger_head');
    db.prepare(
      `update ledger_head set ${draw(2) === 0 ? 'seq = seq + 1' : `digest = '${otherDigest(draw)}'`} where feed = ?`,
    ).run(feed);
  },
};

describe.each([
  ['the agent', 'agent.db', ofAgent, agentFaults, agentMigrations],
  ['the receiver', 'receiver.db', ofReceiver, receiverFaults, receiverMigrations],
] as const)('verify on the side of %s', (_side, file, tamperings, faultsOf, migrations) => {
  it('holds for the history as it was made', async () => {
    expect(await faultsOf(join(base, file))).toBe(0);
  });

  it(`finds each of ${perSide} changes`, async () => {
    const kinds = Object.entries(tamperings);
    const missed: string[] = [];
    for (let seed = 1; seed <= perSide; seed += 1) {
      const [kind, tamper] = kinds[seed % kinds.length] ?? ['', () => undefined];
      const path = join(base, `tampered-${file}`);
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
      copyFileSync(join(base, file), path);
      const db = openSqlite(path, { migrations });
      db.pragma('foreign_keys = OFF');
      tamper(db, draws(seed));
      db.close();
      if ((await faultsOf(path)) === 0) missed.push(`seed ${seed}: ${kind}`);
    }
    expect(missed).toEqual([]);
  });
});
