import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mostKept } from '../../../receiver/extraction/desk.ts';
import { permanent } from '../../../shared/runtime/errors.ts';
import { putAccount } from '../../support/portal/sign-in.ts';
import { anybody, dayMs, openBench, planOf, request, startAt, type Bench } from './desk-kit.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

const [ali, bea] = [anybody('ali', { administrator: false }), anybody('bea', { administrator: false })];
const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error as { code?: string }).code,
  );

describe('asking', () => {
  it('keeps what was asked, by whom, what for and under which rights, and says so in the audit log', async () => {
    const asked = request({ form: 'xlsx' });
    const requester = anybody('ali', {
      profile: 'hospital-admin',
      administrator: false,
      facilities: new Set(['990000010']),
    });
    const row = await bench.desk().ask(requester, asked);
    expect(row).toMatchObject({
      ...{ request: asked, requesterId: 'ali', profile: 'hospital-admin', facilities: ['990000010'] },
      ...{ state: 'waiting', askedAt: startAt, parts: null, expiresAt: null },
    });
    const [line] = await bench.store.read((tx) => tx.audit.walk(0, 10));
    expect(line).toMatchObject({
      action: 'extraction.asked',
      subject: row.id,
      reason: asked.purpose,
      actorId: 'ali',
    });
    expect(JSON.parse(line?.facts ?? '')).toMatchObject({
      split: 'age',
      by: 'week',
      form: 'xlsx',
      from: '2026-10-01',
    });
    expect(bench.nudges()).toBe(1);
  });

  it('writes down which filters were set, and never what they look for', async () => {
    const content = { kind: 'rows', fields: ['day', 'age'], codes: ['F32'], age: { from: 97 } };
    await bench.desk().ask(ali, request({ content }));
    const [line] = await bench.store.read((tx) => tx.audit.walk(0, 10));
    expect(JSON.parse(line?.facts ?? '')).toMatchObject({ filters: 'age codes', fields: 'day age' });
    expect(line?.facts).not.toMatch(/F32|97/);
  });

  it('keeps nothing of what may not be had', async () => {
    const refusing = bench.desk(() => Promise.reject(permanent('extraction-rows-refused')));
    expect(await thrown(refusing.ask(ali, request()))).toBe('extraction-rows-refused');
    expect(await bench.desk().list(ali, 10)).toEqual([]);
    expect(await bench.audit()).toEqual([]);
  });

  it('takes three at a time from one requester, and a fourth when one has ended', async () => {
    const desk = bench.desk();
    const [first] = [
      await desk.ask(ali, request()),
      await desk.ask(ali, request()),
      await desk.ask(ali, request()),
    ];
    expect(await thrown(desk.ask(ali, request()))).toBe('extraction-too-many');
    await desk.ask(bea, request());
    await desk.cancel(ali, first.id);
    await desk.ask(ali, request());
    expect(await thrown(desk.ask(ali, request()))).toBe('extraction-too-many');
  });

  it('plans nothing for whoever may not ask now', async () => {
    let plans = 0;
    const plan = planOf([]);
    const desk = bench.desk((...asked) => {
      plans += 1;
      return plan(...asked);
    });
    for (let n = 0; n < 6; n += 1) await thrown(desk.ask(ali, request()));
    expect(plans).toBe(3);
  });

  it('refuses where too little of the disk is left, and keeps nothing', async () => {
    bench.fill();
    expect(await thrown(bench.desk().ask(ali, request()))).toBe('extraction-disk-full');
    expect(await bench.audit()).toEqual([]);
  });

  it('leaves one requester twenty files, and a new one when one of them is over', async () => {
    const desk = bench.desk();
    for (let n = 0; n < mostKept; n += 1) {
      await desk.ask(ali, request());
      // Three may wait: what comes counts as what is there.
      if (n % 3 === 1) await bench.make();
      bench.clock.advance(1000);
    }
    expect(await thrown(desk.ask(ali, request()))).toBe('extraction-too-many-kept');
    await bench.make();
    expect(await thrown(desk.ask(ali, request()))).toBe('extraction-too-many-kept');
    expect(await thrown(desk.ask(bea, request()))).toBe('nothing');
    expect(bench.left()).toHaveLength(mostKept);
    const [{ expiresAt } = { expiresAt: null }] = (await desk.list(ali, mostKept)).toReversed();
    bench.clock.advance((expiresAt ?? 0) - bench.clock.now());
    expect(await thrown(desk.ask(ali, request()))).toBe('nothing');
  });

  it('counts as one the asks that come at the same moment', async () => {
    const desk = bench.desk();
    const asks = await Promise.all(Array.from({ length: 8 }, () => thrown(desk.ask(ali, request()))));
    expect(asks.filter((each) => each === 'nothing')).toHaveLength(3);
  });
});

describe('one’s own', () => {
  it('is what others cannot tell from what does not exist', async () => {
    const desk = bench.desk();
    const { id } = await desk.ask(ali, request());
    await bench.make();
    for (const verb of ['get', 'cancel', 'fetch'] as const)
      for (const name of [id, '01890000-0000-7000-8000-000000000000', '', "' or 1=1"])
        expect([verb, await thrown(desk[verb](bea, name))]).toEqual([verb, 'extraction-unknown']);
    expect(await desk.list(bea, 10)).toEqual([]);
    expect(await desk.list(ali, 10)).toMatchObject([{ id, state: 'ready' }]);
    // The same name, elsewhere: an account that is called as somebody at the command line.
    const namesake = anybody('ali', {
      administrator: false,
      actor: { kind: 'account', id: 'ali', name: 'ali' },
    });
    expect(await thrown(desk.get(namesake, id))).toBe('extraction-unknown');
  });

  it('is seen by administrators and auditors too, who never get the file', async () => {
    const desk = bench.desk();
    const { id } = await desk.ask(ali, request());
    const other = await desk.ask(ali, request());
    await bench.make();
    const auditor = anybody('aud', { profile: 'auditor', administrator: false });
    for (const person of [auditor, anybody('adm')]) {
      expect(await desk.list(person, 10)).toHaveLength(2);
      expect(await desk.list(person, 10, 'own')).toEqual([]);
      expect(await desk.get(person, id)).toMatchObject({ state: 'ready' });
      expect(await thrown(desk.fetch(person, id))).toBe('extraction-unknown');
    }
    expect(await thrown(desk.cancel(auditor, other.id))).toBe('extraction-unknown');
  });

  it('is cancelled by its requester or an administrator while it has not ended', async () => {
    const desk = bench.desk();
    const [first, second] = [await desk.ask(ali, request()), await desk.ask(ali, request())];
    await desk.cancel(ali, first.id);
    await desk.cancel(anybody('adm'), second.id);
    await bench.make();
    expect(await desk.list(ali, 10)).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
    expect(await thrown(desk.cancel(ali, first.id))).toBe('extraction-ended');
    expect(await bench.audit()).toEqual([
      ...['extraction.asked ali', 'extraction.asked ali'],
      ...['extraction.cancelled ali', 'extraction.cancelled adm'],
    ]);
    expect(bench.left()).toEqual([]);
  });
});

describe('fetching', () => {
  it('gives path, name, type and length, each time written down', async () => {
    const desk = bench.desk();
    const { id } = await desk.ask(ali, request());
    expect(await thrown(desk.fetch(ali, id))).toBe('extraction-not-ready');
    await bench.make();
    const file = await desk.fetch(ali, id);
    await desk.fetch(ali, id);
    expect(file).toMatchObject({ path: join(bench.files, `${id}.csv`), type: 'text/csv; charset=utf-8' });
    expect(file.name).toBe(`extraction-2026-10-01-2026-10-31-${id.slice(-8)}.csv`);
    expect(file.bytes).toBe((await desk.get(ali, id)).bytes);
    expect(await desk.get(ali, id)).toMatchObject({ fetched: 2 });
    expect((await bench.audit()).filter((line) => line.startsWith('extraction.fetched'))).toHaveLength(2);
  });

  it('ends at its time, to the millisecond', async () => {
    const desk = bench.desk();
    const { id } = await desk.ask(ali, request());
    await bench.make();
    bench.clock.advance(30 * dayMs - 1);
    await desk.fetch(ali, id);
    bench.clock.advance(1);
    expect(await thrown(desk.fetch(ali, id))).toBe('extraction-expired');
    expect(await desk.get(ali, id)).toMatchObject({ state: 'expired', expiresAt: startAt + 30 * dayMs });
  });

  it('of a file that is gone, with a purge, an erasure or a restored backup, says that it has expired', async () => {
    const desk = bench.desk();
    const { id } = await desk.ask(ali, request());
    await bench.make();
    rmSync(join(bench.files, `${id}.csv`));
    expect(await desk.list(ali, 10)).toMatchObject([{ id, state: 'expired', expiresAt: startAt }]);
    expect(await thrown(desk.fetch(ali, id))).toBe('extraction-expired');
    expect((await bench.audit()).some((line) => line.startsWith('extraction.fetched'))).toBe(false);
  });

  it('of a file whose folder is away, stays ready until it is back', async () => {
    const desk = bench.desk();
    const { id } = await desk.ask(ali, request());
    await bench.make();
    const away = join(bench.folder, 'away');
    renameSync(bench.files, away);
    expect(await desk.get(ali, id)).toMatchObject({ state: 'ready' });
    // A disk that hangs below a name that leads nowhere, then one that cannot be read.
    writeFileSync(bench.files, 'no folder');
    expect(await desk.list(ali, 10)).toMatchObject([{ id, state: 'ready' }]);
    expect(await thrown(desk.fetch(ali, id))).toBe('extraction-file-unreadable');
    rmSync(bench.files);
    mkdirSync(bench.files);
    symlinkSync(`${id}.csv`, join(bench.files, `${id}.csv`));
    expect(await thrown(desk.fetch(ali, id))).toBe('extraction-file-unreadable');
    expect(await desk.get(ali, id)).toMatchObject({ state: 'ready', fetched: 0 });
    rmSync(bench.files, { recursive: true });
    renameSync(away, bench.files);
    await desk.fetch(ali, id);
    expect((await bench.audit()).filter((line) => line.startsWith('extraction.fetched'))).toHaveLength(1);
  });

  it('asks for the rights that it was made under', async () => {
    const desk = bench.desk();
    const own = anybody('ali', {
      profile: 'hospital-admin',
      administrator: false,
      facilities: new Set(['a', 'b']),
    });
    const { id } = await desk.ask(own, request());
    await bench.make();
    for (const change of [
      { facilities: new Set(['a']) },
      { facilities: new Set<string>() },
      { profile: 'read-only' as const, facilities: 'all' as const },
    ])
      expect(await thrown(desk.fetch({ ...own, ...change }, id))).toBe('extraction-rights-changed');
    await desk.fetch({ ...own, facilities: 'all' }, id);
    await desk.fetch({ ...own, facilities: new Set(['b', 'c', 'a']) }, id);
  });
});

describe('rights that were taken back before it was made', () => {
  const of = async (change: (id: string) => Promise<void>): Promise<unknown> => {
    const account = await putAccount(bench.store, {
      login: 'hugo',
      profile: 'hospital-admin',
      facilities: ['990000010'],
    });
    const actor = { kind: 'account', id: account.id, name: account.name } as const;
    const facilities = new Set(['990000010']);
    const desk = bench.desk();
    const person = anybody('', { profile: 'hospital-admin', administrator: false, facilities, actor });
    const { id } = await desk.ask(person, request());
    await change(account.id);
    await bench.make();
    const { state, code } = await desk.get(person, id);
    return [state, code];
  };
  const refused = ['failed', 'extraction-rights-changed'];
  const access = { profile: 'hospital-admin', administrator: false, destinations: [] } as const;

  it('make it fail: a closed account', async () => {
    expect(await of((id) => bench.store.transaction((tx) => tx.accounts.disable(id, startAt)))).toEqual(
      refused,
    );
  });
  it('make it fail: another profile', async () => {
    const change = { ...access, profile: 'read-only', facilities: 'all' } as const;
    expect(await of((id) => bench.store.transaction((tx) => tx.accounts.setAccess(id, change)))).toEqual(
      refused,
    );
  });
  it('make it fail: other facilities', async () => {
    const change = { ...access, facilities: ['990000028'] };
    expect(await of((id) => bench.store.transaction((tx) => tx.accounts.setAccess(id, change)))).toEqual(
      refused,
    );
  });
  it('let it be made: more facilities than before', async () => {
    const change = { ...access, facilities: ['990000010', '990000028'] };
    expect(await of((id) => bench.store.transaction((tx) => tx.accounts.setAccess(id, change)))).toEqual([
      'ready',
      null,
    ]);
  });
  it('make it fail: an administrator who no longer is one', async () => {
    const account = await putAccount(bench.store, {
      login: 'odile',
      profile: 'regional-operator',
      administrator: true,
    });
    const actor = { kind: 'account', id: account.id, name: account.name } as const;
    const desk = bench.desk();
    const { id } = await desk.ask(anybody('', { actor }), request());
    await bench.store.transaction((tx) =>
      tx.accounts.setAccess(account.id, { ...account, administrator: false }),
    );
    await bench.make();
    expect(await desk.get(anybody('adm'), id)).toMatchObject({
      state: 'failed',
      code: 'extraction-rights-changed',
    });
  });
  it('make it fail: a token that was revoked, or is over', async () => {
    const tokens = ['gone', 'over', 'good', 'narrow'] as const;
    await bench.store.transaction(async (tx) => {
      for (const [at, id] of tokens.entries())
        await tx.tokens.add({
          ...{ id, name: id, hash: Buffer.alloc(32, at), profile: 'read-only', scopes: ['extractions'] },
          ...{ facilities: id === 'narrow' ? ['990000010'] : null, createdAt: 1, createdBy: 'x' },
          expiresAt: startAt + (id === 'over' ? 10 : 1000),
        });
    });
    const desk = bench.desk();
    const ids: string[] = [];
    for (const id of tokens) {
      const person = anybody('', {
        ...{ profile: 'read-only', administrator: false, actor: { kind: 'system', id, name: id } },
      });
      ids.push((await desk.ask(person, request())).id);
    }
    await bench.store.transaction((tx) => tx.tokens.revoke('gone', startAt));
    bench.clock.advance(10);
    await bench.make();
    const states = [];
    for (const id of ids) states.push((await desk.get(anybody('adm'), id)).state);
    expect(states).toEqual(['failed', 'failed', 'ready', 'failed']);
  });
});
