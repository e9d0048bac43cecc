import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScorecardFiles } from '../../../agent/health/scorecard-files.ts';
import { createApp } from '../../../receiver/app-server.ts';
import { qualitySettings } from '../../../receiver/config-quality.ts';
import { createWeeklyFiles } from '../../../receiver/quality/weekly-files.ts';
import { installAnswers } from '../../../receiver/routes/answers.ts';
import { scorecardRoutes, scorecardsOf } from '../../../receiver/routes/scorecards.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { scorecardAnswer } from '../../../shared/protocol/push.ts';
import { createReceiptSigner, createReceiptVerifier } from '../../../shared/protocol/receipt-proof.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { countAll, enterFacility, fullVisit, putDay, visitOn } from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';

const facility = finess(1);
const logger = createLogger({ name: 'test', level: 'silent' });
const { signal } = new AbortController();
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let folder: string;
let store: Store;
let now: number;
let app: FastifyInstance;
let allowed: readonly string[];
const clock = { now: () => now, monotonic: () => now };
const signer = createReceiptSigner({ privateKey, kid: 'k1', clock });
const verifier = createReceiptVerifier([
  {
    kid: 'k1',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    notBefore: 0,
    notAfter: Number.MAX_SAFE_INTEGER,
  },
]);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-quality-files-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  await enterFacility(store, facility, '=CH de Montrevel');
  const sunday = dayFromIso('2026-03-15') as Day;
  await putDay(store, facility, sunday, [visitOn(facility, sunday, fullVisit)]);
  await countAll(store);
  now = Date.parse('2026-03-16T09:00:00+01:00');
  allowed = [facility];
  app = createApp({
    ...{ tls: undefined, logger, random: systemRandom, bodyBytes: 1024, requestSeconds: 10, connections: 10 },
    ...{ answers: installAnswers },
  });
  scorecardRoutes(app, {
    store,
    identify: { check: async () => undefined, of: () => ({ agent: 'a', facilities: allowed }) },
  });
});
afterEach(async () => {
  await app.close();
  await store.close();
  await rm(folder, { recursive: true });
});

const make = () =>
  createWeeklyFiles({
    ...{ settings: qualitySettings.parse({}), store, clock, logger, url: () => 'https://region.example' },
    sign: (texts) => signer.sign(texts),
  }).step(signal);

const told = () => store.read((tx) => scorecardsOf(tx, allowed));

function agent(change: (text: string) => string = (text) => text) {
  let asked = 0;
  const write = createScorecardFiles({
    ...{ folder: join(folder, 'bilans'), logger, covers: (text, proof) => verifier.covers(text, proof) },
    client: {
      scorecard: async (name) => {
        asked += 1;
        const answer = await app.inject({ url: `/v1/scorecards/${name}` });
        if (answer.statusCode !== 200)
          return {
            kind: 'failed',
            attempt: { kind: 'answered', status: answer.statusCode, code: 'x' },
          } as never;
        const body = scorecardAnswer.parse(answer.json());
        return { kind: 'ok', body: { ...body, text: change(body.text) } };
      },
    },
  });
  return { write, asked: () => asked };
}

const written = () => readdir(join(folder, 'bilans')).catch(() => []);

describe('the scorecard that comes back to the hospital', () => {
  it('is left in the folder of the agent’s settings, whole, once a week', async () => {
    await make();
    expect(await told()).toEqual([{ facility, week: '2026-03-09' }]);
    const { write, asked } = agent();
    await write(await told(), signal);
    await write(await told(), signal);
    expect(asked()).toBe(1);
    const name = `qualite-${facility}-2026-03-09`;
    expect((await written()).sort()).toEqual([`${name}.csv`, `${name}.en.txt`, `${name}.fr.txt`]);
    const csv = await readFile(join(folder, 'bilans', `${name}.csv`), 'utf8');
    expect(csv).toContain(";'=CH de Montrevel;");
    expect(csv).not.toMatch(/J189|VILLE|1951/);
    expect(await readFile(join(folder, 'bilans', `${name}.fr.txt`), 'utf8')).toContain('1 passages reçus');
  });

  it('is made anew when a week has ended, and not before', async () => {
    now = Date.parse('2026-03-16T06:59:00+01:00');
    await make();
    expect(await told()).toEqual([]);
    now += 60_000;
    await make();
    expect(await told()).toHaveLength(1);
  });

  it('is given to the agents of its facility only', async () => {
    await make();
    allowed = [finess(2)];
    expect((await app.inject({ url: `/v1/scorecards/${facility}` })).statusCode).toBe(404);
    expect(await told()).toEqual([]);
  });

  it('is not written when the region did not sign this very text', async () => {
    await make();
    const { write } = agent((text) => text.replace('Montrevel', 'Ailleurs'));
    await write(await told(), signal);
    expect(await written()).toEqual([]);
  });

  it('is not written under another week or outside the folder', async () => {
    await make();
    const { write, asked } = agent();
    await write([{ facility, week: '2026-03-02' }], signal);
    expect(await written()).toEqual([]);
    await write([{ facility: '../../..', week: '2026-03-09' }], signal);
    expect(asked()).toBe(1);
  });

  it('holds up nothing when the folder cannot be written, and comes later', async () => {
    await make();
    const { write } = agent();
    await writeFile(join(folder, 'bilans'), 'a file, not a folder');
    await expect(write(await told(), signal)).resolves.toBeUndefined();
    await rm(join(folder, 'bilans'));
    await write(await told(), signal);
    expect(await written()).toHaveLength(3);
  });
});
