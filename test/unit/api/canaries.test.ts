import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAlerting } from '../../../receiver/alerts/alerting.ts';
import { createCounting } from '../../../receiver/quality/counting.ts';
import { keepReports } from '../../../receiver/reports/keep-reports.ts';
import { periodAsked } from '../../../receiver/reports/period.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createApiLab, type ApiLab } from '../../support/api-lab.ts';
import { finess } from '../../support/rpu-text.ts';

/** Patients whose every field says so: whatever route there is or will be, no answer and no line of the log holds one. */
const marked = {
  ...{ postalCode: 'CANARICP', commune: 'CANARIVILLE', birthDate: '29/02/1904', sex: 'CANARISEXE' },
  ...{ arrivalMode: 'CANARIMODE', severity: 'CANARIGRAVITE', principalDiagnosis: 'CANARIDP' },
  ...{ reason: 'CANARIMOTIF', departureMode: 'CANARIFIN', associatedDiagnoses: ['CANARIDA'] },
};
const values = /CANARI|29\/02\/1904|1904-02-29/;

function mark(body: string): string {
  const record = JSON.parse(body) as { readonly arrivedAt: { readonly at: number; readonly text: string } };
  if (Math.floor(record.arrivedAt.at / 60_000) % 4 > 0) return body;
  return JSON.stringify({ ...record, visitId: `CANARINUMERO ${record.arrivedAt.text}`, ...marked });
}

let lab: ApiLab;
let folder: string;
let log: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaguemestre-api-canaries-'));
  log = openSync(join(folder, 'log'), 'a');
  const logger = createLogger({ name: 'test', level: 'debug', fd: log });
  const monday = Math.floor(Date.now() / 86_400_000 / 7) * 7 + 4;
  const now = instantOf(monday as Day, 9 * 3_600_000).at;
  lab = await createApiLab({ now, hospitals: 12, days: 9, rewrite: mark, logger });
  const { store, clock, region } = lab;
  const { config } = region;
  const { signal } = new AbortController();
  await store.transaction(async (tx) => {
    for (const { id } of await tx.exports.recent(1000))
      await tx.exports.putFindings(
        id,
        [{ rule: 'code-unknown', field: 'GRAVITE', severity: 'warning', line: 12, record: 1 }],
        { 'code-unknown': 1 },
      );
  });
  const counting = createCounting({ store, logger });
  while (await counting.step(signal)) expect(signal.aborted).toBe(false);
  const alerting = openAlerting({ config, store, clock, random: systemRandom, logger });
  for (let round = 0; round < 40; round += 1) {
    await alerting.step(signal);
    clock.advance(60_000);
  }
  const deps = { config, store, clock, logger, random: systemRandom, print: undefined };
  await keepReports(deps, periodAsked('weekly', undefined, now), signal);
}, 240_000);
afterAll(async () => {
  await lab.close();
  closeSync(log);
  await rm(folder, { recursive: true });
});

/** Every address that a route has something at. */
async function addresses(path: string): Promise<readonly string[]> {
  const { files, reports } = await lab.store.read(async (tx) => ({
    files: (await tx.exports.recent(30)).map(({ id }) => id),
    reports: (await tx.reports.stored.list({}, 30)).map(({ id }) => id),
  }));
  if (path.includes('{finess}'))
    return lab.region.hospitals.map((each) => path.replace('{finess}', each.finess));
  if (path.startsWith('/files/')) return files.map((id) => `/files/${id}`);
  if (path.startsWith('/reports/'))
    return reports.map((id) => path.replace('{id}', String(id)).replace('{form}', 'csv'));
  if (path === '/alerts') return ['/alerts', '/alerts?state=closed'];
  if (path === '/files') return ['/files?limit=200', '/files?cursor=CANARIVILLE', '/files?state=CANARIDP'];
  return path.includes('{') ? [] : [path];
}

describe('no value of a patient', () => {
  it('comes out of any route, whoever asks', async () => {
    const wrong: string[] = [];
    const answered = new Set<string>();
    for (const profile of ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const) {
      const token = await lab.token(profile, {
        facilities: profile === 'hospital-admin' ? [finess(11), finess(1)] : [],
      });
      for (const { method, path } of lab.routes.filter((each) => each.method === 'GET'))
        for (const address of await addresses(path)) {
          const { status, text } = await lab.ask(address, token, { method });
          if (status === 200) answered.add(path);
          if (status >= 500) wrong.push(`${address} to ${profile}: ${status}`);
          if (values.test(text)) wrong.push(`${address} to ${profile}: ${values.exec(text)?.[0] ?? ''}`);
          if (text.includes(lab.region.folder)) wrong.push(`${address}: a path of this machine`);
        }
    }
    expect(wrong).toEqual([]);
    expect([...answered].sort()).toEqual(
      lab.routes
        .filter(({ method, path }) => method === 'GET' && !path.includes('/extractions/'))
        .map(({ path }) => path)
        .sort(),
    );
  }, 120_000);

  it('was missing where it was looked for: the region holds thousands', async () => {
    const { bodies, alerts, cards } = {
      bodies: await lab.store.read((tx) =>
        tx.records.bodiesOfDay(finess(1), 'ed-visits', (lab.region.last - 2) as Day),
      ),
      alerts: await lab.ask('/alerts', await lab.token('regional-operator')),
      cards: await lab.ask('/quality/scorecards', await lab.token('regional-operator')),
    };
    expect(bodies.filter(({ body }) => values.test(body)).length).toBeGreaterThan(20);
    expect(itemsOf(alerts.json).length).toBeGreaterThan(0);
    expect(itemsOf(cards.json).some((each) => Number(each['records']) > 100)).toBe(true);
  });

  it('stands in the log', () => {
    const text = readFileSync(join(folder, 'log'), 'utf8');
    expect(text).toContain('api-refused');
    expect(text).not.toMatch(values);
    expect(text).not.toMatch(/vgm_/);
  });
});

function itemsOf(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Reflect.get(json as object, 'items') as readonly Readonly<Record<string, unknown>>[];
}
