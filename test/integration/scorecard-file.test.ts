import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { loadConfig } from '../../receiver/config.ts';
import { loadRegion } from '../../receiver/pki/region-keys.ts';
import { createCounting } from '../../receiver/quality/counting.ts';
import { createWeeklyFiles } from '../../receiver/quality/weekly-files.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { openSqliteStore } from '../../receiver/store/sqlite-store.ts';
import type { Store } from '../../receiver/store/store.ts';
import { createReceiptSigner } from '../../shared/protocol/receipt-proof.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { dayFromIso, type Day } from '../../shared/runtime/paris-time.ts';
import { eventually } from '../fault/live.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';

/** A facility's week, from its own files to the text on its own disk, through a real agent and a real receiver. */
const [own, other] = [finess(61), finess(62)];
const week = dayFromIso('2026-01-05') as Day;
const monday = Date.parse('2026-01-12T08:00:00+01:00');
const logger = createLogger({ name: 'test', level: 'silent' });
let region: Region;
let agent: Agent;
let store: Store;
let left: string;

beforeAll(async () => {
  region = await createRegion({ keep: false });
  await region.addFacilities([own, other].map((each) => ({ finess: each, name: `Hôpital ${each}` })));
  await region.serve();
  const sourceFolder = join(region.folder, 'files');
  left = join(region.folder, 'left');
  mkdirSync(sourceFolder);
  agent = await region.enroll({
    ...{ name: 'one', facilities: [own], sourceFolder },
    ...{ ready: 'now', after: 'archive' },
  });
  const settings = JSON.parse(readFileSync(agent.configFile, 'utf8')) as Record<string, unknown>;
  writeFileSync(agent.configFile, JSON.stringify({ ...settings, scorecards: { folder: left } }));
  store = openSqliteStore(join(region.receiverState, 'receiver.db'), { whileBusy: 'yield' });
  const visits = ['05', '06', '07'].map((day) => ({ entree: `${day}/01/2026 10:00`, motif: 'CANARIMOTIF' }));
  const window = { from: '05/01/2026', to: '11/01/2026', extract: '12/01/2026 02:00:00' };
  writeFileSync(join(sourceFolder, 'week.xml'), rpuXml({ finess: own, ...window, visits }));
  expect(await agent.once()).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  await store.close();
  await region.close();
});

/** Counted and made as the pages' process does on a Monday morning. */
async function makeWeek(sign: (texts: readonly string[]) => Promise<string>): Promise<void> {
  const { quality } = await loadConfig(region.receiverConfig);
  const { signal } = new AbortController();
  const counting = createCounting({ store, logger });
  while (await counting.step(signal));
  const files = createWeeklyFiles({
    ...{ settings: quality, store, logger, url: () => 'https://region.test' },
    clock: { ...systemClock, now: () => monday },
    sign,
  });
  await files.step(signal);
}

const pathOf = (ending: string): string => join(left, `qualite-${own}-2026-01-05.${ending}`);

describe('the scorecard of a week', () => {
  it('is left by the agent on the hospital’s own disk, once it is signed by the region', async () => {
    // Not the region's words: nothing is written.
    await makeWeek(async () => 'forged');
    expect(await store.read((tx) => tx.quality.fileWeek(own))).toBe(week);
    let child = agent.start();
    await eventually('refused', () => readFileSync(agent.logFile, 'utf8').includes('scorecard-not-signed'));
    expect(existsSync(pathOf('csv'))).toBe(false);
    child.kill();
    await child.ended;

    const kept = await store.read((tx) => tx.quality.file(own));
    const config = await loadConfig(region.receiverConfig);
    const { receipts } = await loadRegion(stateFolder(config.state).keys);
    const signer = createReceiptSigner({ ...receipts, clock: systemClock });
    const text = kept?.text ?? '';
    const proof = await signer.sign([text]);
    await store.transaction((tx) => tx.quality.putFile(own, week, { text, proof }));
    child = agent.start();
    await eventually('written', () => existsSync(pathOf('csv')));
    child.kill();
    await child.ended;
    const [csv, french, english] = ['csv', 'fr.txt', 'en.txt'].map((end) =>
      readFileSync(pathOf(end), 'utf8'),
    );
    const { csv: made, fr, en } = JSON.parse(text) as Record<string, string>;
    expect([csv, french, english]).toEqual([made, fr, en]);
    expect(french).toContain(`https://region.test/etablissements/${own}/qualite`);
    expect(english).toContain(`https://region.test/etablissements/${own}/qualite`);
    expect(`${csv ?? ''}${french ?? ''}${english ?? ''}`).not.toContain('CANARI');
  }, 120_000);

  it('is no other facility’s', async () => {
    expect(existsSync(join(left, `qualite-${other}-2026-01-05.csv`))).toBe(false);
    expect(await store.read((tx) => tx.quality.fileWeek(other))).toBeUndefined();
  });
});
