import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { agencyHolds, ask, count } from '../fault/live.ts';
import { onCommandLine } from '../support/command-line.ts';
import { finess } from '../support/rpu-text.ts';

/**
 * The emergency department's software knows the care, the hospital's administration the person: two exports, one visit.
 * Whichever comes first, corrected or not, the agency ends up with every visit once and whole.
 */
const mapping = `version: 1
name: deux-moities
feed: ed-visits
format: { type: csv, delimiter: "|", quote: none, requires: [NUM, SITE, ENTREE] }
join:
  name: adm
  format: { type: csv, delimiter: ",", requires: [PASSAGE, NE_LE] }
  key:
    main: [{ from: NUM, do: [removeLeadingZeros] }]
    joined: [{ from: PASSAGE, do: [removeLeadingZeros] }]
tables:
  sexe: { "1": M, "2": F }
fields:
  facility: SITE
  arrivedAt: ENTREE
  severity: CCMU
  principalDiagnosis: DP
  birthDate: { from: adm.NE_LE, date: [yyyyMMdd] }
  sex: { from: adm.SX, table: sexe }
  postalCode: adm.CP
  departedAt: adm.SORTIE
ignore: [LIBELLE, adm.NOM]
`;

interface Visit {
  readonly n: number;
  readonly dp?: string;
  readonly exit?: string;
}

const main = (site: string, visits: readonly Visit[]): string =>
  [
    'NUM|SITE|ENTREE|CCMU|DP|LIBELLE',
    ...visits.map(
      ({ n, dp }) => `000${n}|${site}|11/01/2026 09:${String(n % 100)}|2|${dp ?? 'J189'}|il a dit "aïe`,
    ),
    '',
  ].join('\r\n');
const joined = (visits: readonly Visit[]): string =>
  [
    'PASSAGE,NE_LE,SX,CP,SORTIE,NOM',
    ...visits.map(({ n, exit }) => `${n},19510214,2,67999,${exit ?? '11/01/2026 18:00'},"CANARI\r\nNOM"`),
    '',
  ].join('\n');

const stories = [
  'main first',
  'joined first',
  'one round',
  'corrected main',
  'corrected joined',
  'alone',
  'stopped',
] as const;
type Story = (typeof stories)[number];
const siteOf = (story: Story): string => finess(900 + stories.indexOf(story));
const visitsOf = (story: Story): readonly Visit[] =>
  [10, 11, 12].map((n) => ({ n: (stories.indexOf(story) + 1) * 100 + n }));

let base: string;
let region: Region;
let agent: Agent;
let receiver: Child;

/** Drops files and takes all that is there in one run; answers the state of each by its name. */
async function round(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  for (const [path, content] of Object.entries(files)) writeFileSync(join(base, path), content);
  const { out } = await onCommandLine(['run', '--once', '--json', '--config', agent.configFile], {
    language: 'en',
  });
  const { exports } = JSON.parse(out) as { exports: readonly { file: string; state: string }[] };
  return Object.fromEntries(exports.map(({ file, state }) => [file, state]));
}

/** The agent's service dies just before it commits the export; a run then takes it again. */
async function stoppedOver(path: string, content: string): Promise<void> {
  writeFileSync(join(base, path), content);
  const dying = agent.start('before-commit');
  expect((await dying.ended).code).not.toBe(0);
  await round({});
}

const holds = (story: Story): readonly string[] => agencyHolds(join(base, 'out', 'oscour'), siteOf(story));
const whole = (story: Story, dp = 'J189', exit = '11/01/2026 18:00'): readonly string[] =>
  visitsOf(story).map(({ n }) => `11/01/2026 09:${String(n % 100)}|14/02/1951|F|67999||${dp}|${exit}`);

const states: Readonly<Record<string, string>>[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-join-'));
  for (const name of ['soins', 'admin']) mkdirSync(join(base, name));
  region = await createRegion({ keep: false, outFolder: join(base, 'out') });
  await region.addFacilities(stories.map((story) => ({ finess: siteOf(story), name: story })));
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'moities', facilities: stories.map(siteOf), sourceFolder: join(base, 'soins') },
    ...{ ready: 'now', after: 'archive' },
  });
  writeFileSync(join(base, 'moities.yaml'), mapping);
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const [source] = config.sources;
  const mappings = [join(base, 'moities.yaml')];
  const sources = [
    { ...source, name: 'soins', mappings },
    { ...source, name: 'admin', folder: join(base, 'admin'), joins: 'soins', mappings },
  ];
  writeFileSync(agent.configFile, JSON.stringify({ ...config, sources }));

  const [a, b, c, d, e, f] = stories.map((story) => ({ site: siteOf(story), visits: visitsOf(story) }));
  if (!a || !b || !c || !d || !e || !f) throw new Error('a story is missing');
  states.push(
    await round({
      'soins/a.csv': main(a.site, a.visits),
      'admin/b.csv': joined(b.visits),
      'soins/c.csv': main(c.site, c.visits),
      'admin/c-adm.csv': joined(c.visits),
      'soins/d.csv': main(d.site, d.visits),
      'soins/e.csv': main(e.site, e.visits),
      'soins/f.csv': main(f.site, f.visits),
    }),
    await round({
      'admin/a-adm.csv': joined(a.visits),
      'soins/b-main.csv': main(b.site, b.visits),
      'admin/d-adm.csv': joined(d.visits),
      'admin/e-adm.csv': joined(e.visits),
    }),
    await round({
      'soins/d-corrected.csv': main(
        d.site,
        d.visits.map((visit) => ({ ...visit, dp: 'J180' })),
      ),
      'admin/e-corrected.csv': joined(e.visits.map((visit) => ({ ...visit, exit: '11/01/2026 20:30' }))),
    }),
  );
  const stopped = visitsOf('stopped');
  await stoppedOver('soins/g.csv', main(siteOf('stopped'), stopped));
  await stoppedOver('admin/g-adm.csv', joined(stopped));
}, 120_000);

afterAll(async () => {
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

describe('two exports that complete each other', () => {
  it('make every visit whole and leave none twice, whichever came first', () => {
    for (const story of ['main first', 'joined first', 'one round'] as const)
      expect([story, holds(story)]).toEqual([story, whole(story)]);
  });

  it('are put together anew when either is corrected', () => {
    expect(holds('corrected main')).toEqual(whole('corrected main', 'J180'));
    expect(holds('corrected joined')).toEqual(whole('corrected joined', 'J189', '11/01/2026 20:30'));
  });

  it('are whole and there once after a stop between reading and commit, of either', () => {
    expect(holds('stopped')).toEqual(whole('stopped'));
  });

  it('do not wait: what is known of a visit goes at once', () => {
    expect(holds('alone')).toEqual(
      visitsOf('alone').map(({ n }) => `11/01/2026 09:${String(n % 100)}|||||J189|`),
    );
  });

  it('all come to an end, the one that had nothing to complete without an envelope', () => {
    expect(states[0]).toMatchObject({ 'a.csv': 'forwarded', 'b.csv': 'processed', 'c-adm.csv': 'forwarded' });
    expect(states.flatMap((round) => Object.values(round)).filter((state) => state === 'rejected')).toEqual(
      [],
    );
    expect(
      count(
        join(agent.stateFolder, 'agent.db'),
        `select count(*) n from envelopes e join exports x on x.id = e.export where x.name = 'b.csv'`,
      ),
    ).toBe(0);
  });

  it('are traced from a line of either to the visit they make and its dispatch', async () => {
    const trace = async (what: string) =>
      (await ask(agent, ['trace', what])).document as unknown as {
        readonly record: { readonly record: number; readonly key: string } | null;
        readonly dispatches: readonly unknown[];
      };
    const [care, admin, waiting] = [
      await trace('a.csv:3'),
      await trace('a-adm.csv:5'),
      await trace('b.csv:2'),
    ];
    expect([care.record?.record, admin.record?.record, waiting.record?.record]).toEqual([2, 2, 1]);
    expect(care.record?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(admin.record?.key).toBe(care.record?.key);
    for (const found of [care, admin]) expect(found.dispatches.length).toBeGreaterThan(0);
  });

  it('leave ledgers that hold at both ends', async () => {
    expect((await ask(agent, 'verify')).code).toBe(0);
    expect((await region.verify()).code).toBe(0);
  });

  it('leave no half in clear on the hospital’s disk', () => {
    const stored = ['agent.db', 'agent.db-wal'].flatMap((name) => {
      try {
        return [readFileSync(join(agent.stateFolder, name)).toString('latin1')];
      } catch {
        return [];
      }
    });
    expect(count(join(agent.stateFolder, 'agent.db'), 'select count(*) n from join_rows')).toBe(39);
    for (const value of ['CANARI', '19510214', '67999', '14/02/1951'])
      expect(stored.filter((text) => text.includes(value))).toEqual([]);
  });
});
