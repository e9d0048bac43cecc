import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRight, profiles, type Viewer } from '../../../receiver/accounts/profile.ts';
import { openAlerting } from '../../../receiver/alerts/alerting.ts';
import type { Page } from '../../../receiver/pages/page.ts';
import { createCounting } from '../../../receiver/quality/counting.ts';
import { createWeeklyFiles } from '../../../receiver/quality/weekly-files.ts';
import { createWeeklyMails } from '../../../receiver/quality/weekly-mail.ts';
import { keepReports } from '../../../receiver/reports/keep-reports.ts';
import { periodAsked } from '../../../receiver/reports/period.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import type { AlertMessage } from '../../../receiver/store/alert-tables.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import type { Finding } from '../../../shared/feeds/feed.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { dayToIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createDemoRegion, type DemoRegion } from '../../support/portal/demo-region.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import { finess } from '../../support/rpu-text.ts';

/**
 * Patients whose every field says so, in a region with troubles, alerts, decisions and scorecards: whatever page, file,
 * message or line there is or will be, none of it holds a value of theirs.
 */
const marked = {
  ...{ postalCode: 'CANARICP', commune: 'CANARIVILLE', birthDate: '29/02/1904', sex: 'CANARISEXE' },
  ...{
    arrivalMode: 'CANARIMODE',
    origin: 'CANARIPROV',
    transport: 'CANARITRANSPORT',
    severity: 'CANARIGRAVITE',
  },
  ...{ transportCare: 'CANARIPEC', reason: 'CANARIMOTIF <b>essoufflé</b>', principalDiagnosis: 'CANARIDP' },
  ...{ associatedDiagnoses: ['CANARIDA'], procedures: ['CANARIACTE'] },
  ...{ departedAt: { text: 'CANARISORTIE', at: null }, departureMode: 'CANARIFIN' },
  ...{ destination: 'CANARIDEST', disposition: 'CANARIORIENT', extensions: { inconnu: 'CANARIEXTENSION' } },
};
const values = /CANARI|29\/02\/1904|1904-02-29/;

/** A visit in four. */
function mark(body: string): string {
  const record = JSON.parse(body) as { readonly arrivedAt: { readonly at: number; readonly text: string } };
  if (Math.floor(record.arrivedAt.at / 60_000) % 4 > 0) return body;
  return JSON.stringify({ ...record, visitId: `CANARINUMERO ${record.arrivedAt.text}`, ...marked });
}

let region: DemoRegion;
let lab: PortalLab;
let logFile: string;
let log: number;
let pages: readonly Page[] = [];
const mails: { readonly subject: string; readonly text: string }[] = [];
const url = (): string => 'https://portail.example';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-canaries-'));
  const { signal } = new AbortController();
  await writeFile(join(folder, 'secret'), 'a secret of more than twenty-four signs\n');
  logFile = join(folder, 'log');
  log = openSync(logFile, 'a');
  // A Monday morning: last week's scorecards are due.
  const monday = Math.floor(Date.now() / 86_400_000 / 7) * 7 + 4;
  const now = instantOf(monday as Day, 9 * 3_600_000).at;
  const everybody = { emails: ['a@example.org'], sms: ['+33600000000'], webhooks: ['programme'] };
  region = await createDemoRegion({
    ...{ folder, now, hospitals: 14, days: 10, rewrite: mark },
    settings: {
      alerts: {
        smtp: { host: '127.0.0.1', port: 1, secure: 'none', from: 'alertes@example.org' },
        sms: { url: 'https://sms.example/', body: { fields: { to: '{to}', text: '{text}' } } },
        webhooks: [
          { name: 'programme', url: 'https://programme.example/', secretFile: join(folder, 'secret') },
        ],
        allowedHosts: ['sms.example', 'programme.example'],
        recipients: [
          { name: 'région', role: 'region', ...everybody },
          { name: 'Anglais', role: 'region', language: 'en', ...everybody },
        ],
      },
      quality: { mail: { recipients: { [finess(11)]: ['dim@example.org'] } } },
    },
  });
  const logger = createLogger({ name: 'test', level: 'debug', fd: log });
  lab = await createPortalLab({
    ...{ region, startAt: now, logger },
    replace: (all) => {
      pages = all;
      return all;
    },
  });
  const { store, clock, config } = lab;
  await flagMarked();
  const counting = createCounting({ store, logger });
  while (await counting.step(signal)) expect(signal.aborted).toBe(false);
  const alerting = openAlerting({ config, store, clock, random: systemRandom, logger });
  for (let round = 0; round < 40; round += 1) {
    await alerting.step(signal);
    clock.advance(60_000);
  }
  const { quality: settings } = config;
  const deps = { settings, store, clock, logger, random: systemRandom, url };
  await keepReports({ ...deps, config, print: undefined }, periodAsked('weekly', undefined, now), signal);
  await createWeeklyFiles({ ...deps, sign: async () => 'proof' }).step(signal);
  await createWeeklyMails({
    ...deps,
    carry: async (message) => {
      mails.push(message);
      return 'taken';
    },
  }).step(signal);
}, 180_000);
afterAll(async () => {
  await lab.close();
  closeSync(log);
});

/** What the checks say of the marked visits, as reception would have kept it. */
async function flagMarked(): Promise<void> {
  const recent = await lab.store.read((tx) => tx.exports.recent(1000));
  const body = mark(JSON.stringify({ facility: finess(11), arrivedAt: { text: '19/11/2026 10:00', at: 0 } }));
  const breaches = edVisits.check(edVisits.schema.parse(JSON.parse(body)));
  expect(breaches.length).toBeGreaterThan(3);
  const listed = breaches.map(({ rule, field }): Finding => ({
    rule,
    field,
    severity: 'warning',
    line: 12,
    record: 1,
  }));
  const totals = Object.fromEntries(breaches.map(({ rule }) => [rule, 1]));
  await lab.store.transaction(async (tx) => {
    for (const { id } of recent) await tx.exports.putFindings(id, listed, totals);
  });
}

const viewers = (): readonly Viewer[] =>
  profiles.map((profile) =>
    viewerAs(profile, {
      administrator: profile === 'regional-operator',
      ...(profile === 'hospital-admin' ? { facilities: new Set([finess(11)]) } : {}),
      ...(profile === 'agency' ? { destinations: new Set(['spf', 'ars']) } : {}),
    }),
  );

/** Every page there is for somebody, of every hospital, batch, file and alert there is. */
async function addresses(viewer: Viewer): Promise<readonly string[]> {
  const { exports, dispatches, alerts, reports } = await lab.store.read(async (tx) => ({
    exports: (await tx.exports.recent(1000)).map(({ id }) => id),
    dispatches: await tx.dispatches.recent(1000),
    alerts: (await tx.alerts.open(1000)).map(({ id }) => String(id)),
    reports: (await tx.reports.stored.list({}, 8)).map(({ id }) => String(id)),
  }));
  const days = [0, 1, 3].map((back) => dayToIso((region.last - back) as Day));
  const places = region.hospitals.map((hospital) => hospital.finess);
  const sent = ['spf', 'ars'].flatMap((name) =>
    dispatches
      .filter(({ destination }) => destination === name)
      .slice(0, 3)
      .map(({ id }) => ({ name, destination: name, id: String(id) })),
  );
  const some = [...exports.slice(0, 20), region.heldExport ?? ''];
  const values = (path: string): readonly Readonly<Record<string, string>>[] => {
    if (path.includes(':finess'))
      return places.flatMap((place) => days.map((date) => ({ finess: place, date })));
    if (path.startsWith('/lots/')) return some.map((id) => ({ id }));
    if (path.startsWith('/alertes/')) return alerts.map((id) => ({ id }));
    if (path.startsWith('/rapports/'))
      return reports.flatMap((id) => ['html', 'csv'].map((forme) => ({ id, forme })));
    return path.includes(':') ? sent : [{}];
  };
  const found = pages
    .filter(({ see, get }) => get !== undefined && (!Array.isArray(see) || hasRight(viewer, see)))
    .flatMap(({ path }) =>
      values(path).map((each) => path.replaceAll(/:(\w+)/g, (_whole, name: string) => each[name] ?? 'x')),
    );
  const searches = ['CANARIVILLE', 'CANARINUMERO'].map((text) => `/lots?q=${text}`);
  return [...new Set([...found, ...searches, '/?etat=chiffres', '/analyser?selon=gravite&par=heure', '/en'])];
}

describe('no value of a patient', () => {
  it('is lacking in the region that is looked at: the records have them', async () => {
    const held = new DatabaseSync(stateFolder(region.config.state).database, { readOnly: true });
    const bodies = held.prepare('SELECT body FROM record').all();
    held.close();
    const found = bodies.filter(({ body }) => values.test(textOf(body)));
    expect(found.length).toBeGreaterThan(1000);
  });

  it('is on any page or in any file, whoever asks', async () => {
    const wrong: string[] = [];
    let shown = 0;
    for (const viewer of viewers())
      for (const path of await addresses(viewer)) {
        const { status, text } = await lab.get(path, viewer);
        if (status === 200) shown += 1;
        if (status >= 500) wrong.push(`${path} to ${viewer.profile}: ${status}`);
        // What somebody typed in a search comes back to them alone.
        if (values.test(path.includes('?q=') ? text.replaceAll(/CANARI(VILLE|NUMERO)/g, '') : text))
          wrong.push(`${path} to ${viewer.profile}: ${values.exec(text)?.[0] ?? ''}`);
        if (text.includes(region.folder)) wrong.push(`${path} to ${viewer.profile}: a path of this machine`);
      }
    expect(wrong).toEqual([]);
    expect(shown).toBeGreaterThan(300);
  }, 120_000);

  it('is in any mail, text message or call of another program', async () => {
    const messages: AlertMessage[] = [];
    await lab.store.read(async (tx) => {
      for (let id = 1; ; id += 1) {
        const one = await tx.alerts.message(id);
        if (one === undefined) return;
        messages.push(one);
      }
    });
    expect(new Set(messages.map(({ channel }) => channel))).toEqual(new Set(['email', 'sms', 'webhook']));
    expect(mails.length).toBeGreaterThan(0);
    for (const { subject, text } of [...messages, ...mails])
      expect(`${subject}\n${text}`).not.toMatch(values);
  });

  it('is in what the database keeps beside the records', () => {
    const database = new DatabaseSync(stateFolder(region.config.state).database, { readOnly: true });
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const holding = names
      .map(({ name }) => textOf(name))
      .filter((name) =>
        database
          .prepare(`SELECT * FROM "${name}"`)
          .all()
          .some((row) => Object.values(row).some((value) => values.test(textOf(value)))),
      );
    database.close();
    // What is sent is kept compressed.
    expect(holding).toEqual(['record']);
  });

  it('is in any line of the log', () => {
    expect(readFileSync(logFile, 'utf8')).not.toMatch(values);
    expect(readFileSync(logFile, 'utf8').length).toBeGreaterThan(100);
  });
});

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'string' ? value : '';
}
