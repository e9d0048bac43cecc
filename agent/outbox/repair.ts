import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Receipt } from '../../shared/protocol/receipts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { hasSchemaOf, openDamaged, type Sqlite } from '../../shared/runtime/sqlite.ts';
import type { Identity } from '../enrolment/identity.ts';
import { createBacklog } from './backlog.ts';
import { openAgentDatabase, type AgentDatabase } from './database.ts';
import { createExportBook } from './export-book.ts';
import {
  copyDamaged,
  finishRepair,
  graft,
  openRepairFolder,
  swapIn,
  type RepairFolder,
} from './repair-files.ts';
import { repairLedgers, type RepairedPlaces } from './repair-ledger.ts';
import { keepProvenReceipts, keepSoundEnvelopes, noteStored, type RegionReceipt } from './repair-proofs.ts';
import { anyTable, repairSql } from './repair-queries.ts';
import { isUnreadable, salvageTables, type SalvagedTable } from './repair-salvage.ts';
import { rereadLost, type RepairedExports, type RepairSource } from './repair-sources.ts';
import { emptyVault } from './repair-vault.ts';
import { migrations } from './schema.ts';
import { verifyLedgers } from './verify-ledger.ts';

export interface RepairReport extends RepairedExports {
  /** sound: nothing was wrong, only what archives hold beside the database was looked at. */
  readonly state: 'sound' | 'repaired';
  /** Where the damaged database lies now. */
  readonly aside: string | null;
  readonly tables: readonly SalvagedTable[];
  /** Envelopes dropped because they are no longer what they were sealed as. */
  readonly unsound: number;
  readonly places: RepairedPlaces;
  /** Encrypted rows dropped, their key being lost. */
  readonly sealedLost: number;
  /** Whether the region could be asked for its receipts. */
  readonly region: boolean;
}

export interface RepairDeps {
  readonly path: string;
  readonly sources: readonly RepairSource[];
  /** Undefined: not enrolled, or the identity is lost. */
  readonly identity: Pick<Identity, 'enrolment' | 'sealKey'> | undefined;
  readonly verifyReceipt: ((text: string, jws: string) => Promise<Receipt>) | undefined;
  /** Hands on every receipt the region ever gave, verified. False: it did not answer. */
  readonly regionReceipts: (take: (receipt: RegionReceipt) => void) => Promise<boolean>;
  /** The key of what rests encrypted is lost. */
  readonly isVaultLost: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly onStep: (step: string) => void;
}

/**
 * Saves every healthy row of agent.db into a new database; what cannot be saved is put together again from receipts, from the
 * region and from the files. The damaged file stays, under another name. The caller holds the state lock. Faults:
 * `database-newer`.
 */
export async function repairDatabase(deps: RepairDeps): Promise<RepairReport> {
  await finishRepair(deps.path);
  const files = await openRepairFolder(deps.path);
  const region = await lookAt(deps, files);
  if (region !== undefined) {
    await rm(files.folder, { recursive: true, force: true });
    return tendSound(deps, region);
  }
  await rm(files.fresh, { force: true });
  const database = openAgentDatabase(files.fresh);
  let told: Omit<RepairReport, 'aside' | 'state'>;
  try {
    told = await rebuild(deps, files, database);
    database.db.pragma('wal_checkpoint(truncate)');
  } finally {
    database.close();
  }
  const stamp = new Date(deps.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const aside = await swapIn(deps.path, files, stamp);
  return { ...told, aside, state: 'repaired' };
}

/**
 * Structure, foreign keys, every signature, and that nothing the region has receipted is unknown here. On a copy: the file
 * itself is not written to. Undefined: not sound. Else whether the region answered.
 */
async function lookAt(deps: RepairDeps, { copy }: RepairFolder): Promise<boolean | undefined> {
  deps.onStep('integrity');
  if (!existsSync(copy)) return undefined;
  let database: AgentDatabase | undefined;
  try {
    database = openAgentDatabase(copy);
    const { db, all } = database;
    if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok') return undefined;
    if (!hasSchemaOf(db, migrations)) return undefined;
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) return undefined;
    const { verifyReceipt, identity } = deps;
    if (verifyReceipt === undefined || identity === undefined) return false;
    const parts = { database, backlog: createBacklog(database), exports: createExportBook(database) };
    const { faults } = await verifyLedgers({ ...parts, verifyReceipt, sealKey: identity.sealKey });
    if (faults.length > 0) return undefined;
    db.exec(repairSql.makeProven);
    const region = await askRegion(deps, database);
    return all(repairSql.unknownPlaces).length === 0 ? region : undefined;
  } catch {
    return undefined;
  } finally {
    database?.close();
  }
}

function askRegion(deps: Pick<RepairDeps, 'regionReceipts'>, database: AgentDatabase): Promise<boolean> {
  return deps.regionReceipts(({ receipt, text, jws }) => {
    if (receipt.kind === 'stored') noteStored(database, receipt, text, jws);
  });
}

/** Even a whole database may be older than it should be: its WAL may have been lost without a trace. */
async function tendSound(deps: RepairDeps, region: boolean): Promise<RepairReport> {
  const database = openAgentDatabase(deps.path);
  try {
    const sealedLost = deps.isVaultLost ? emptyVault({ ...deps, database }) : 0;
    const found = await rereadLost({ ...deps, database });
    database.run(repairSql.forgetCursor);
    if (!region) database.run(repairSql.putMeta, unfinished, '1');
    const places = { proven: 0, lost: 0 };
    return { state: 'sound', aside: null, tables: [], unsound: 0, sealedLost, places, region, ...found };
  } finally {
    database.close();
  }
}

async function rebuild(
  deps: RepairDeps,
  files: RepairFolder,
  database: AgentDatabase,
): Promise<Omit<RepairReport, 'aside' | 'state'>> {
  const { db } = database;
  db.pragma('foreign_keys = off');
  const damaged = await openAsItIs(deps, files, database);
  const tables = salvageTables(damaged, db, deps.onStep);
  damaged?.close();
  const settled = await settle(deps, database);
  db.pragma('foreign_keys = on');
  return { tables, ...settled };
}

type Settling = Omit<RepairDeps, 'path' | 'onStep'>;

/** Holds every row against what is signed, fills the ledgers, and has the rest read again: one transaction. */
async function settle(
  deps: Settling,
  database: AgentDatabase,
): Promise<Omit<RepairReport, 'aside' | 'state' | 'tables'>> {
  const { db, run } = database;
  const { verifyReceipt, identity } = deps;
  db.exec(repairSql.makeProven);
  db.exec(repairSql.begin);
  const proofs = { database, verifyReceipt, sealKey: identity?.sealKey ?? (() => undefined) };
  await keepProvenReceipts(proofs);
  const region = await askRegion(deps, database);
  const unsound = await keepSoundEnvelopes(proofs);
  const places = repairLedgers({ ...deps, database });
  nameExports(database);
  const sealedLost = deps.isVaultLost ? emptyVault({ ...deps, database }) : 0;
  const found = await rereadLost({ ...deps, database });
  for (const sql of tidy) run(sql);
  if (identity !== undefined && database.all(repairSql.feeds).length > 0)
    run(repairSql.putMeta, 'enrolment', identity.enrolment);
  if (region) run(repairSql.dropMeta, unfinished);
  else run(repairSql.putMeta, unfinished, '1');
  run(repairSql.clearBacklog);
  run(repairSql.countBacklog);
  db.exec(repairSql.commit);
  db.exec(repairSql.dropProven);
  return { unsound, sealedLost, places, region, ...found };
}

/**
 * After a repair that the region could not be asked about: what it has receipted must be known before anything new takes a
 * place in the ledger. Answers whether nothing is left to be asked.
 */
export async function completeRepair(
  deps: Settling & { readonly path: string },
): Promise<{ readonly complete: boolean }> {
  if (!existsSync(deps.path)) return { complete: true };
  const database = openAgentDatabase(deps.path);
  try {
    if (database.get(repairSql.getMeta, unfinished) === undefined) return { complete: true };
    database.db.pragma('foreign_keys = off');
    const { region } = await settle(deps, database);
    return { complete: region };
  } finally {
    database.close();
  }
}

/** Key in `meta`: the region has not been asked since the repair. */
const unfinished = 'repair-unfinished';

/** What points to rows that are gone; receipts of exports that have to hear them again. */
const tidy = [
  repairSql.dropOrphanFindings,
  repairSql.dropOrphanJoinRows,
  repairSql.dropOrphanEvents,
  repairSql.dropOrphanPatientVisits,
  repairSql.dropOrphanSeen,
  repairSql.dropUnsettledReceipts,
  repairSql.dropUnusedProofs,
  repairSql.forgetCursor,
] as const;

/** Envelopes whose export's row is lost still travel, and their receipts still have somewhere to go. */
function nameExports({ run, all }: AgentDatabase): void {
  const lost = all<{ id: string; feed: string; slices: number; at: number; waiting: number }>(
    repairSql.exportsWithoutRow,
  );
  const none = Buffer.alloc(0);
  for (const { id, feed, slices, at } of lost)
    run(repairSql.putExport, id, '-', 'doctor --repair', none, null, null, 0, feed, 'read', slices, at);
}

/** The damaged copy, opened as it is, else under a new file header, else under a whole new first page. */
async function openAsItIs(
  deps: RepairDeps,
  files: RepairFolder,
  fresh: AgentDatabase,
): Promise<Sqlite | undefined> {
  fresh.db.pragma('wal_checkpoint(truncate)');
  for (const part of ['as it is', 'header', 'page'] as const) {
    await copyDamaged(deps.path, files);
    try {
      if (part !== 'as it is') await graft(files.copy, files.fresh, part);
      const db = openDamaged(files.copy);
      if (namesOf(db).includes('exports') && namesOf(db).includes('envelopes')) {
        mustBeKnown(db, fresh.db);
        return db;
      }
      db.close();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  return undefined;
}

function namesOf(db: Sqlite): readonly string[] {
  return (db.prepare(anyTable.tables).all() as { name: string }[]).map(({ name }) => name);
}

/** A newer version's database would lose what this one does not know. A flipped bit in the number alone is no reason. */
function mustBeKnown(damaged: Sqlite, fresh: Sqlite): void {
  const [found, known] = [damaged, fresh].map((db) => Number(db.pragma('user_version', { simple: true })));
  if (found === undefined || known === undefined || found <= known) return;
  const names = new Set(namesOf(fresh));
  if (namesOf(damaged).some((name) => !names.has(name))) {
    damaged.close();
    throw permanent('database-newer', { facts: { found, known } });
  }
}
