import { crashPoint } from '../../shared/runtime/crash-point.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Vault } from '../assembly/vault.ts';
import type { AgentDatabase } from '../outbox/database.ts';
import type { AdtEvent, IdentityEvent, MovementEvent, PatientState, Refusal } from './event.ts';
import { applyIdentity, patientOf } from './identity.ts';
import { metaSql } from '../outbox/queries.ts';
import { countSql, eventSql, patientSql, refusalSql, visitSql } from './movement-queries.ts';

/** One message of a source, read. */
export interface Arrival {
  readonly source: string;
  /** The message itself: the same text is the same message, however often it comes. */
  readonly text: string;
  readonly event: AdtEvent | Refusal;
  /** It came in a file that is kept: refused, it is only counted. */
  readonly inFile?: true;
  /** It was refused when it came, and is no longer. */
  readonly afterAll?: true;
}

export interface ChangedVisit {
  readonly n: number;
  /** Grows with every message about the visit. */
  readonly version: number;
  /** What the region was last told of it. */
  readonly sent: 'no' | 'record' | 'withdrawn';
}

/** What was told, or found to need no telling, of a visit at a version. */
export interface SettledVisit {
  readonly n: number;
  readonly version: number;
  /** Null: nothing was told. */
  readonly sent: 'record' | 'withdrawn' | null;
  /** Nursing ward in which it keeps a bed. */
  readonly ward: string | null;
  /** It goes on: it is no candidate for the purge. */
  readonly present: boolean;
  /** When a movement announced for later comes true, epoch ms. */
  readonly dueAt: number | null;
}

export interface RefusedMessage {
  readonly at: number;
  readonly code: string;
  readonly segment: string;
  readonly field: number | null;
}

export interface AdtCounts {
  readonly taken: number;
  readonly refused: number;
  readonly lastAt: number | null;
  readonly lastRefused: RefusedMessage | null;
}

/**
 * What ADT messages have said, in agent.db, sealed under the machine's own key. Taking a message again changes nothing.
 * Synchronous, like the outbox: a visit is changed from the message's commit until the commit of the export that tells it.
 */
export interface MovementStore {
  /** One transaction, durable when it returns. */
  put(group: readonly Arrival[]): void;
  /** Visits with something untold, after the `n` given. */
  changed(source: string, after: number, limit: number): readonly ChangedVisit[];
  hasChanged(source: string): boolean;
  /** A visit by PV1-19. */
  visit(source: string, visit: string): ChangedVisit | undefined;
  /** In no order. Throws `vault-damaged`. */
  movements(visit: number): readonly MovementEvent[];
  /** What is known of a patient and of those merged with them, in no order. Throws `vault-damaged`. */
  patients(source: string, patient: string): readonly PatientState[];
  /** Inside the caller's transaction. `exportId` null: nothing of it travels. */
  settle(source: string, visits: readonly SettledVisit[], exportId: string | null): void;
  /** An export to be told again: its visits are changed. */
  tellAgain(exportId: string): void;
  /** Movements announced for later have come true. */
  wake(now: number): void;
  /** Beds kept, by ward, of the wards asked for. */
  occupied(source: string, wards: readonly string[]): ReadonlyMap<string, number>;
  /** Answers how many visits went; at most a page. */
  purge(now: number): number;
  counts(source: string): AdtCounts;
  /** The latest instant at which an export was composed, epoch ms; 0 = never. */
  composedAt(): number;
  /** Inside the caller's transaction. */
  noteComposed(at: number): void;
}

const dayMs = 86_400_000;
/** A visit that is over is forgotten this long after the last word about it. */
export const keptDays = 60;
/** One whose end was never told. */
const abandonedDays = 400;
const purgePage = 200;
const refusedKept = 1000;
const composedKey = 'adt-composed-at';
const mergesFollowed = 64;
/** Where refused messages rest in the vault. */
export const refusedPlace = 'adt_refused';
/** Instants at rest are no sharper than this. */
const dueStepMs = 900_000;

export function createMovementStore(deps: {
  readonly database: AgentDatabase;
  readonly vault: Vault;
  readonly clock: Clock;
}): MovementStore {
  const { database, vault, clock } = deps;
  const { run, get, all, transaction } = database;
  const indexOf = (what: 'visit' | 'patient' | 'ward', source: string, text: string): Buffer =>
    vault.index(`adt-${what}`, `${source}\0${text}`);
  const messageOf = (text: string): Buffer => vault.index('adt-message', plainText(text));
  const placeOf = (visit: number | bigint, message: Buffer): string =>
    `adt_events ${visit} ${message.toString('hex')}`;

  const takeMovement = (source: string, text: string, event: MovementEvent): void => {
    const visit = indexOf('visit', source, event.visit);
    const now = clock.now();
    run(visitSql.add, source, visit, now);
    const n = get<{ n: number }>(visitSql.find, source, visit)?.n ?? 0;
    const message = messageOf(text);
    const sealed = vault.seal(placeOf(n, message), JSON.stringify(event));
    if (run(eventSql.put, n, message, sealed).changes === 0) return;
    run(visitSql.touch, now, n);
    run(patientSql.link, source, indexOf('patient', source, event.patient), n);
  };

  const stateOf = (source: string, patient: Buffer): PatientState | undefined => {
    const row = get<{ sealed: Buffer }>(patientSql.get, source, patient);
    if (row === undefined) return undefined;
    return JSON.parse(vault.open(patientPlace(patient), row.sealed)) as PatientState;
  };

  /** The patient and, from merge to merge in one direction, others. */
  const follow = (sql: string, source: string, first: Buffer): readonly Buffer[] => {
    const found = new Map([[first.toString('hex'), first]]);
    for (const patient of found.values()) {
      if (found.size > mergesFollowed) break;
      for (const { patient: next } of all<{ patient: Buffer }>(sql, source, patient))
        found.set(next.toString('hex'), next);
    }
    return [...found.values()];
  };

  const takeIdentity = (source: string, event: IdentityEvent): void => {
    const patient = indexOf('patient', source, event.patient);
    const before = stateOf(source, patient) ?? patientOf(event.patient);
    const after = applyIdentity(before, event);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    run(
      patientSql.put,
      source,
      patient,
      vault.seal(patientPlace(patient), JSON.stringify(after)),
      clock.now(),
    );
    if (event.formerPatient !== null)
      run(patientSql.merge, source, indexOf('patient', source, event.formerPatient), patient);
    for (const one of follow(patientSql.formersOf, source, patient)) run(patientSql.touchVisits, source, one);
  };

  const refuse = (source: string, text: string, { code, segment, field }: Refusal): void => {
    const sealed = vault.seal(refusedPlace, text);
    run(refusalSql.put, source, clock.now(), code, segment, field, sealed);
    run(refusalSql.trim, source, source, refusedKept);
  };

  const take = ({ source, text, event, inFile, afterAll }: Arrival): void => {
    const refused = event.kind === 'refused';
    if (event.kind === 'movement') takeMovement(source, text, event);
    else if (event.kind === 'identity') takeIdentity(source, event);
    else if (event.kind === 'refused' && inFile !== true) refuse(source, text, event);
    if (afterAll === true) run(countSql.takenAfterAll, source);
    else run(countSql.add, source, refused ? 0 : 1, refused ? 1 : 0, clock.now());
  };

  return {
    put: (group) => {
      crashPoint('before-adt-commit');
      transaction(() => {
        for (const arrival of group) take(arrival);
      });
      crashPoint('after-adt-commit');
    },
    changed: (source, after, limit) => all<ChangedVisit>(visitSql.changed, source, after, limit),
    visit: (source, visit) => get<ChangedVisit>(visitSql.named, source, indexOf('visit', source, visit)),
    hasChanged: (source) => get(visitSql.anyChanged, source) !== undefined,
    movements: (visit) =>
      all<{ message: Buffer; sealed: Buffer }>(eventSql.ofVisit, visit).map(
        ({ message, sealed }) => JSON.parse(vault.open(placeOf(visit, message), sealed)) as MovementEvent,
      ),
    patients: (source, patient) =>
      follow(patientSql.mergedInto, source, indexOf('patient', source, patient)).flatMap(
        (one) => stateOf(source, one) ?? [],
      ),
    settle: (source, visits, exportId) => {
      for (const { n, version, sent, ward, present, dueAt } of visits) {
        const index = ward === null ? null : indexOf('ward', source, ward);
        const due = dueAt === null ? null : Math.ceil(dueAt / dueStepMs) * dueStepMs;
        run(visitSql.settle, version, sent, sent === null ? null : exportId, index, present ? 1 : 0, due, n);
      }
    },
    tellAgain: (exportId) => {
      run(visitSql.again, exportId);
    },
    wake: (now) => {
      run(visitSql.wake, now);
    },
    occupied: (source, wards) => {
      const rows = all<{ ward: Buffer; n: number }>(visitSql.occupied, source);
      const counts = new Map(rows.map(({ ward, n }) => [ward.toString('hex'), n]));
      return new Map(
        wards.map((ward) => [ward, counts.get(indexOf('ward', source, ward).toString('hex')) ?? 0]),
      );
    },
    purge: (now) =>
      transaction(() => {
        const before = now - keptDays * dayMs;
        const due = all<{ n: number }>(visitSql.purgeable, before, now - abandonedDays * dayMs, purgePage);
        for (const { n } of due) run(visitSql.purge, n);
        if (run(patientSql.purge, before, purgePage).changes > 0) run(patientSql.purgeMerges);
        return due.length;
      }),
    counts: (source) => adtCounts(database, source),
    composedAt: () => Number(get<{ value: string }>(metaSql.get, composedKey)?.value ?? 0),
    noteComposed: (at) => {
      run(metaSql.put, composedKey, String(at));
    },
  };
}

/** What came of a source's messages; needs no key, so that any command may tell. */
export function adtCounts({ get }: Pick<AgentDatabase, 'get'>, source: string): AdtCounts {
  const found = get<{ taken: number; refused: number; lastAt: number }>(countSql.get, source);
  const lastRefused = get<RefusedMessage>(refusalSql.last, source) ?? null;
  return { taken: 0, refused: 0, lastAt: null, ...found, lastRefused };
}

/** A file and a connection end lines each in their way. */
function plainText(text: string): string {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .join('\r')
    .trim();
}

function patientPlace(patient: Buffer): string {
  return `adt_patients ${patient.toString('hex')}`;
}
