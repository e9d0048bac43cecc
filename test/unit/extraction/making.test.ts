import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { permanent } from '../../../shared/runtime/errors.ts';
import { createMaking } from '../../../receiver/extraction/making.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { quiet } from '../receiver/lab.ts';
import { takeLock } from '../../../receiver/serve-lock.ts';
import { anybody, dayMs, openBench, planOf, request, startAt, type Bench } from './desk-kit.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

const ali = anybody('ali');
const rowOf = (id: string) => bench.desk().get(ali, id);
const ask = async (): Promise<string> => (await bench.desk().ask(ali, request())).id;

describe('making', () => {
  it('gives a whole file, its counts, its digest and its end', async () => {
    const id = await ask();
    await bench.make(
      planOf(
        [
          [['Nord', 12]],
          [],
          [
            ['Sud', { hidden: true }],
            ['Est', null],
          ],
        ],
        { notes: ['Une semaine manque'] },
      ),
    );
    const file = join(bench.files, `${id}.csv`);
    const content = readFileSync(file);
    expect(content.toString()).toBe('\ufefffacility;visits\r\nNord;12\r\nSud;masqué\r\nEst;\r\n');
    expect(await rowOf(id)).toMatchObject({
      ...{ state: 'ready', rows: 3, hidden: 1, parts: 3, done: 3, bytes: content.length, code: null },
      ...{ notes: ['Une semaine manque'], endedAt: startAt, expiresAt: startAt + 30 * dayMs },
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(bench.files).mode & 0o777).toBe(0o700);
    expect(bench.left()).toEqual([`${id}.csv`]);
  });

  it('takes the oldest first, one at a time', async () => {
    const [first, second] = [await ask(), await ask()];
    const seen: unknown[] = [];
    await bench.make(
      planOf([[['x', 1]]], {
        between: async () => void seen.push([(await rowOf(first)).state, (await rowOf(second)).state]),
      }),
    );
    expect(seen).toEqual([
      ['running', 'waiting'],
      ['ready', 'running'],
    ]);
  });

  it('tells how far it is', async () => {
    const id = await ask();
    const seen: unknown[] = [];
    await bench.make(
      planOf([[['a', 1]], [['b', 2]], [['c', 3]]], {
        between: async () => {
          const { done, parts } = await rowOf(id);
          seen.push([done, parts]);
        },
      }),
    );
    // The generator goes on after the portion before was written and told.
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it('stops when it is cancelled, and leaves nothing', async () => {
    const id = await ask();
    let portions = 0;
    await bench.make(
      planOf(
        Array.from({ length: 50 }, (_, at) => [['x', at]]),
        {
          between: async () => {
            portions += 1;
            if (portions === 2) await bench.desk().cancel(ali, id);
          },
        },
      ),
    );
    expect(portions).toBeLessThan(5);
    expect(await rowOf(id)).toMatchObject({ state: 'cancelled', bytes: null });
    expect(bench.left()).toEqual([]);
  });

  it('cancelled at its very end, leaves no file either', async () => {
    const id = await ask();
    await bench.make(planOf([[['x', 1]]], { between: () => bench.desk().cancel(ali, id) }));
    expect(await rowOf(id)).toMatchObject({ state: 'cancelled' });
    expect(bench.left()).toEqual([]);
  });

  it('stopped with the service, waits to begin anew', async () => {
    const id = await ask();
    const stopping = new AbortController();
    const plan = planOf([[['x', 1]], [['y', 2]]], { between: async () => stopping.abort() });
    expect(await bench.making(plan).step(stopping.signal)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ state: 'waiting', done: 0 });
    expect(bench.left()).toEqual([]);
    await bench.make();
    expect(await rowOf(id)).toMatchObject({ state: 'ready', rows: 2 });
  });

  it('begins anew what a dead process had begun, and removes what that one left', async () => {
    const id = await ask();
    await bench.store.transaction((tx) => tx.extractions.claim(startAt));
    mkdirSync(bench.files);
    for (const name of [`${id}.csv.part`, 'old.parquet.part.rows'])
      writeFileSync(join(bench.files, name), 'half');
    await bench.make();
    expect(await rowOf(id)).toMatchObject({ state: 'ready', rows: 2 });
    expect(bench.left()).toEqual([`${id}.csv`]);
  });

  it('removes whole files of what failed or was cancelled, and no other', async () => {
    const [ready, cancelled, failed] = [await ask(), await ask(), await ask()];
    await bench.desk().cancel(ali, cancelled);
    let made = 0;
    const plain = planOf([[['x', 1]]]);
    await bench.make((...asked) => {
      made += 1;
      return made === 2 ? Promise.reject(permanent('extraction-rows-refused')) : plain(...asked);
    });
    expect((await rowOf(failed)).state).toBe('failed');
    for (const name of [`${cancelled}.csv`, `${failed}.csv`, 'notes.txt'])
      writeFileSync(join(bench.files, name), 'whole');
    const last = await ask();
    await bench.make();
    expect(bench.left()).toEqual([`${ready}.csv`, `${last}.csv`, 'notes.txt'].sort());
  });

  it('leaves what another process makes to that one', async () => {
    const id = await ask();
    await bench.store.transaction((tx) => tx.extractions.claim(startAt));
    const letGo = takeLock(join(bench.folder, 'extraction.lock'), () => new Error('taken'));
    expect(await bench.making().step(new AbortController().signal)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ state: 'running' });
    letGo();
    await bench.make();
    expect(await rowOf(id)).toMatchObject({ state: 'ready' });
  });

  it('begins anew what was overtaken by an erasure, with what is held then', async () => {
    const id = await ask();
    let erased = false;
    const plan = planOf([[['x', 1]], [['y', 2]]], {
      between: async () => {
        if (erased) return;
        erased = true;
        await bench.store.transaction((tx) => tx.extractions.recover());
        for (const name of bench.left()) unlinkSync(join(bench.files, name));
      },
    });
    const making = bench.making(plan);
    const { signal } = new AbortController();
    expect(await making.step(signal)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ state: 'waiting' });
    expect(bench.left()).toEqual([]);
    expect(await making.step(signal)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ state: 'ready', rows: 2 });
  });
});

describe('what fails', () => {
  it('says its code, and is not tried again', async () => {
    const id = await ask();
    await bench.make(() => Promise.reject(permanent('extraction-group-unknown')));
    expect(await rowOf(id)).toMatchObject({
      state: 'failed',
      code: 'extraction-group-unknown',
      endedAt: startAt,
    });
    await bench.make();
    expect(await rowOf(id)).toMatchObject({ state: 'failed' });
  });

  it('half-way, leaves nothing of the file', async () => {
    const id = await ask();
    await bench.make(
      planOf([[['x', 1]], [['y', 2]]], { between: () => Promise.reject(new TypeError('broken')) }),
    );
    expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'unexpected' });
    expect(bench.left()).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('on a full disk says so', async () => {
    const id = await ask();
    const plan = planOf([[['x', 1]]]);
    await bench.make(async (...asked) => {
      mkdirSync(bench.files, { recursive: true });
      symlinkSync('/dev/full', join(bench.files, `${id}.csv.part`));
      return plan(...asked);
    });
    expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'extraction-disk-full' });
    expect(bench.left()).toEqual([]);
  });

  it('where too little of the disk is left, stops at once or half-way, and leaves nothing', async () => {
    for (const looks of [0, 1, 3]) {
      bench.fill(looks + 1);
      const id = await ask();
      let portions = 0;
      await bench.make(
        planOf(
          Array.from({ length: 50 }, (_, at) => [['x', at]]),
          { between: async () => void (portions += 1) },
        ),
      );
      expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'extraction-disk-full' });
      expect(portions).toBeLessThanOrEqual(looks);
      expect(bench.left()).toEqual([]);
    }
  });

  it('of a database that is full says so too', async () => {
    const id = await ask();
    const full = Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    await bench.make(() => Promise.reject(full));
    expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'extraction-disk-full' });
  });

  it('once its file has its name, leaves no file', async () => {
    const id = await ask();
    const store: Store = {
      ...bench.store,
      transaction: (work) =>
        bench.store.transaction((tx) =>
          work({
            ...tx,
            extractions: {
              ...tx.extractions,
              finish: (of, end) =>
                end.state === 'ready' ? Promise.reject(new Error('broken')) : tx.extractions.finish(of, end),
            },
          }),
        ),
    };
    const making = createMaking({
      ...{ store, clock: bench.clock, logger: quiet, folder: bench.files, keptDays: 30 },
      ...{ lock: join(bench.folder, 'extraction.lock'), plan: planOf([[['x', 1]]]) },
      room: () => Promise.resolve(true),
    });
    await making.step(new AbortController().signal);
    expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'unexpected' });
    expect(bench.left()).toEqual([]);
  });

  it('where nothing can be written says so', async () => {
    const id = await ask();
    writeFileSync(bench.files, 'a file in the place of the folder');
    await bench.make();
    expect(await rowOf(id)).toMatchObject({ state: 'failed', code: 'extraction-folder-unwritable' });
  });

  it('does not hold up the next one', async () => {
    const [first, second] = [await ask(), await ask()];
    let plans = 0;
    const good = planOf([[['x', 1]]]);
    await bench.make((...asked) => {
      plans += 1;
      return plans === 1 ? Promise.reject(permanent('extraction-rows-refused')) : good(...asked);
    });
    expect([(await rowOf(first)).state, (await rowOf(second)).state]).toEqual(['failed', 'ready']);
  });
});

it('what is over expires, though nobody asks for it', async () => {
  const id = await ask();
  await bench.make();
  bench.clock.advance(30 * dayMs);
  await bench.make();
  expect(await bench.store.read((tx) => tx.extractions.get(id))).toMatchObject({ state: 'expired' });
});
