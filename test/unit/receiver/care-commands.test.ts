import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { closeFacility, degradedFacility, facilityContact } from '../../../receiver/commands/care.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { finess as finessOf } from '../../support/rpu-text.ts';
import { quiet } from './lab.ts';

const finess = finessOf(61);
let folder: string;
let store: Store;
let context: CommandContext;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-care-'));
  store = openSqliteStore(join(folder, 'receiver.db'));
  await store.transaction((tx) =>
    tx.facilities.put({ finess, name: 'F', key: Buffer.alloc(32, 1), addedAt: 1 }),
  );
  const config = parseConfig(JSON.stringify({ state: folder, region: 'R' }), join(folder, 'r.yaml'));
  const clock = { now: () => Date.parse('2026-11-20T08:00:00Z'), monotonic: () => 0 };
  context = { config, clock, language: 'fr', random: systemRandom, logger: quiet };
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('facilities at the command line', () => {
  it('have contacts that are added, listed and removed', async () => {
    const contact = { role: 'Astreinte', name: 'M. Ferrand', phone: '09 99 00 21 14' };
    await facilityContact(context, { what: 'add', finess, ...contact });
    const { lines } = await facilityContact(context, { what: 'list', finess });
    expect(lines).toEqual(['1.  Astreinte  M. Ferrand  09 99 00 21 14  (1)']);
    await facilityContact(context, { what: 'remove', finess, number: '1' });
    expect((await facilityContact(context, { what: 'list', finess })).lines).toEqual(['Aucun contact']);
    await expect(facilityContact(context, { what: 'add', finess, role: 'x' })).rejects.toMatchObject({
      code: 'care-contact-unreachable',
    });
  });

  it('are declared closed, and degraded once at a time, with who and why', async () => {
    const reason = 'travaux';
    await closeFacility(context, { finess, from: '2026-12-24', to: '2026-12-26', reason });
    await degradedFacility(context, { what: 'start', finess, reason });
    await expect(degradedFacility(context, { what: 'start', finess, reason })).rejects.toMatchObject({
      code: 'care-degraded-already',
    });
    await degradedFacility(context, { what: 'stop', finess, reason });
    await expect(degradedFacility(context, { what: 'stop', finess, reason })).rejects.toMatchObject({
      code: 'care-degraded-not',
    });
    const found = await store.read(async (tx) => ({
      written: await tx.audit.head(),
      closures: await tx.care.closures.of(finess, 9),
      degraded: await tx.care.degraded.of(finess, 9),
    }));
    expect(found.written).toMatchObject({ seq: 5 });
    expect(found.closures).toMatchObject([{ reason, withdrawnAt: null }]);
    expect(found.degraded).toHaveLength(1);
    expect(found.degraded[0]?.to).toBe(found.degraded[0]?.from);
  });
});
