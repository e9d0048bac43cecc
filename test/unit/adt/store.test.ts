import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleVisit } from '../../../agent/adt/assemble.ts';
import { createMovementStore, keptDays, type MovementStore } from '../../../agent/adt/movement-store.ts';
import { eventSql, patientSql, refusalSql, visitSql } from '../../../agent/adt/movement-queries.ts';
import { readAdtText } from '../../../agent/adt/read-adt.ts';
import { createVault } from '../../../agent/assembly/vault.ts';
import { openAgentDatabase, type AgentDatabase } from '../../../agent/outbox/database.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { generatePam } from '../../support/pam-generator.ts';
import { pamText, type PamParts } from '../../support/pam-text.ts';
import { fakeClock, startAt, type FakeClock } from '../agent/support.ts';

const dayMs = 86_400_000;
const source = 'wire';
let folder: string;
let database: AgentDatabase;
let clock: FakeClock;
let store: MovementStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adt-store-'));
  database = openAgentDatabase(join(folder, 'agent.db'));
  clock = fakeClock();
  store = createMovementStore({ database, clock, vault: createVault(Buffer.alloc(32, 7), systemRandom) });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const person = { name: 'TEST-NOM', birth: '19510214', sex: 'F', postalCode: '67000', commune: 'VILLE-TEST' };
const registration = (change: Partial<PamParts> = {}): PamParts => ({
  ...{ trigger: 'A04', controlId: '1', spokenAt: startAt - 3_600_000, patient: 'IPP1', person },
  visit: { id: 'IEP1', patientClass: 'E', arrivalMode: '7' },
  zbe: { id: 'M1', at: startAt - 3_600_000, action: 'INSERT' },
  ...change,
});
const take = (...texts: readonly string[]): void =>
  store.put(texts.map((text) => ({ source, text, event: readAdtText(text).event })));
const changed = () => store.changed(source, 0, 100);
const told = () => changed().map((visit) => assembleVisit(store, source, visit, clock.now()));
const settleAll = (exportId = 'e1'): void =>
  database.transaction(() =>
    store.settle(
      source,
      told().map(({ settled }) => settled),
      exportId,
    ),
  );

describe('messages', () => {
  it('taken again, with whatever line ends, change nothing', () => {
    take(pamText(registration()));
    settleAll();
    take(
      pamText(registration()),
      pamText(registration(), { end: '\r\n', charset: 'UNICODE UTF-8', version: '2.5^FRA^2.11' }),
    );
    expect(store.hasChanged(source)).toBe(false);
    expect(store.movements(1)).toHaveLength(1);
    take(pamText(registration({ controlId: '2' })));
    expect(store.hasChanged(source)).toBe(true);
  });

  it('of one visit make its row, whatever its patient has become', () => {
    take(
      pamText(registration()),
      pamText({
        trigger: 'A40',
        controlId: '2',
        spokenAt: startAt,
        patient: 'IPP2',
        formerPatient: 'IPP1',
        person,
      }),
      pamText({
        ...{ trigger: 'A31', controlId: '3', spokenAt: startAt + 1000, patient: 'IPP2' },
        person: { ...person, postalCode: '67300' },
      }),
    );
    const [one] = told();
    expect(one?.row?.slice(0, 4)).toEqual(['IEP1', '21/01/2026 11:00', '', '']);
    expect(one?.row).toContain('67300');
    expect(one?.settled).toMatchObject({ sent: 'record', present: true, ward: null });
  });

  it('about a patient change every visit of those merged into that patient', () => {
    take(pamText(registration()));
    take(
      pamText({
        trigger: 'A40',
        controlId: '2',
        spokenAt: startAt,
        patient: 'IPP2',
        formerPatient: 'IPP1',
        person,
      }),
    );
    take(
      pamText({
        trigger: 'A40',
        controlId: '3',
        spokenAt: startAt,
        patient: 'IPP3',
        formerPatient: 'IPP2',
        person,
      }),
    );
    settleAll();
    const moved = { ...person, commune: 'AUTRE-VILLE' };
    take(
      pamText({ trigger: 'A31', controlId: '4', spokenAt: startAt + 5000, patient: 'IPP3', person: moved }),
    );
    expect(told()[0]?.row).toContain('AUTRE-VILLE');
    settleAll();
    take(
      pamText({ trigger: 'A31', controlId: '4', spokenAt: startAt + 5000, patient: 'IPP3', person: moved }),
    );
    expect(store.hasChanged(source)).toBe(false);
  });

  it('that are refused are kept, the newest thousand, and counted', () => {
    const refused = Array.from({ length: 1003 }, (_, n) =>
      pamText(registration({ controlId: `r${n}` })).replace('|INSERT|', '||'),
    );
    take(pamText(registration()), ...refused);
    expect(store.counts(source)).toMatchObject({
      taken: 1,
      refused: 1003,
      lastRefused: { segment: 'ZBE', field: 4 },
    });
    expect(database.get<{ n: number }>('select count(*) n from adt_refused')?.n).toBe(1000);
    expect(store.counts('other')).toEqual({ taken: 0, refused: 0, lastAt: null, lastRefused: null });
  });

  it('leave nothing of a patient in clear, in the database or its log', () => {
    const { messages } = generatePam(5, { patients: 5, steps: 60 });
    take(...messages.map(({ text }) => text), pamText(registration()).replace('|INSERT|', '||'));
    settleAll();
    const bytes = Buffer.concat(['agent.db', 'agent.db-wal'].map((name) => readFileSync(join(folder, name))));
    const values = messages.flatMap(({ parts }) => [
      parts.patient,
      parts.person.commune,
      parts.visit?.id ?? '',
      parts.person.birth,
    ]);
    const clear = [...new Set([...values, 'IEP1', 'IPP1', 'VILLE-TEST'])].filter(
      (value) => value.length > 4 && bytes.includes(value),
    );
    expect(clear).toEqual([]);
    expect(bytes.includes('adt_events')).toBe(true);
  });
});

describe('what is told', () => {
  it('stays to be told when the visit changed meanwhile', () => {
    take(pamText(registration()));
    const before = told().map(({ settled }) => settled);
    take(
      pamText(
        registration({ trigger: 'A03', controlId: '2', zbe: { id: 'M2', at: startAt, action: 'INSERT' } }),
      ),
    );
    store.settle(source, before, 'e1');
    expect(changed()).toMatchObject([{ sent: 'record' }]);
    settleAll('e2');
    expect(changed()).toEqual([]);
  });

  it('is withdrawn when it never was, once, and never when it was never told', () => {
    const cancel = registration({
      trigger: 'A11',
      controlId: '2',
      spokenAt: startAt,
      zbe: { id: 'M1', at: startAt - 3_600_000, action: 'CANCEL', origin: 'A04' },
    });
    take(pamText(registration()), pamText(cancel));
    expect(told()).toMatchObject([{ withdrawn: false, row: null, settled: { sent: null } }]);
    settleAll();
    take(
      pamText(
        registration({
          controlId: '3',
          visit: { id: 'IEP2', patientClass: 'E' },
          zbe: { id: 'M9', at: startAt, action: 'INSERT' },
        }),
      ),
    );
    settleAll('e2');
    take(
      pamText({
        ...cancel,
        controlId: '4',
        visit: { id: 'IEP2', patientClass: 'E' },
        zbe: { id: 'M9', at: startAt, action: 'CANCEL', origin: 'A04' },
      }),
    );
    expect(told()).toMatchObject([{ withdrawn: true, visit: 'IEP2', settled: { sent: 'withdrawn' } }]);
    settleAll('e3');
    store.tellAgain('e2');
    expect(changed()).toEqual([]);
    store.tellAgain('e3');
    expect(told()).toMatchObject([{ withdrawn: true }]);
  });

  it('changes when a movement announced for later comes true', () => {
    const later = startAt + 2 * 3_600_000;
    const admission = registration({
      trigger: 'A01',
      controlId: '2',
      visit: { id: 'IEP1', patientClass: 'I', ward: '3305', bed: '1' },
      zbe: { id: 'M2', at: later, action: 'INSERT' },
    });
    take(pamText(registration()), pamText(admission));
    settleAll();
    expect(store.occupied(source, ['3305']).get('3305')).toBe(0);
    store.wake(clock.now());
    expect(changed()).toEqual([]);
    clock.pass(2 * 3_600_000 + 900_000);
    store.wake(clock.now());
    settleAll('e2');
    expect(store.occupied(source, ['3305', '9999'])).toEqual(
      new Map([
        ['3305', 1],
        ['9999', 0],
      ]),
    );
    expect(store.occupied('other', ['3305']).get('3305')).toBe(0);
  });
});

describe('retention', () => {
  it('forgets visits that are over after sixty days, those whose end was never told much later, and none untold', () => {
    const of = (id: string, movement: string): Partial<PamParts> => ({
      controlId: movement,
      visit: { id, patientClass: 'E' },
      zbe: { id: movement, at: startAt - 60_000, action: 'INSERT' },
    });
    take(
      pamText(registration(of('OVER', 'M1'))),
      pamText(
        registration({
          ...of('OVER', 'M2'),
          trigger: 'A03',
          zbe: { id: 'M2', at: startAt, action: 'INSERT' },
        }),
      ),
      pamText(registration(of('OPEN', 'M3'))),
    );
    settleAll();
    take(pamText(registration(of('UNTOLD', 'M4'))));
    const left = (): number | undefined =>
      database.get<{ n: number }>('select count(*) n from adt_visits')?.n;
    clock.pass((keptDays - 1) * dayMs);
    expect(store.purge(clock.now())).toBe(0);
    clock.pass(2 * dayMs);
    expect(store.purge(clock.now())).toBe(1);
    expect(left()).toBe(2);
    expect(database.get<{ n: number }>('select count(*) n from adt_events')?.n).toBe(2);
    clock.pass(400 * dayMs);
    expect(store.purge(clock.now())).toBe(1);
    expect(left()).toBe(1);
  });
});

describe('a store of many visits', () => {
  it.each([
    [visitSql.changed, 'adt_visits_changed'],
    [visitSql.anyChanged, 'adt_visits_changed'],
    [visitSql.wake, 'adt_visits_due'],
    [visitSql.again, 'adt_visits_export'],
    [visitSql.occupied, 'adt_visits_ward'],
    [visitSql.purgeable, 'adt_visits_touched'],
    [eventSql.ofVisit, 'PRIMARY KEY'],
    [patientSql.mergedInto, 'PRIMARY KEY'],
    [patientSql.formersOf, 'adt_merges_into'],
    [patientSql.purge, 'adt_patients_touched'],
    [refusalSql.last, 'adt_refused_of_source'],
  ])('answers %s by %s', (sql, index) => {
    const values = Array.from({ length: sql.split('?').length - 1 }, () => 1);
    const plan = database.db.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join('\n')).toContain(index);
    expect(plan.some(({ detail }) => detail.startsWith('SCAN'))).toBe(false);
  });
});
