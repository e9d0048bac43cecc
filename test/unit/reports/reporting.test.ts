import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailCarry } from '../../../receiver/alerts/mail-client.ts';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { getReport, listReports, retryReport } from '../../../receiver/commands/report-list.ts';
import { makeReport } from '../../../receiver/commands/report-make.ts';
import { parseConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import { createPrinter } from '../../../receiver/reports/chromium.ts';
import { createReportMails, mostAttempts } from '../../../receiver/reports/report-mails.ts';
import { createReportScheduler } from '../../../receiver/reports/scheduler.ts';
import { stateFolder } from '../../../receiver/state-folder.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import type { ReportFilter, ReportRow } from '../../../receiver/store/report-tables.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { defaultGroups } from '../../../shared/feeds/syndromic-groups.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { enterFacility, fullVisit, putDay, visitOn } from '../../support/portal/quality-days.ts';
import { finess } from '../../support/rpu-text.ts';
import { peer } from '../../support/peer.ts';
import { startSmtp } from '../../support/smtp-server.ts';

const [one, other] = [finess(1), finess(2)];
const { signal } = new AbortController();
const logger = createLogger({ name: 'test', level: 'silent' });
const day = (iso: string): Day => dayFromIso(iso) as Day;

let folder: string;
let store: Store;
let now: number;
const clock = { now: () => now, monotonic: () => now };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-reports-'));
  store = openSqliteStore(stateFolder(folder).database);
  await enterFacility(store, one, '=HYPERLINK("x")');
  await enterFacility(store, other, 'CH <b>de</b> Brumeval');
  // The other one sends nothing on the Wednesday; nobody sends on Sunday.
  for (const [index, iso] of ['16', '17', '18', '19', '20', '21'].entries()) {
    const on = day(`2026-11-${iso}`);
    const visits = Array.from({ length: 5 + index }, (_none, hour) =>
      visitOn(one, on, { ...fullVisit, hour: hour + 8, reason: `R${hour + 10}.0` }),
    );
    await putDay(store, one, on, visits);
    if (iso !== '18')
      await putDay(
        store,
        other,
        on,
        visits.map((visit) => ({ ...visit, facility: other })),
      );
  }
  now = Date.parse('2026-11-23T07:00:00+01:00');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function configOf(reports: unknown, alerts?: unknown): ReceiverConfig {
  const settings = {
    state: folder,
    region: 'Région <Essai>',
    reports,
    ...(alerts === undefined ? {} : { alerts }),
  };
  return parseConfig(JSON.stringify(settings), join(folder, 'receiver.yaml'));
}

const context = (config: ReceiverConfig): CommandContext => ({
  ...{ config, clock, language: 'en', random: systemRandom, logger },
});

const smtp = { host: '127.0.0.1', port: 25, secure: 'none', from: 'region@region.example' };
const recipients = { region: ['cellule@region.example'], facilities: { [one]: ['dim@hopital.example'] } };

function schedulerOf(config: ReceiverConfig) {
  const scheduler = createReportScheduler({
    ...{ config, store, clock, random: systemRandom, logger },
    print: config.reports.chromium === undefined ? undefined : createPrinter(config.reports.chromium),
  });
  return async (): Promise<void> => {
    while (await scheduler.step(signal));
  };
}

const kept = (filter: ReportFilter = {}): Promise<readonly ReportRow[]> =>
  store.read((tx) => tx.reports.stored.list(filter, 100));

async function columnsOf(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(join(folder, 'out', file), 'utf8');
  expect(text.startsWith('\ufeff')).toBe(true);
  return text
    .trim()
    .split('\r\n')
    .map((line) => line.replace('\ufeff', '').split(';'));
}

describe('the files of a report', () => {
  it('are one page that needs nothing else, and one tidy table, in either language', async () => {
    for (const language of ['fr', 'en']) {
      const done = await makeReport(context(configOf({})), {
        ...{ kind: 'weekly', period: '2026-W47', to: join(folder, 'out'), language },
      });
      expect(done.document).toMatchObject({
        visits: 45 + 38,
        from: '2026-11-16',
        to: '2026-11-22',
        pdf: 'unasked',
      });
      const html = await readFile(
        join(folder, 'out', `vaguemestre-2026-W47-region-${language}.html`),
        'utf8',
      );
      expect(html).toContain(
        language === 'fr' ? 'Document sans donnée nominative' : 'Document without personal data',
      );
      expect(html).toContain("default-src 'none'");
      // Nothing is loaded, nothing runs, and names are text.
      expect(html).not.toMatch(/<script|<link|<img|url\((?!#)|https?:\/\//);
      expect(html).toContain('CH &lt;b&gt;de&lt;/b&gt; Brumeval');
      expect(html).toContain('Région &lt;Essai&gt;');
      expect(html).toContain('size: A4 landscape');
      const [head, ...rows] = await columnsOf(`vaguemestre-2026-W47-region-${language}.csv`);
      expect(head).toHaveLength(7);
      expect(rows.every((row) => row.length === 7)).toBe(true);
    }
  });

  it('leave what did not come empty and named, never zero', async () => {
    await makeReport(context(configOf({})), {
      ...{ kind: 'weekly', period: '2026-W47', to: join(folder, 'out'), language: 'en' },
    });
    const rows = await columnsOf('vaguemestre-2026-W47-region-en.csv');
    const visits = (scope: string, period: string): readonly string[] | undefined =>
      rows.find((row) => row[1] === scope && row[2] === period && row[3] === 'Visits')?.slice(5);
    expect(visits(one, '2026-11-18')?.[0]).toBe('7');
    expect(visits(other, '2026-11-18')?.[0]).toBe('');
    expect(visits('', '2026-11-22')?.[0]).toBe('');
    expect(visits('', '2026-11-22')?.[1]).not.toBe('');
    const hours = rows.filter((row) => row[2] === '2026-11-22' && row[3] === 'Hour of arrival');
    expect(hours).toHaveLength(24);
    expect(hours.every((row) => row[5] === '')).toBe(true);
    const html = await readFile(join(folder, 'out', 'vaguemestre-2026-W47-region-en.html'), 'utf8');
    expect(html).toContain('class="none"');
  });

  it('defuse what a spreadsheet would take for a formula', async () => {
    await store.transaction((tx) =>
      tx.reports.syndromes.add({ at: 0, person: 'x', reason: 'x' }, [
        { ...(defaultGroups[0] ?? expect.fail()), name: { fr: '=1+1', en: '=1+1' } },
      ]),
    );
    await makeReport(context(configOf({})), {
      ...{ kind: 'daily', period: '2026-11-16', to: join(folder, 'out'), language: 'en' },
    });
    const rows = await columnsOf('vaguemestre-2026-11-16-region-en.csv');
    expect(rows.flat().filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
    expect(rows.flat()).toContain("'=1+1");
  });

  it('say of an empty period that nothing came', async () => {
    await makeReport(context(configOf({})), {
      ...{ kind: 'daily', period: '2026-01-05', to: join(folder, 'out'), language: 'en' },
    });
    const html = await readFile(join(folder, 'out', 'vaguemestre-2026-01-05-region-en.html'), 'utf8');
    expect(html).toContain('This is not an activity of zero');
  });

  it('are refused for a time to come, and for a facility that nobody registered', async () => {
    const to = join(folder, 'out');
    const make = (options: { period?: string; facility?: string }) =>
      makeReport(context(configOf({})), { kind: 'daily', to, ...options });
    await expect(make({ period: '2026-11-24' })).rejects.toMatchObject({ code: 'report-period-future' });
    await expect(make({ facility: finess(9) })).rejects.toMatchObject({ code: 'report-facility-unknown' });
    await writeFile(join(folder, 'file'), '');
    await expect(
      makeReport(context(configOf({})), { kind: 'daily', to: join(folder, 'file') }),
    ).rejects.toMatchObject({ code: 'report-folder-unwritable' });
  });
});

describe('a PDF', () => {
  const pdf = async (chromium: string) => {
    const config = configOf({ formats: ['csv', 'pdf'], chromium });
    return makeReport(context(config), { kind: 'daily', period: '2026-11-16', to: join(folder, 'out') });
  };

  it('that cannot be made leaves the page and the table, and says why', async () => {
    const crashing = join(folder, 'crashing');
    await writeFile(crashing, '#!/bin/sh\nkill -SEGV $$\n');
    await chmod(crashing, 0o700);
    for (const [program, code] of [
      [join(folder, 'nowhere'), 'report-chromium-missing'],
      [crashing, 'report-chromium-failed'],
      ['/bin/true', 'report-chromium-failed'],
    ] as const) {
      const done = await pdf(program);
      expect(done.document).toMatchObject({ pdf: 'failed', fault: { code } });
      expect(done.exitCode).toBe(1);
      expect((await readdir(join(folder, 'out'))).sort()).toEqual([
        'vaguemestre-2026-11-16-region-fr.csv',
        'vaguemestre-2026-11-16-region-fr.html',
      ]);
    }
  });

  it('that takes too long is given up with all that was started for it', async () => {
    const slow = join(folder, 'slow');
    await writeFile(slow, `#!/bin/sh\nsleep 600 & echo $! > ${join(folder, 'pid')}\nwait\n`);
    await chmod(slow, 0o700);
    const print = createPrinter(slow, { timeoutMs: 700 });
    await expect(print('<p>x</p>', undefined)).rejects.toMatchObject({ code: 'report-chromium-slow' });
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    const isAlive = (): boolean => {
      try {
        process.kill(pid, 0);
        return !/\) Z /.test(readStat(pid));
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive).toBe(false);
  });

  const chromium = peer('chromium', 'no report is printed');
  it.skipIf(chromium === undefined)(
    'is made by the Chromium that the settings name',
    async () => {
      const done = await pdf(chromium ?? '');
      expect(done.document).toMatchObject({ pdf: 'made' });
      const content = await readFile(join(folder, 'out', 'vaguemestre-2026-11-16-region-fr.pdf'));
      expect(content.subarray(0, 5).toString()).toBe('%PDF-');
    },
    60_000,
  );
});

function readStat(pid: number): string {
  return String(process.getBuiltinModule('node:fs').readFileSync(`/proc/${pid}/stat`));
}

describe('the calendar of reports', () => {
  const weekly = { cron: '0 9 * * 1' };

  it('keeps each report of a period once, whoever restarts, and nothing of before it was asked for', async () => {
    const config = configOf({ weekly, languages: ['fr', 'en'] });
    await schedulerOf(config)();
    expect(await kept()).toEqual([]);
    now = Date.parse('2026-11-23T09:00:10+01:00');
    await schedulerOf(config)();
    const rows = await kept();
    expect(rows.map(({ facility, language }) => `${facility ?? 'region'} ${language}`).sort()).toEqual(
      [one, other, 'region'].flatMap((scope) => [`${scope} en`, `${scope} fr`]).sort(),
    );
    expect(rows.every(({ from, to }) => from === day('2026-11-16') && to === day('2026-11-22'))).toBe(true);
    await schedulerOf(config)();
    expect(await kept()).toHaveLength(6);
  });

  it('goes on with what is missing when a run was broken off', async () => {
    const config = configOf({ weekly });
    await schedulerOf(config)();
    now = Date.parse('2026-11-23T09:00:10+01:00');
    const breaking = new AbortController();
    const broken = createReportScheduler({
      ...{ config, clock, random: systemRandom, logger, print: undefined },
      store: {
        ...store,
        transaction: async (work) => {
          const done = await store.transaction(work);
          breaking.abort();
          return done;
        },
      },
    });
    await expect(broken.step(breaking.signal)).rejects.toThrow();
    expect(await kept()).toHaveLength(1);
    await schedulerOf(config)();
    expect(await kept()).toHaveLength(3);
  });

  it('makes up for the last due times that were missed, and no more', async () => {
    const config = configOf({ daily: { cron: '30 7 * * *' }, missed: 2 });
    await schedulerOf(config)();
    now += 12 * 86_400_000;
    await schedulerOf(config)();
    const days = new Set((await kept({ facility: null })).map(({ from }) => from));
    expect([...days].sort()).toEqual([day('2026-12-02'), day('2026-12-03')]);
  });
});

describe('what is mailed of reports', () => {
  const mailsOf = async () =>
    (await Promise.all((await kept()).map(({ id }) => store.read((tx) => tx.reports.mails.of(id))))).flat();

  async function scheduled(alerts: unknown, more: object = {}): Promise<ReceiverConfig> {
    const config = configOf({ weekly: { cron: '0 9 * * 1' }, recipients, ...more }, alerts);
    await schedulerOf(config)();
    now = Date.parse('2026-11-23T09:00:10+01:00');
    await schedulerOf(config)();
    return config;
  }

  const sender = (config: ReceiverConfig, carry = createMailCarry({ settings: config.alerts.smtp, clock })) =>
    createReportMails({ store, clock, random: systemRandom, logger, carry, region: config.region });

  it('goes to the region and to each facility’s own people, with the files, once', async () => {
    const server = await startSmtp();
    try {
      const contact = { facility: other, role: 'DIM', name: 'X', phone: '', email: 'dim@brumeval.example' };
      await store.transaction((tx) => tx.care.contacts.add(contact));
      const config = await scheduled(
        { smtp: { ...smtp, port: server.port } },
        { recipients: { ...recipients, contacts: true }, languages: ['fr', 'en'] },
      );
      const mails = sender(config);
      while (await mails.step(signal));
      while (await mails.step(signal));
      expect(server.mails.flatMap(({ to }) => to).sort()).toEqual([
        '<cellule@region.example>',
        '<dim@brumeval.example>',
        '<dim@hopital.example>',
      ]);
      expect(server.mails.every(({ data }) => /filename=.*2026-W47.*\.csv/.test(data))).toBe(true);
      expect((await mailsOf()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    } finally {
      await server.close();
    }
  });

  it('loses nothing to a mail server that is down on report night', async () => {
    const server = await startSmtp();
    try {
      server.refuse(451);
      const config = await scheduled({ smtp: { ...smtp, port: server.port } });
      await sender(config).step(signal);
      const waiting = await mailsOf();
      expect(waiting.map(({ state, attempts, code }) => [state, attempts, code])).toEqual([
        ['pending', 1, 'alert-mail-unsent'],
        ['pending', 1, 'alert-mail-unsent'],
      ]);
      expect(waiting.every(({ dueAt }) => dueAt > now)).toBe(true);
      expect((await listReports(context(config), { limit: '50' })).lines.join('\n')).toContain(
        '0 sent, 1 waiting, 0 given up (alert-mail-unsent)',
      );
      // The night goes on; another process looks in the morning.
      server.refuse(250);
      await sender(config).step(signal);
      expect(server.mails).toHaveLength(0);
      now += 12 * 3_600_000;
      await sender(config).step(signal);
      expect(server.mails).toHaveLength(2);
      expect(new Set((await mailsOf()).map(({ state }) => state))).toEqual(new Set(['sent']));
    } finally {
      await server.close();
    }
  });

  it('is sent again under the same identity when a process died while sending', async () => {
    const config = await scheduled({ smtp });
    const identities: string[] = [];
    const dying = sender(config, async ({ identity }) => {
      identities.push(identity);
      return new Promise(() => undefined);
    });
    void dying.step(signal);
    await expect.poll(() => identities.length).toBe(2);
    await sender(config, async ({ identity }) => {
      identities.push(identity);
      return 'taken';
    }).step(signal);
    expect(identities).toHaveLength(4);
    expect(new Set(identities).size).toBe(2);
  });

  it('is given up after days, told, and leaves again when somebody asks', async () => {
    const config = await scheduled({ smtp });
    const failing = sender(config, async () => {
      throw new Fault('alert-mail-unsent', 'transient', { facts: { host: 'x', reason: 'x' } });
    });
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      await failing.step(signal);
      now += 5 * 3_600_000;
    }
    const listed = await listReports(context(config), { limit: '50' });
    expect(listed.exitCode).toBe(1);
    expect(new Set((await mailsOf()).map(({ state }) => state))).toEqual(new Set(['failed']));
    const [{ id } = expect.fail()] = await kept({ facility: null });
    expect((await retryReport(context(config), { id: String(id) })).document).toEqual({ id, mails: 1 });
    const done = await getReport(context(config), { id: String(id), to: join(folder, 'got') });
    expect(done.lines).toHaveLength(2);
    await expect(retryReport(context(config), { id: '999' })).rejects.toMatchObject({
      code: 'report-unknown',
    });
    expect((await store.read((tx) => tx.audit.walk(0, 10))).map(({ action }) => action)).toEqual([
      'report.retry',
    ]);
  });
});

describe('the settings of reports', () => {
  const faultsOf = (reports: unknown, alerts?: unknown): string => {
    try {
      configOf(reports, alerts);
    } catch (error) {
      return (error as Fault).facts['faultsEn'] as string;
    }
    return '';
  };

  it('name their faults', () => {
    expect(faultsOf({ recipients })).toContain('a mail server for reports.recipients');
    expect(faultsOf({ recipients }, { smtp })).toBe('');
    expect(faultsOf({ formats: ['pdf'] })).toContain('the path of Chromium');
    expect(faultsOf({ formats: ['pdf'], chromium: 'chromium' })).toContain('an absolute path');
    expect(faultsOf({ daily: { cron: '30 2 * * *' } })).toContain('an hour other than');
    expect(faultsOf({ weekly: { cron: 'Mondays' } })).toContain('five fields');
  });
});
