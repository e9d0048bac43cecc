import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createJoinBook, type ExportHalves } from '../../agent/assembly/join-book.ts';
import { joinSql } from '../../agent/assembly/join-queries.ts';
import { createVault } from '../../agent/assembly/vault.ts';
import { compileMapping } from '../../agent/mapping/compile.ts';
import type { CompiledMapping } from '../../agent/mapping/compiled-mapping.ts';
import { openAgentDatabase } from '../../agent/outbox/database.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { fakeClock, temporaryFolder } from '../unit/agent/support.ts';
import { bodies, finess, read, type Read } from '../unit/reader/reading.ts';

const compile = (text: string): CompiledMapping =>
  compileMapping(text, { origin: 'join.yaml', feeds: feedNamed });

/** Birth and entry to the minute, in the formats of two softwares; the second export is a dump of fixed width. */
const byBirthAndMinute = compile(`version: 1
name: naissance-minute
feed: ed-visits
format: { type: csv, requires: [SITE, NE, ENTREE] }
join:
  name: adm
  format:
    type: fixed-width
    columns: [{ name: NE, start: 1, length: 8 }, { name: JOUR, start: 9, length: 8 }, { name: HEURE, start: 17, length: 4 }, { name: CP, start: 21, length: 5 }]
  key:
    main: [{ from: NE, date: [dd/MM/yyyy] }, { from: ENTREE, dateTime: ["dd/MM/yyyy HH:mm:ss"] }]
    joined: [{ from: NE, date: [yyyyMMdd] }, { concat: [{ column: JOUR }, { column: HEURE }], dateTime: [yyyyMMddHHmm] }]
fields: { facility: SITE, birthDate: NE, arrivedAt: { from: ENTREE, dateTime: ["dd/MM/yyyy HH:mm:ss"] }, sex: SEXE, postalCode: adm.CP }
`);
const care = (...rows: readonly string[]): string => ['SITE;NE;ENTREE;SEXE', ...rows, ''].join('\n');
const came = (minute: number, sex = 'F', born = '14/02/1951'): string =>
  `${finess};${born};11/01/2026 09:${String(minute).padStart(2, '0')}:37;${sex}`;
const admin = (minute: number, cp: string, born = '19510214'): string =>
  `${born}2026011109${String(minute).padStart(2, '0')}${cp}\n`;

function rig(mapping: CompiledMapping) {
  const folder = temporaryFolder();
  const clock = fakeClock();
  const random = systemRandom;
  const open = () => openAgentDatabase(join(folder, 'agent.db'));
  let database = open();
  const vault = createVault(Buffer.alloc(32, 7), random);
  let book = createJoinBook({ database, vault, clock });
  onTestFinished(() => database.close());
  const start = async (text: string, side?: 'main' | 'joined'): Promise<Read & { halves: ExportHalves }> => {
    const halves = book.reading(random.uuid(clock.now()), 'soins');
    const seen = await read(text, { mappings: [mapping], halves, side, year: 2026 });
    return { ...seen, halves };
  };
  return {
    clock,
    /** Reads an export that ends well. */
    take: async (text: string, side?: 'main' | 'joined'): Promise<Read> => {
      const seen = await start(text, side);
      seen.halves.show();
      return seen;
    },
    /** Reads an export whose end is not met. */
    start,
    restart: (): void => {
      database.close();
      database = open();
      book = createJoinBook({ database, vault, clock });
    },
    purge: () => book.purge(),
    rows: (): number => database.get<{ n: number }>('select count(*) n from join_rows')?.n ?? -1,
    plan: (sql: string): string =>
      database.db
        .prepare(`explain query plan ${sql}`)
        .all(...Array.from({ length: sql.split('?').length - 1 }, () => null))
        .map((row) => (row as { detail: string }).detail)
        .join('; '),
    run: (sql: string) => database.run(sql),
  };
}

const codes = (seen: Read): unknown => bodies(seen).map(({ postalCode }) => postalCode ?? null);
const ids = (seen: Read): unknown[] => bodies(seen).map(({ visitId }) => visitId);
const rules = (seen: Read): string[] =>
  seen.findings.map(({ rule, line }) => `${rule} ${line ?? '-'}`).filter((text) => text.startsWith('join'));

describe('halves of records', () => {
  it('meet by birth and minute of entry, in whatever format either side writes them', async () => {
    const { take } = rig(byBirthAndMinute);
    const first = await take(care(came(1), came(2)));
    expect([codes(first), rules(first)]).toEqual([
      [null, null],
      ['join-half-missing 2', 'join-half-missing 3'],
    ]);
    const second = await take(admin(2, '67000') + admin(3, '68000'));
    expect([codes(second), rules(second), second.summary]).toEqual([
      ['67000'],
      ['join-waiting 2'],
      { records: 2, accepted: 1, rejected: 0, waiting: 1 },
    ]);
    expect(second.records.map(({ record, line }) => [record, line])).toEqual([[1, 1]]);
    expect(ids(second)).toEqual(ids(first).slice(1));
    expect(ids(second)[0]).toMatch(/^990000010#join/);
  });

  it('of twins are never joined, and are never made one', async () => {
    const { take } = rig(byBirthAndMinute);
    await take(admin(1, '67000') + admin(2, '67001') + admin(2, '67002'));
    const twins = await take(care(came(1, 'F'), came(1, 'M'), came(2)));
    expect(codes(twins)).toEqual([null, null, null]);
    expect(rules(twins)).toEqual(['join-ambiguous 2', 'join-ambiguous 3', 'join-ambiguous 4']);
    expect(ids(twins).map((id) => id !== undefined)).toEqual([false, false, true]);
    const again = await take(admin(1, '67000') + admin(2, '67001') + admin(2, '67002'));
    expect([again.summary?.accepted, again.summary?.waiting, rules(again)]).toEqual([
      0,
      3,
      ['join-ambiguous 1', 'join-ambiguous 2', 'join-ambiguous 3'],
    ]);
  });

  it('without a readable key stand alone on the main side, and are rejected on the other', async () => {
    const { take } = rig(byBirthAndMinute);
    const main = await take(care(came(1, 'F', ''), came(2, 'F', 'inconnu'), came(3)));
    expect(rules(main)).toEqual(['join-key-missing 2', 'join-key-missing 3', 'join-half-missing 4']);
    expect(ids(main).map((id) => id === undefined)).toEqual([true, true, false]);
    const joined = await take(admin(3, '67000') + admin(1, '67000', '        '));
    expect(joined.rejected).toEqual([
      { record: 2, line: 2, breach: { rule: 'join-key-missing', field: null } },
    ]);
  });

  it('are replaced by the later export with the same key, and by no other', async () => {
    const { take, rows } = rig(byBirthAndMinute);
    await take(admin(1, '67000') + admin(2, '67000'));
    await take(admin(2, '67999'));
    expect(rows()).toBe(2);
    expect(codes(await take(care(came(1), came(2))))).toEqual(['67000', '67999']);
  });

  it('count only once their export has been read to its end', async () => {
    const { take, start, restart, rows } = rig(byBirthAndMinute);
    await take(admin(1, '67000'));
    const cut = await start(admin(1, '67999') + admin(2, '67999'));
    expect(codes(await take(care(came(1), came(2))))).toEqual(['67000', null]);
    cut.halves.drop();
    expect(rows()).toBe(3);
    await start(admin(1, '67999'));
    restart();
    expect(rows()).toBe(3);
    expect(codes(await take(care(came(1), came(2))))).toEqual(['67000', null]);
  });

  it('read again after a stop give the same records', async () => {
    const { take, restart } = rig(byBirthAndMinute);
    const before = [await take(care(came(1), came(2))), await take(admin(1, '67000') + admin(2, '67001'))];
    restart();
    // Nothing of either had been committed: both are read again, in whatever order.
    const joined = await take(admin(1, '67000') + admin(2, '67001'));
    const main = await take(care(came(1), came(2)));
    expect([joined.records, main.records.map(({ body }) => body)]).toEqual([
      before[1]?.records,
      before[1]?.records.map(({ body }) => body),
    ]);
  });

  it('are forgotten after sixty days, one export at a time', async () => {
    const { take, clock, purge, rows } = rig(byBirthAndMinute);
    await take(admin(1, '67000') + admin(2, '67000'));
    clock.pass(59 * 86_400_000);
    await take(admin(3, '67000'));
    expect([purge(), rows()]).toEqual([false, 3]);
    clock.pass(86_400_001);
    expect([purge(), purge(), rows()]).toEqual([true, false, 1]);
  });

  it('damaged, or moved to another row, keep back only what they complete, until they are mended', async () => {
    const { take, run } = rig(byBirthAndMinute);
    await take(admin(1, '67000') + admin(2, '67001') + admin(3, '67002'));
    run(`update join_rows set sealed = (select sealed from join_rows where record = 2) where record = 1`);
    run(`update join_rows set sealed = zeroblob(60) where record = 3`);
    const main = await take(care(came(1), came(2), came(3)));
    expect([codes(main), main.summary]).toEqual([
      ['67001'],
      { records: 3, accepted: 1, rejected: 0, waiting: 2 },
    ]);
    expect(main.findings.filter(({ rule }) => rule === 'vault-damaged')).toEqual([
      { rule: 'vault-damaged', severity: 'error', field: null, line: 2, record: 1 },
      { rule: 'vault-damaged', severity: 'error', field: null, line: 4, record: 3 },
    ]);
    // The other export again replaces what was damaged, and completes all three.
    expect(codes(await take(admin(1, '67000') + admin(2, '67001') + admin(3, '67002')))).toEqual([
      '67000',
      '67001',
      '67002',
    ]);
    run(`update join_rows set sealed = zeroblob(60)
         where (read, record) = (select max(read) - 1, 1 from join_rows)`);
    const joined = await take(admin(1, '67998') + admin(2, '67999'));
    expect([codes(joined), joined.summary?.waiting]).toEqual([['67999'], 1]);
  });

  it('are looked up straight by their key', () => {
    const { plan } = rig(byBirthAndMinute);
    expect(plan(joinSql.page)).toContain('USING PRIMARY KEY (read=? AND record>?)');
    expect(plan(joinSql.others)).toMatch(/join_rows_by_key \(key=\?\)/);
    expect(plan(joinSql.ofKey)).toContain('join_rows_by_key (key=? AND read=?)');
    expect(plan(joinSql.dropReplaced)).toContain(
      'o USING COVERING INDEX join_rows_by_key (key=? AND read<?)',
    );
    expect(plan(joinSql.dropOpen)).toContain('join_reads_open');
    expect(plan(joinSql.oldest)).toContain('join_reads_by_age');
    for (const sql of Object.values(joinSql)) expect(plan(sql)).not.toMatch(/SCAN (?:join_rows|[ro]\b)/);
  });
});

describe('a record that cannot be placed without its other half', () => {
  const lateEntry = compile(`version: 1
name: entree-ailleurs
feed: ed-visits
format: { type: csv, requires: [SITE, NUM, CCMU] }
join:
  name: adm
  format: { type: csv, requires: [NUM, ENTREE] }
  key: { main: [NUM], joined: [NUM] }
fields: { facility: SITE, arrivedAt: adm.ENTREE, severity: CCMU }
`);

  it('waits, and is no reject; without a readable entry in the other half it is one', async () => {
    const { take } = rig(lateEntry);
    const main = await take(`SITE;NUM;CCMU\n${finess};1;2\n${finess};2;3\n`);
    expect([main.summary, rules(main), main.rejected]).toEqual([
      { records: 2, accepted: 0, rejected: 0, waiting: 2 },
      ['join-half-missing 2', 'join-half-missing 3'],
      [],
    ]);
    const joined = await take('NUM;ENTREE\n1;11/01/2026 09:42\n2;hier\n');
    expect(bodies(joined)).toMatchObject([{ severity: '2', arrivedAt: { text: '11/01/2026 09:42' } }]);
    expect(joined.rejected).toMatchObject([{ record: 2, line: 3, breach: { rule: 'entree-unreadable' } }]);
    const again = await take(`SITE;NUM;CCMU\n${finess};1;2\n${finess};2;3\n`);
    expect(again.summary).toEqual({ records: 2, accepted: 1, rejected: 1, waiting: 0 });
  });

  it('is recognised by the side its source holds', async () => {
    const { take } = rig(lateEntry);
    const other = await take(`SITE;NUM;CCMU\n${finess};1;2\n`, 'joined');
    expect(other.fault?.code).toBe('export-shape-unknown');
  });
});
