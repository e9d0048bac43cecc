import { backupHeader, opening } from '../../../receiver/backup/backup-file.ts';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../receiver/audit/audit-log.ts';
import { checkOnward } from '../../../receiver/audit/check-audit.ts';
import { sealAudit } from '../../../receiver/audit/seal-audit.ts';
import { verifyAudit } from '../../../receiver/audit/verify-audit.ts';
import { retentionClasses, type RetentionClass } from '../../../receiver/config-retention.ts';
import { composeRange } from '../../../receiver/forward/compose-range.ts';
import { previewPurge, purge, purgedClasses } from '../../../receiver/retention/purge.ts';
import { verifyDeletions } from '../../../receiver/retention/verify-deletions.ts';
import { dayMs } from '../apply/rig.ts';
import { facility } from '../receiver/lab.ts';
import { actor, day, openKept, visit, whole, type Kept, root } from './kit.ts';

let kept: Kept;
beforeEach(async () => {
  kept = await openKept();
});
afterEach(() => kept.close());

const run = (classes: readonly RetentionClass[] = retentionClasses, settings?: string) =>
  purge(kept.deps(settings), { classes, actor });
const recordOf = async (name: RetentionClass, settings?: string) => (await run([name], settings))[0]?.record;
const bodies = (count: number, on: number): string[] => Array.from({ length: count }, (_, n) => visit(n, on));
const months = (count: number): number => count * 31 * dayMs;

describe('records past their time', () => {
  beforeEach(async () => {
    await kept.rig.send(whole(0, 1, [...bodies(4, 0), ...bodies(3, 1)]));
    await kept.rig.send(whole(0, 0, [visit(0, 0, { reason: 'autre' }), ...bodies(4, 0).slice(1)], 3));
    kept.lab.clock.advance(months(24));
  });

  it('go with what they were, by whole days, and the region signs how many', async () => {
    kept.lab.clock.advance(months(1));
    const before = kept.ask('select count(*) n from dispatch');
    const record = await recordOf('records');
    expect(record).toMatchObject({
      ...{ seq: 1, class: 'records', rule: 'recordMonths 24', person: 'Camille Essai' },
      counts: { records: 7, days: 2, history: 1 },
      ...{ first: '2025-01-02', last: '2025-01-03' },
    });
    for (const table of ['record', 'history', 'day_state'])
      expect(kept.ask(`select * from ${table}`)).toEqual([]);
    expect(kept.ask(`select value from counter where name = 'record'`)).toEqual([{ value: 0 }]);
    expect(kept.ask('select count(*) n from dispatch')).toEqual(before);
    expect(await verifyDeletions(kept.lab.store, kept.lab.verifier)).toEqual({ records: 1, broken: null });
    expect(kept.ask(`select action, subject from audit where action = 'retention.purge'`)).toEqual([
      { action: 'retention.purge', subject: 'records' },
    ]);
    expect(await recordOf('records')).toBeUndefined();
  });

  it('stay when they are not', async () => {
    expect(await recordOf('records', 'retention: { recordMonths: 60 }')).toBeUndefined();
    expect(kept.ask('select count(*) n from record')).toEqual([{ n: 7 }]);
  });

  it('are no deletion to an agency: nothing is composed of these days, whoever asks and whatever comes', async () => {
    kept.lab.clock.advance(months(1));
    await recordOf('records');
    const held = kept.ask('select count(*) n from dispatch');
    const late = await kept.rig.send({
      ...whole(0, 2, [visit(7, 0), visit(1, 2)]),
      receivedAt: kept.lab.clock.now(),
    });
    expect(late.receipt).toMatchObject({ result: 'applied', added: 2 });
    expect(late.receipt.findings.map(({ rule }) => rule)).toEqual(['past-retention']);
    // Of the third day nothing was ever held: it is no purged day, and goes its way.
    expect(late.receipt.dispatches).toMatchObject([{ from: '2025-01-04', to: '2025-01-04' }]);
    const [target] = kept.rig.targets;
    if (target === undefined) throw new Error('no target');
    const range = { facility, from: day(0), to: day(5), cause: 'replay' as const, now: kept.lab.clock.now() };
    const again = await kept.lab.store.transaction((tx) => composeRange(tx, target, range));
    expect(again).toMatchObject([{ from: day(2), to: day(2), records: 1 }]);
    expect(kept.ask('select count(*) n from dispatch')).not.toEqual(held);
    // Taken in, and gone with the next purge.
    expect((await recordOf('records'))?.counts).toMatchObject({ records: 2 });
  });

  it('leave what was counted of them', async () => {
    await kept.lab.store.transaction((tx) =>
      tx.quality.put('ed-visits', [
        { facility, day: day(0), stamp: 's', summary: { records: 4 } as never, cells: new Uint32Array(1) },
      ]),
    );
    kept.lab.clock.advance(months(1));
    await recordOf('records');
    expect(await kept.lab.store.transaction((tx) => tx.quality.forget('ed-visits'))).toBe(0);
    expect(kept.ask('select day from day_tally')).toEqual([{ day: day(0) }]);
  });

  it('are only counted in a dry run', async () => {
    kept.lab.clock.advance(months(1));
    const due = await previewPurge(kept.deps(), ['records', 'history']);
    expect(due.map(({ class: name, count }) => [name, count])).toEqual([
      ['records', 7],
      ['history', 1],
    ]);
    expect(kept.ask('select count(*) n from record')).toEqual([{ n: 7 }]);
  });
});

describe('a removal that nobody decided', () => {
  it('goes with its day, and its export waits for nobody any more', async () => {
    await kept.rig.send(whole(0, 0, bodies(20, 0)));
    const held = await kept.rig.send(whole(0, 0, bodies(2, 0), 3));
    expect(held.state).toBe('held');
    kept.lab.clock.advance(months(26));
    await recordOf('records');
    expect(kept.ask('select * from removal')).toEqual([]);
    expect((await kept.lab.store.read((tx) => tx.exports.get(held.id)))?.state).toBe('processed');
    const receipts = await kept.lab.store.read((tx) => tx.receipts.ofExport(held.id));
    expect(receipts.at(-1)?.text).toContain('"decision":"superseded"');
  });
});

describe('other classes', () => {
  it('history goes by when it was written, the oldest first', async () => {
    await kept.rig.send(whole(0, 0, bodies(3, 0)));
    await kept.rig.send(whole(0, 0, [visit(0, 0, { reason: 'a' }), ...bodies(3, 0).slice(1)], 2));
    kept.lab.clock.advance(400 * dayMs);
    expect((await recordOf('history'))?.counts).toEqual({ history: 1 });
    expect(kept.ask('select count(*) n from record')).toEqual([{ n: 3 }]);
  });

  it('contents of dispatches go once they are settled, and never while they wait', async () => {
    await kept.rig.send(whole(0, 0, bodies(3, 0)));
    await kept.rig.send(whole(1, 1, bodies(3, 1)));
    kept.lab.clock.advance(100 * dayMs);
    const change = { attempts: 1, nextAttemptAt: 0, changedAt: 1, code: null };
    await kept.lab.store.transaction((tx) =>
      tx.dispatches.setDelivery(1, ['waiting'], { ...change, state: 'sent' }),
    );
    expect((await recordOf('dispatches'))?.counts).toEqual({ dispatches: 1 });
    expect(kept.ask('select dispatch from dispatch_content')).toEqual([{ dispatch: 2 }]);
    expect(kept.ask('select count(*) n from dispatch')).toEqual([{ n: 2 }]);
  });

  it('an export that was never completed is given up, and its hospital is told', async () => {
    const { rig, lab } = kept;
    const agent = await lab.addAgent();
    await lab.store.transaction(async (tx) => {
      const envelope = await agent.chain().next();
      const { bytes, ...row } = envelope;
      const at = lab.clock.now();
      await tx.exports.put({
        ...{ id: envelope.id, agent: agent.id, ...rig.scope, source: 'main', receivedAt: at },
        ...{ reception: 90, slicesSeen: 1, manifest: null, digest: null, state: 'receiving' },
        ...{ extract: null, outcome: null },
      });
      await tx.exports.stage(envelope.id, [{ day: day(0), record: 1, line: 1, body: visit(1, 0) }]);
      const place = { agent: agent.id, receivedAt: at, bytes: bytes.length, state: 'opened' as const };
      await tx.inbox.put({ ...row, ...place, export: envelope.id, slice: 1 }, bytes);
    });
    expect(await recordOf('staged')).toBeUndefined();
    lab.clock.advance(91 * dayMs);
    expect((await recordOf('staged'))?.counts).toEqual({ exports: 1 });
    expect(kept.ask('select * from staged')).toEqual([]);
    expect(kept.ask('select state from envelope')).toEqual([{ state: 'refused' }]);
    const [receipt] = await lab.store.read((tx) => tx.receipts.after(agent.id, 0, 5));
    expect(receipt?.text).toContain('export-past-retention');
    // Its sealed content is past its own time too.
    expect((await recordOf('envelopes'))?.counts).toEqual({ envelopes: 1 });
  });

  it('the audit log begins later, at a line that the region signed, and still proves itself', async () => {
    const { store, clock, sign, verifier } = kept.lab;
    const write = (count: number) =>
      store.transaction(async (tx) => {
        for (let n = 0; n < count; n += 1)
          await appendAudit(tx, clock, actor, { action: 'a.b', subject: `${n}` });
      });
    await write(5);
    await checkOnward(store, clock);
    await sealAudit({ store, clock, sign });
    await write(4);
    clock.advance(months(13));
    await write(3);
    expect((await recordOf('audit'))?.counts).toEqual({ lines: 4 });
    const first = kept.ask('select min(seq) seq from audit')[0]?.['seq'];
    expect(first).toBe(5);
    const verdict = await verifyAudit(store, verifier);
    expect([verdict.broken, verdict.head.seq - verdict.lines + 1]).toEqual([null, first]);
    expect(await checkOnward(store, clock)).toEqual({ kind: 'whole' });
    await expect(
      store.transaction(async (tx) => {
        await tx.retention.purgeAudit(3, 10);
      }),
    ).rejects.toThrow('only rises');
    expect(await recordOf('audit')).toBeUndefined();
  });

  it('backups and extractions are files: old ones go, the latest backup stays whatever its age', async () => {
    const [backups, extractions] = ['backups', 'extractions'].map((name) => join(kept.lab.folder, name));
    if (backups === undefined || extractions === undefined) throw new Error('no folder');
    for (const folder of [backups, extractions]) mkdirSync(folder);
    const file = (folder: string, name: string, at: number, content: string | Buffer = 'x') => {
      writeFileSync(join(folder, name), content);
      utimesSync(join(folder, name), at / 1000, at / 1000);
    };
    const now = kept.lab.clock.now();
    const put = (name: string, age: number, of: string): void => {
      const header = backupHeader.parse({
        ...{ format: 'vaguemestre-backup', v: 1, region: 'Test', createdAt: now - age * dayMs, product: '1' },
        ...{ schema: { version: 1, floor: 0 }, recoveryKey: root, contentKey: '', root: of },
        ...{ bundle: 'x', signer: 'x' },
      });
      // Copied since: its date says nothing.
      file(backups, `${name}.vgm-backup`, now, opening(header));
      file(backups, `${name}.vgm-backup.sha256`, now);
    };
    for (const [name, age] of Object.entries({ c: 40, a: 90, b: 60 })) put(name, age, root);
    // Of another region in the same folder, and what is no backup at all.
    put('other', 200, 'f'.repeat(64));
    file(backups, 'note.vgm-backup', now - 90 * dayMs);
    file(backups, 'other.txt', now - 90 * dayMs);
    file(extractions, 'old.csv', now - 31 * dayMs);
    file(extractions, 'new.csv', now - 2 * dayMs);
    const settings = `retention: { backupFolder: backups, extractionFolder: extractions }`;
    expect((await recordOf('backups', settings))?.counts).toEqual({ files: 4 });
    expect((await recordOf('extractions', settings))?.counts).toEqual({ files: 1 });
    expect(readdirSync(backups).sort()).toEqual([
      ...['c.vgm-backup', 'c.vgm-backup.sha256', 'note.vgm-backup'],
      ...['other.txt', 'other.vgm-backup', 'other.vgm-backup.sha256'],
    ]);
    expect(readdirSync(extractions)).toEqual(['new.csv']);
  });
});

it('without a section, only contents of envelopes and dispatches go, and files of extractions', () => {
  expect(purgedClasses(kept.deps('').settings)).toEqual(['envelopes', 'dispatches', 'extractions']);
  expect(purgedClasses(kept.deps().settings)).toEqual(retentionClasses);
});

it('a record that was altered, or taken out, is noticed', async () => {
  for (const on of [0, 1]) {
    await kept.rig.send(whole(on, on, bodies(3, on)));
    kept.lab.clock.advance(months(26));
    await run();
  }
  const { store, verifier } = kept.lab;
  const { records } = await verifyDeletions(store, verifier);
  expect(records).toBeGreaterThan(1);
  await expect(
    store.transaction((tx) => tx.retention.putDeletion({ ...must(), id: 'x', seq: 1, text: '', proof: '' })),
  ).rejects.toThrow();
  const forged = must();
  await store.transaction((tx) => tx.retention.putDeletion({ ...forged, seq: records + 1, id: 'other' }));
  expect(await verifyDeletions(store, verifier)).toEqual({ records, broken: records + 1 });

  function must() {
    return { seq: 0, id: 'i', class: 'records', at: 1, text: '{"v":1}', proof: 'x' };
  }
});
