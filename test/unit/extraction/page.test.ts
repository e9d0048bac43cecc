import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../../receiver/accounts/profile.ts';
import type { Store } from '../../../receiver/store/store.ts';
import { extractionRequest } from '../../../receiver/extraction/request.ts';
import { openExtractions } from '../../../receiver/extraction/open-extractions.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { instantOf } from '../../../shared/runtime/paris-time.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';
import { putAccount } from '../../support/portal/sign-in.ts';
import { quiet } from '../receiver/lab.ts';
import { day, visit } from '../retention/kit.ts';

const [own, other] = ['990000010', '990000028'] as const;
/** 2025-01-03 to 2025-01-05; the lab's clock stands two weeks later. */
const days = [1, 2, 3] as const;
const startAt = instantOf(day(14), 0).at;
const purpose = 'Étude des passages de janvier';

let lab: PortalLab;
let administrator: Viewer;
let hospital: Viewer;
beforeEach(async () => {
  lab = await createPortalLab({
    startAt,
    prepare: async (store) => {
      await store.transaction(async (tx) => {
        for (const facility of [own, other]) {
          const name = facility === own ? 'CH du Nord' : 'CH du Sud';
          await tx.facilities.put({ finess: facility, name, key: systemRandom.bytes(32), addedAt: startAt });
          const scope = { facility, feed: 'ed-visits', part: '0' };
          await tx.agents.put({
            id: `a-${facility}`,
            name: 'A',
            status: 'active',
            facilities: [facility],
            createdAt: 1,
          });
          await tx.records.putPart({ ...scope, agent: `a-${facility}`, source: 'main' });
          for (const n of days) {
            const records = [0, 1, 2, 3].map((at) => {
              const key = Buffer.from(hash('sha256', `${facility} ${n} ${at}`, 'hex').slice(0, 32), 'hex');
              const body = visit(at, n, {
                ...{ facility, visitId: 'SECRETID', reason: 'SECRETMOTIF', extensions: { X: 'SECRETEXT' } },
                ...{ principalDiagnosis: at === 0 ? 'J210' : 'S525', postalCode: '67000' },
              });
              return {
                ...{
                  day: day(n),
                  key,
                  rank: 0,
                  visit: null,
                  hash: key,
                  at: instantOf(day(n), 0).at,
                  extract: 1,
                },
                ...{ reception: 1, export: 'e', line: 1, record: at, body },
              };
            });
            await tx.records.insert(scope, records);
            await tx.records.putDay(scope, {
              day: day(n),
              count: records.length,
              mark: null,
              sum: [0, 0, 0, 0],
            });
          }
        }
      });
    },
  });
  const operator = await putAccount(lab.store, {
    login: 'odile',
    profile: 'regional-operator',
    administrator: true,
  });
  const local = await putAccount(lab.store, { login: 'hugo', profile: 'hospital-admin', facilities: [own] });
  administrator = viewerAs('regional-operator', { administrator: true, account: operator.id });
  hospital = viewerAs('hospital-admin', { account: local.id, facilities: new Set([own]) });
});
afterEach(() => lab.close());

const rowsOf = (
  change: Readonly<Record<string, string>> = {},
): Record<string, string | readonly string[]> => ({
  ...{
    contenu: 'lignes',
    du: '2025-01-03',
    au: '2025-01-05',
    champ: ['facility', 'arrival_day', 'principal_diagnosis'],
  },
  ...{ forme: 'csv', ...change },
});
const address = (fields: Readonly<Record<string, string | readonly string[]>>): string =>
  `/extractions/nouvelle?${new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    ),
  ).toString()}`;

async function make(): Promise<void> {
  const { store, clock, config } = lab;
  const { step } = openExtractions({ config, store, clock, random: systemRandom, logger: quiet });
  while (await step(new AbortController().signal));
}

async function asked(viewer: Viewer, fields = rowsOf()): Promise<string> {
  const { status, location = '' } = await lab.post('/extractions/nouvelle', viewer, {
    ...fields,
    objet: purpose,
  });
  expect(status).toBe(303);
  return location;
}

describe('asking on a page', () => {
  it('says what the file will hold before anything is asked for', async () => {
    const { status, text } = await lab.get(address(rowsOf()), hospital);
    expect(status).toBe(200);
    expect(text).toContain('Voici ce que le fichier contiendra');
    expect(text).toContain('Des lignes de 3 jours d’établissement, 3 colonnes.');
    expect(text).toContain('Demander ce fichier');
    // Every day of every facility would have to be judged for it.
    expect(text).not.toContain('Jours d’établissement');
    expect(await lab.store.read((tx) => tx.extractions.list(undefined, 10))).toEqual([]);
    expect(lab.changes()).toBe(0);
  });

  it('then keeps it, makes it, and gives the file to whoever asked', async () => {
    const place = await asked(hospital);
    expect(lab.changes()).toBe(1);
    expect((await lab.get(place, hospital)).text).toContain('attend son tour');
    await make();
    const page = await lab.get(place, hospital);
    expect(page.text).toContain('12 lignes sont prêtes');
    expect(page.text).toContain(purpose);
    expect(page.text).toContain('Jours d’établissement');
    const file = await lab.get(`${place}/fichier`, hospital);
    expect(file.status).toBe(200);
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': String(Buffer.byteLength(file.text)),
      'cache-control': 'no-store',
    });
    expect(file.text.split('\r\n')).toHaveLength(14);
    expect(file.text).toContain('990000010;2025-01-04;J210');
    expect(file.text).not.toMatch(/SECRET|990000028/);
    const line = await lab.store.read((tx) => tx.audit.find({ action: 'extraction.fetched' }, 1e9, 1));
    expect(line).toMatchObject([{ actorId: hospital.account }]);
  });

  it('filters: only what was asked comes', async () => {
    const place = await asked(administrator, rowsOf({ codes: 'J21', etablissement: own }));
    await make();
    const { text } = await lab.get(`${place}/fichier`, administrator);
    expect(text.trim().split('\r\n').slice(1)).toEqual([
      ...['990000010;2025-01-03;J210', '990000010;2025-01-04;J210', '990000010;2025-01-05;J210'],
    ]);
  });

  it.each([
    ['no column', { champ: '' }, 'Colonnes'],
    ['a day that is none', { du: '2025-02-30' }, 'Du'],
    ['an end before the beginning', { au: '2025-01-01' }, 'une fin après le début'],
    ['an age in words', { age_de: 'vieux' }, 'Âge, à partir de'],
    ['a form of its own', { forme: 'exe' }, 'Forme'],
    ['a facility that is none', { etablissement: '"><script>' }, 'Établissements'],
    ['a column outside the profile', { champ: 'birth_date' }, 'birth_date'],
    ['a facility out of reach', { etablissement: '990000036' }, '990000036'],
    ['codes that are none', { codes: '????' }, '????'],
  ])('%s: said, nothing asked for, what was chosen is kept', async (_name, change, said) => {
    const fields = rowsOf(change);
    for (const { status, text } of [
      await lab.get(address(fields), administrator),
      await lab.post('/extractions/nouvelle', administrator, { ...fields, objet: purpose }),
    ]) {
      expect(status).toBe(422);
      expect(text).toContain('role="alert"');
      expect(text.slice(text.indexOf('role="alert"'), text.indexOf('</strong>'))).toContain(said);
      expect(text).not.toContain('<script>');
      if (!('du' in change)) expect(text).toContain('value="2025-01-03"');
    }
    expect(await lab.store.read((tx) => tx.extractions.list(undefined, 10))).toEqual([]);
  });

  it('without a purpose asks for one, and keeps the rest', async () => {
    const { status, text } = await lab.post('/extractions/nouvelle', hospital, {
      ...rowsOf(),
      objet: 'court',
    });
    expect(status).toBe(422);
    expect(text).toContain('Pour quoi faire');
    expect(text).toContain('>\ncourt</textarea>');
    expect(text).toContain('name="champ" value="principal_diagnosis"');
  });

  it('is refused from elsewhere, and for rows to whoever may have none', async () => {
    expect((await lab.postForged('/extractions/nouvelle', hospital, 'other')).status).toBe(403);
    for (const profile of ['read-only', 'auditor', 'health-professional', 'regional-operator'] as const) {
      const viewer = viewerAs(profile);
      expect((await lab.get(address(rowsOf()), viewer)).status).toBe(404);
      expect((await lab.post('/extractions/nouvelle', viewer, { ...rowsOf(), objet: purpose })).status).toBe(
        404,
      );
      const { status, text } = await lab.get('/extractions', viewer);
      expect(status).toBe(200);
      expect(text).not.toContain('contenu=lignes');
      expect(text).toContain('contenu=comptages');
    }
  });

  it('a fourth that waits is too many', async () => {
    for (let n = 0; n < 3; n += 1) await asked(hospital);
    const { status, text } = await lab.post('/extractions/nouvelle', hospital, {
      ...rowsOf(),
      objet: purpose,
    });
    expect(status).toBe(422);
    expect(text).toContain('3 extractions attendent déjà');
  });
});

describe('somebody else’s', () => {
  it('is on no page, and its file comes to nobody', async () => {
    const place = await asked(hospital);
    await make();
    const stranger = viewerAs('hospital-admin', { account: 'other', facilities: new Set([own]) });
    for (const path of [place, `${place}/fichier`, '/extractions/x', '/extractions/%00/fichier'])
      expect([path, (await lab.get(path, stranger)).status]).toEqual([path, 404]);
    expect((await lab.post(`${place}/annuler`, stranger)).status).toBe(404);
    expect((await lab.get('/extractions', stranger)).text).not.toContain(purpose);
    expect((await lab.get(`${place}/fichier`, administrator)).status).toBe(404);
    const seen = await lab.get('/extractions', administrator);
    expect(seen.text).toContain(purpose);
    expect(seen.text).not.toContain(`${place}/fichier`);
  });
});

it('judges the days of its facilities where the file is written, and not where it is asked for', async () => {
  const { clock, config } = lab;
  let judged = 0;
  const store: Store = {
    ...lab.store,
    read: (work) =>
      lab.store.read((tx) =>
        work({
          ...tx,
          watch: {
            ...tx.watch,
            statesOf: (...of) => {
              judged += 1;
              return tx.watch.statesOf(...of);
            },
          },
        }),
      ),
  };
  const { desk, step } = openExtractions({ config, store, clock, random: systemRandom, logger: quiet });
  const actor = { kind: 'account', id: hospital.account, name: 'Hugo' } as const;
  const content = { kind: 'rows', fields: ['sex'] };
  await desk.ask(
    { profile: 'hospital-admin', administrator: false, facilities: new Set([own]), actor },
    extractionRequest.parse({ from: '2025-01-03', to: '2025-01-05', purpose, content }),
  );
  expect(judged).toBe(0);
  await step(new AbortController().signal);
  expect(judged).toBe(1);
});

it('asked for by a token, says so', async () => {
  const { store, clock, config } = lab;
  const { desk } = openExtractions({ config, store, clock, random: systemRandom, logger: quiet });
  const actor = { kind: 'system', id: '01890000-0000-7000-8000-000000000001', name: 'Odile' } as const;
  const content = { kind: 'aggregates', split: 'age', by: 'week', places: 'region' };
  const { id } = await desk.ask(
    { profile: 'auditor', administrator: false, facilities: 'all', actor },
    extractionRequest.parse({ from: '2024-11-04', to: '2024-12-29', purpose, content }),
  );
  for (const path of ['/extractions', `/extractions/${id}`])
    expect((await lab.get(path, administrator)).text).toContain('Le jeton «\u00a0Odile\u00a0»');
});

it('asked with HEAD whether its file is there, writes down no fetching', async () => {
  const place = await asked(hospital);
  await make();
  // Signs the hospital in.
  await lab.get(place, hospital);
  const fetched = async (): Promise<number | undefined> =>
    (await lab.store.read((tx) => tx.extractions.list(undefined, 1)))[0]?.fetched;
  for (const path of [place, `/en${place}`]) {
    expect((await lab.app.inject({ method: 'HEAD', url: path })).statusCode).toBe(200);
    expect((await lab.app.inject({ method: 'HEAD', url: `${path}/fichier` })).statusCode).toBe(404);
  }
  expect(await fetched()).toBe(0);
  expect((await lab.get(`${place}/fichier`, hospital)).status).toBe(200);
  expect(await fetched()).toBe(1);
});

it('cancelled on its page, it stays cancelled', async () => {
  const place = await asked(hospital);
  expect((await lab.post(`${place}/annuler`, hospital)).location).toBe(place);
  await make();
  expect((await lab.get(place, hospital)).text).toContain('a été annulée');
  expect((await lab.post(`${place}/annuler`, hospital)).status).toBe(422);
  expect((await lab.get(`${place}/fichier`, hospital)).status).toBe(422);
});

it('a region without the library for Parquet says which one to install', async () => {
  const { status, text } = await lab.post('/extractions/nouvelle', hospital, {
    ...{ ...rowsOf({ forme: 'parquet' }), objet: purpose },
  });
  // Where somebody installed it, it is simply asked for.
  if (status === 303) return;
  expect(status).toBe(422);
  expect(text).toContain('@duckdb/node-api');
});

it('counts: the page says what is hidden, and the file has no count that is small', async () => {
  const place = await asked(administrator, {
    ...{
      contenu: 'comptages',
      du: '2024-12-30',
      au: '2025-01-12',
      selon: 'age',
      par: 'semaine',
      pour: 'region',
    },
  });
  await make();
  const { text } = await lab.get(place, administrator);
  expect(text).toContain('À savoir avant de lire le fichier');
  const file = (await lab.get(`${place}/fichier`, administrator)).text;
  const cells = file.split(/[;\r\n]+/);
  for (const cell of cells) if (/^\d+$/.test(cell)) expect(Number(cell)).toBeGreaterThanOrEqual(5);
  expect(readdirSync(lab.config.retention.extractionFolder)).toHaveLength(1);
});
