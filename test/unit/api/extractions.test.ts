import { hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaking } from '../../../receiver/extraction/making.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { createApiLab, type ApiGot, type ApiLab } from '../../support/api-lab.ts';
import { finess } from '../../support/rpu-text.ts';

const now = Date.UTC(2026, 0, 21, 7, 40);
let lab: ApiLab;
let step: () => Promise<unknown>;
beforeAll(async () => {
  lab = await createApiLab({ now, hospitals: 3, days: 6 });
  const { retention } = lab.region.config;
  await mkdir(retention.extractionFolder, { recursive: true });
  const making = createMaking({
    ...{ store: lab.store, clock: lab.clock, logger: createLogger({ name: 'test', level: 'silent' }) },
    ...{ folder: retention.extractionFolder, lock: join(lab.region.folder, 'lock'), keptDays: 30 },
  });
  step = () => making.step(new AbortController().signal);
}, 120_000);
afterAll(() => lab.close());

const rows = {
  ...{ from: '2026-01-19', to: '2026-01-20', form: 'csv', language: 'en' },
  content: { kind: 'rows', fields: [] as string[] },
  purpose: 'Weekly check of the hospital',
};
const aggregates = {
  ...{ ...rows, from: '2025-12-01', to: '2026-01-18' },
  content: { kind: 'aggregates', split: 'hour', by: 'week', places: 'region' },
};
const field = (got: ApiGot, name: string): unknown =>
  Reflect.get(Object(got.json) as object, name) as unknown;

describe('an extraction asked for by the API', () => {
  it('is asked for, followed, fetched and given up, and is nobody else’s', async () => {
    const token = await lab.token('hospital-admin', { facilities: [finess(1)] });
    const unknown = await post(token, { ...rows, content: { kind: 'rows', fields: ['name'] } });
    expect([unknown.status, field(unknown, 'code')]).toEqual([403, 'extraction-field-refused']);
    const asked = await post(token, { ...rows, content: { kind: 'rows', fields: ['severity', 'sex'] } });
    expect(asked.status).toBe(202);
    const location = String(asked.headers['location']).replace('/api/v1', '');
    expect(field(asked, 'state')).toBe('waiting');

    const early = await lab.ask(`${location}/file`, token);
    expect([early.status, field(early, 'code')]).toEqual([409, 'extraction-not-ready']);
    await step();
    const ready = await lab.ask(location, token);
    expect(field(ready, 'state')).toBe('ready');
    expect(field(ready, 'rows')).toBeGreaterThan(50);
    const file = await lab.ask(`${location}/file`, token);
    expect(file.status).toBe(200);
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''/);
    expect(hash('sha256', file.text)).toBe(field(ready, 'sha256'));
    expect(file.headers['content-length']).toBe(String(field(ready, 'bytes')));

    const ended = await lab.ask(location, token, { method: 'DELETE' });
    expect([ended.status, field(ended, 'code')]).toEqual([409, 'extraction-ended']);
    for (const other of [
      await lab.token('hospital-admin', { facilities: [finess(1)] }),
      await lab.token('auditor'),
      await lab.token('regional-operator'),
    ]) {
      expect((await lab.ask(location, other)).status).toBe(404);
      expect((await lab.ask(`${location}/file`, other)).status).toBe(404);
      expect((await lab.ask(location, other, { method: 'DELETE' })).status).toBe(404);
      expect(field(await lab.ask('/extractions', other), 'items')).toEqual([]);
    }
    expect(field(await lab.ask('/extractions', token), 'items')).toHaveLength(1);
  });

  it('may hold what its profile may have, and no more of them than a few at a time', async () => {
    const operator = await lab.token('regional-operator');
    const refused = await post(operator, { ...rows, content: { kind: 'rows', fields: ['x'] } });
    // A token never administers.
    expect([refused.status, field(refused, 'code')]).toEqual([403, 'extraction-rows-refused']);
    const own = await lab.token('hospital-admin', { facilities: [finess(1)] });
    const beyond = await post(own, {
      ...{ ...rows, facilities: [finess(2)] },
      content: { kind: 'rows', fields: ['severity'] },
    });
    expect([beyond.status, field(beyond, 'code')]).toEqual([403, 'extraction-facility-refused']);
    const statuses: number[] = [];
    for (let asked = 0; asked < 5; asked += 1) statuses.push((await post(operator, aggregates)).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    const [first] = field(await lab.ask('/extractions', operator), 'items') as readonly { id: string }[];
    expect((await lab.ask(`/extractions/${first?.id}`, operator, { method: 'DELETE' })).status).toBe(204);
    expect(field(await lab.ask(`/extractions/${first?.id}`, operator), 'state')).toBe('cancelled');
    expect((await post(operator, aggregates)).status).toBe(202);
  });

  it('is not made once its token is revoked', async () => {
    const token = await lab.token('auditor');
    const id = String(field(await post(token, aggregates), 'id'));
    const row = await lab.store.read((tx) => tx.extractions.get(id));
    await lab.store.transaction((tx) => tx.tokens.revoke(row?.requesterId ?? '', now));
    for (let made = await step(); made; made = await step());
    const after = await lab.store.read((tx) => tx.extractions.get(id));
    expect([after?.state, after?.code]).toEqual(['failed', 'extraction-rights-changed']);
  });

  it('is on its token’s list however many others asked since', async () => {
    const token = await lab.token('auditor');
    const own = String(field(await post(token, aggregates), 'id'));
    const other = await lab.token('auditor');
    for (let n = 0; n < 3; n += 1) await post(other, aggregates);
    const { json } = await lab.ask('/extractions?limit=1', token);
    expect(json).toMatchObject({ items: [{ id: own }] });
    for (let made = await step(); made; made = await step());
  });

  it('is over when its file is gone', async () => {
    const token = await lab.token('auditor');
    const asked = await post(token, aggregates);
    const id = String(field(asked, 'id'));
    await lab.store.transaction(async (tx) => {
      for (
        let row = await tx.extractions.claim(now);
        row !== undefined;
        row = await tx.extractions.claim(now)
      )
        await tx.extractions.finish(row.id, {
          ...{ state: 'ready', at: now, rows: 1, hidden: 0, bytes: 1, sha256: '00', notes: [] },
          expiresAt: now + 1000,
        } as never);
    });
    lab.clock.advance(2000);
    const gone = await lab.ask(`/extractions/${id}/file`, token);
    expect([gone.status, field(gone, 'code')]).toEqual([410, 'extraction-expired']);
  });
});

function post(token: string, body: unknown): Promise<ApiGot> {
  return lab.ask('/extractions', token, { method: 'POST', body });
}
