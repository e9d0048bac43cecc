import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bedExport } from '../../installers/sandbox/bed-exports.ts';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { status as receiverStatus } from '../../receiver/commands/status.ts';
import { trace as receiverTrace } from '../../receiver/commands/trace.ts';
import { verify as receiverVerify } from '../../receiver/commands/verify.ts';
import { loadConfig } from '../../receiver/config.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { ask, count, french, peek, visitsOf } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess, rpuXml, type RpuFile, type Visit } from '../support/rpu-text.ts';
import { quiet } from '../unit/receiver/lab.ts';

/**
 * One small hospital with every kind of export, its agent and its region as real processes; then two questions. Where is
 * each line? And has a patient's value been left anywhere it must not be?
 */
const [main, rekeyed, other] = [finess(811), finess(812), finess(813)];
const canaries = {
  commune: 'CANARIVILLE',
  reason: 'CANARIMOTIF',
  birth: '29/02/1904',
  birthIso: '1904-02-29',
  unreadable: 'CANARIENTREE',
  visitNumber: 'CANARINUMERO',
  extension: 'CANARICOLONNE',
};
const patient = {
  naissance: canaries.birth,
  commune: canaries.commune,
  motif: `${canaries.reason} <essoufflé>`,
};
const visits = (day: number, n: number): Visit[] =>
  visitsOf(day, n, (index) => ({ ...patient, sexe: index % 2 === 0 ? 'F' : 'M', cp: `6700${index % 10}` }));

/** Each tag on its own line, as much software writes it. */
const onLines = (file: RpuFile): string => rpuXml(file).replaceAll('><', '>\n<');
const window = (from: number, to: number, extractDay: number, hour = 2): Partial<RpuFile> => ({
  extract: `${french(extractDay)} 0${hour}:00:00`,
  from: french(from),
  to: french(to),
});

const first = onLines({ finess: main, ...window(5, 6, 7), visits: [...visits(5, 5), ...visits(6, 2)] });
const exports: Readonly<Record<string, string | Buffer>> = {
  'a-first.xml': first,
  'b-rejected-record.xml': onLines({
    ...{ finess: main, ...window(7, 7, 8) },
    visits: [...visits(7, 3), { ...patient, entree: canaries.unreadable }, { ...patient, entree: '' }],
  }),
  'c-cut.xml': onLines({ finess: main, ...window(8, 8, 9), visits: visits(8, 6) }).slice(0, 1800),
  'd-doctype.xml': `<!DOCTYPE OSCOUR [<!ENTITY x "${canaries.commune}">]>\n${rpuXml({ finess: main, visits: visits(8, 1) })}`,
  'e-unchanged.xml': onLines({
    finess: main,
    ...window(5, 6, 7, 3),
    visits: [...visits(5, 5), ...visits(6, 2)],
  }),
  'f-duplicate.xml': first,
  'g-held.xml': onLines({ finess: main, ...window(5, 6, 7, 4), visits: visits(6, 2) }),
  'h-before-rekeying.xml': rpuXml({ finess: rekeyed, ...window(5, 5, 6), visits: visits(5, 12) }),
  'i-rekeying.xml': rpuXml({
    ...{ finess: rekeyed, ...window(5, 5, 6, 3) },
    visits: visits(5, 12).map((visit) => ({ ...visit, naissance: '01/03/1904', cp: '68000' })),
  }),
  'j-not-allowed.xml': onLines({ finess: other, ...window(5, 5, 6), visits: visits(5, 2) }),
  'k-visits.csv': csv('finess;cp;commune;naissance;sexe;entree;mode_entree;motif', (day) => [
    ...[
      rekeyed,
      '67000',
      canaries.commune,
      canaries.birth,
      'F',
      `${french(day)} 11:00`,
      '8',
      canaries.reason,
    ],
  ]),
  'l-beds.csv': bedExport(7, main, Date.UTC(2026, 0, 12, 8)).content,
};
const software = csv('numero;site;ville;ne;sexe;arrivee;motif;inconnue', (day) => [
  ...[`${canaries.visitNumber}-${day}`, main, canaries.commune, canaries.birth, 'M', `${french(day)} 12:30`],
  ...[canaries.reason, canaries.extension],
]);
const mapping = `version: 1
name: logiciel
feed: ed-visits
format: { type: csv, requires: [numero, site, arrivee] }
fields:
  visitId: numero
  facility: site
  commune: ville
  birthDate: ne
  sex: sexe
  arrivedAt: arrivee
  reason: motif
extensions: { inconnu: inconnu }
`;

function csv(header: string, row: (day: number) => string[]): string {
  return `${[header, ...[14, 15, 16].map((day) => row(day).join(';'))].join('\r\n')}\r\n`;
}

let base: string;
let region: Region;
let agent: Agent;
let receiver: Child;
let metrics: string;
let temporary: string | undefined;
const folder = (name: string): string => join(base, name);
const agentDatabase = (): string => join(agent.stateFolder, 'agent.db');
const receiverDatabase = (): string => join(region.receiverState, 'receiver.db');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-canaries-'));
  for (const name of ['tmp', 'in', 'software']) mkdirSync(folder(name));
  // Whatever any process leaves in its temporary folder is looked at too.
  temporary = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder('tmp');
  region = await createRegion({ keep: false, outFolder: folder('out') });
  await region.addFacilities([main, rekeyed].map((each) => ({ finess: each, name: each })));
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'watched', facilities: [main, rekeyed], sourceFolder: folder('in') },
    ...{ ready: 'now', after: 'archive' },
  });
  writeFileSync(folder('logiciel.yaml'), mapping);
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as {
    sources: object[];
    logLevel?: string;
  };
  const [source] = config.sources;
  const second = {
    name: 'software',
    folder: folder('software'),
    mappings: [folder('logiciel.yaml')],
    part: '1',
    after: 'keep',
  };
  writeFileSync(
    agent.configFile,
    JSON.stringify({ ...config, logLevel: 'debug', sources: [source, { ...source, ...second }] }),
  );
  for (const [name, content] of Object.entries(exports)) writeFileSync(join(folder('in'), name), content);
  writeFileSync(join(folder('software'), 'm-software.csv'), software);
  await agent.once();
  const { health } = JSON.parse(readFileSync(join(region.receiverState, 'listeners.json'), 'utf8')) as {
    health: { port: number };
  };
  metrics = await (await fetch(`http://127.0.0.1:${health.port}/metrics`)).text();
}, 90_000);

afterAll(async () => {
  await receiver.stop();
  await region.close();
  if (temporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporary;
  rmSync(base, { recursive: true, force: true });
});

async function receiverContext() {
  return {
    config: await loadConfig(region.receiverConfig),
    ...{ language: 'en' as const, clock: systemClock, random: systemRandom, logger: quiet },
  };
}

interface Traced {
  readonly export: {
    id: string;
    file: string;
    state: string;
    original: string | null;
    error: { code: string } | null;
  };
  readonly record: {
    record: number;
    line: number;
    day: string | null;
    key: string | null;
    rejectedBy: string | null;
  } | null;
  readonly fileGone: boolean;
  readonly envelopes: readonly { id: string }[];
  readonly receipts: readonly { kind: string }[];
  readonly dispatches: readonly { name: string; from: string; to: string; delivery: string | null }[];
}

async function traced(what: string): Promise<Traced> {
  return (await ask(agent, ['trace', what])).document as unknown as Traced;
}

interface RegionTrace {
  readonly exports: readonly { id: string }[];
  readonly envelopes: readonly { id: string }[];
  readonly dispatches: readonly { name: string }[];
  readonly records: readonly { key: string; export: string; record: number; line: number; day: string }[];
}

async function tracedByRegion(id: string): Promise<RegionTrace> {
  return (await receiverTrace(await receiverContext(), { id })).document as RegionTrace;
}

const linesOf = (name: string): number =>
  String(name === 'm-software.csv' ? software : (exports[name] ?? ''))
    .trimEnd()
    .split('\n').length;

describe('where a line is', () => {
  it('the exports became what the story says', async () => {
    const states = Object.fromEntries(
      await Promise.all(
        [...Object.keys(exports), 'm-software.csv'].map(async (name) => {
          const { export: found } = await traced(name);
          return [
            name.slice(0, 1),
            found.error === null ? found.state : `${found.state} ${found.error.code}`,
          ];
        }),
      ),
    ) as Record<string, string>;
    expect(states).toMatchObject({
      ...{ a: 'forwarded', b: 'forwarded', e: 'forwarded', f: 'duplicate', g: 'held removals' },
      ...{
        h: 'forwarded',
        i: 'held rekeying',
        j: 'rejected facility-not-allowed',
        k: 'forwarded',
        l: 'forwarded',
        m: 'forwarded',
      },
    });
    expect([states['c'], states['d']].every((state) => state?.startsWith('rejected'))).toBe(true);
  });

  it.each([...Object.keys(exports), 'm-software.csv'])(
    'every line of %s leads to its record, its envelope, its receipts, and the dispatch of its day or why there is none',
    async (name) => {
      let records = 0;
      for (let line = 1; line <= linesOf(name); line += 1) {
        const found = await traced(`${name}:${line}`);
        const { record, export: of, dispatches } = found;
        expect(of.file).toBe(name);
        expect(found.fileGone).toBe(false);
        if (record !== null) {
          records += 1;
          expect(record.line).toBeLessThanOrEqual(line);
          if (record.rejectedBy !== null) continue;
          expect(String(record.key)).toMatch(name === 'j-not-allowed.xml' ? /^null$/ : /^[0-9a-f]{32}$/);
        }
        if (of.state === 'rejected' || of.state === 'duplicate') {
          // Refused by the region: it was sent. Else it never left.
          const sent = name === 'j-not-allowed.xml' ? ['rejected'] : [];
          expect(found.envelopes).toHaveLength(sent.length);
          expect(found.receipts.map(({ kind }) => kind)).toEqual(sent);
          expect(of.error !== null || of.original !== null).toBe(true);
          continue;
        }
        expect(found.envelopes).not.toEqual([]);
        expect(found.receipts.map(({ kind }) => kind)).toContain('processed');
        if (of.error?.code === 'rekeying') expect(dispatches).toEqual([]);
        else {
          expect(dispatches).not.toEqual([]);
          for (const { name: file, delivery, from, to } of dispatches) {
            expect(delivery).toBe('forwarded');
            const folders = ['oscour', 'beds'].map((each) => readdirSync(join(folder('out'), each)));
            expect(folders.flat()).toContain(file);
            if (record?.day !== null && record?.day !== undefined)
              expect(from <= record.day && record.day <= to).toBe(true);
          }
        }
      }
      expect(records > 0).toBe(name !== 'd-doctype.xml');
    },
  );

  it('tells a person in words and local time what it tells programs in codes and ISO', async () => {
    const said = async (language: 'fr' | 'en'): Promise<string> =>
      (await onCommandLine(['trace', 'a-first.xml:12', '--config', agent.configFile], { language })).out;
    const [french, english] = [await said('fr'), await said('en')];
    expect(french).toMatch(/^Pli .+ : reçu par la région le \d\d\/\d\d\/\d{4} \d\d:\d\d$/m);
    expect(french).toMatch(/^À la région : [1-9]\d* ajouté\(s\), 0 corrigé/m);
    expect(french).toMatch(/^Reçu « traité » du \d\d\/\d\d\/\d{4}/m);
    expect(french).toMatch(/^Envoi \S+ vers oscour, du \S+ au \S+ : transmis le \d\d\/\d\d\/\d{4}/m);
    expect(english).toMatch(/^Envelope .+: received by the region on \d{4}-\d\d-\d\d \d\d:\d\d$/m);
    expect(english).toMatch(/^At the region: [1-9]\d* added/m);
    for (const text of [french, english]) expect(text).not.toMatch(/T\d\d:\d\d|accepted|\{/);
  });

  it('a rejected record is found with the rule that rejected it', async () => {
    const text = String(exports['b-rejected-record.xml']).split('\n');
    const line = text.findIndex((each) => each.includes(canaries.unreadable)) + 1;
    expect((await traced(`b-rejected-record.xml:${line}`)).record?.rejectedBy).toMatch(/^[a-z-]+$/);
  });

  it('an envelope, an export and the start of a key lead there on both sides', async () => {
    for (const name of ['a-first.xml', 'k-visits.csv', 'm-software.csv', 'l-beds.csv']) {
      const line = name.endsWith('.csv')
        ? 2
        : String(exports[name])
            .split('\n')
            .findIndex((each) => each === '<PATIENT>') + 1;
      const { export: of, record, envelopes } = await traced(`${name}:${line}`);
      const envelope = envelopes[0]?.id ?? '';
      const prefix = record?.key?.slice(0, 12) ?? '';
      expect((await traced(envelope)).export.id).toBe(of.id);
      expect((await traced(of.id)).envelopes.map(({ id }) => id)).toContain(envelope);
      expect((await traced(prefix)).record?.key).toBe(record?.key);

      expect(await tracedByRegion(envelope)).toMatchObject({
        exports: [{ id: of.id }],
        envelopes: [{ id: envelope }],
      });
      expect((await tracedByRegion(of.id)).dispatches).not.toEqual([]);
      const held = await tracedByRegion(prefix);
      expect(held.records).toMatchObject([
        { key: record?.key, record: record?.record, line: record?.line, day: record?.day },
      ]);
      expect(held.dispatches).not.toEqual([]);
    }
  });
});

/** Files under a folder whose bytes hold one of the texts, in any encoding an export may have. */
function holding(root: string, texts: readonly string[]): string[] {
  const needles = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile())
    .filter((path) => {
      const content = readFileSync(path);
      return needles.some((needle) => content.includes(needle)) || path.includes('CANARI');
    })
    .map((path) => relative(base, path));
}

describe('a patient’s values', () => {
  const all = Object.values(canaries);

  it('rest nowhere on the hospital’s disk but in its own exports, nor in any log or temporary folder', () => {
    // The write-ahead logs are looked at while they are still there.
    const log = peek(agentDatabase(), () => statSync(`${receiverDatabase()}-wal`).size);
    expect(log).toBeGreaterThan(0);
    const found = holding(base, all);
    const inRegion = relative(base, region.receiverState);
    const others = found.filter(
      (path) =>
        !/^in\/(archive\/[\d/]+|quarantine)\/[^/]+\.(xml|csv)$/.test(path) &&
        path !== 'software/m-software.csv' &&
        !path.startsWith('out/oscour/') &&
        ![`${inRegion}/receiver.db`, `${inRegion}/receiver.db-wal`].includes(path),
    );
    expect(others).toEqual([]);
    // They would have been seen: the exports, the quarantine, the store and the dispatches do hold them.
    for (const part of [
      'in/archive',
      'in/quarantine/c-cut.xml',
      'software',
      'out/oscour',
      `${inRegion}/receiver.db`,
    ])
      expect(found.some((path) => path.startsWith(part))).toBe(true);
    expect(readdirSync(folder('in/quarantine')).filter((name) => name.endsWith('.error.json'))).toHaveLength(
      2,
    );
  });

  it('that only the hospital knows, its visit numbers, never leave it', () => {
    expect(holding(base, [canaries.visitNumber])).toEqual(['software/m-software.csv']);
    const hashed = `select count(*) n from record where visit is not null and feed = 'ed-visits'`;
    expect(count(receiverDatabase(), hashed)).toBe(3);
  });

  it('are in no answer of a command, in no receipt and in no metric', async () => {
    const context = await receiverContext();
    const ids = peek(agentDatabase(), (db) =>
      db
        .prepare(`select id from exports union all select id from envelopes`)
        .all()
        .map((row) => (row as { id: string }).id),
    );
    const receipts = [
      [agentDatabase(), 'receipts'],
      [agentDatabase(), 'stored_receipts'],
      [receiverDatabase(), 'receipt'],
    ].map(([path, table]) =>
      JSON.stringify(peek(path ?? '', (db) => db.prepare(`select text from ${table ?? ''}`).all())),
    );
    const said = [
      metrics,
      ...receipts,
      (await ask(agent, 'status')).text,
      (await ask(agent, 'verify')).text,
      JSON.stringify(await receiverStatus(context)),
      JSON.stringify(await receiverVerify(context)),
    ];
    for (const id of ids) {
      said.push((await ask(agent, ['trace', id])).text);
      said.push(
        JSON.stringify(await receiverTrace(context, { id }).catch((error: unknown) => String(error))),
      );
    }
    const keys = peek(receiverDatabase(), (db) => db.prepare('select hex(key) key from record').all()) as {
      key: string;
    }[];
    for (const { key } of keys)
      said.push(JSON.stringify(await receiverTrace(context, { id: key.toLowerCase() })));
    expect(said.length).toBeGreaterThan(60);
    expect(all.filter((text) => said.some((each) => each.includes(text)))).toEqual([]);
    expect(await ask(agent, 'verify')).toMatchObject({ code: 0 });
  });
});
