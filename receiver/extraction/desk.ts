import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent, systemCode, transient } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { ExtractionRow } from '../store/extraction-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { requireParquet } from './files/parquet-file.ts';
import { contentTypes } from './files/row-file.ts';
import { planExtraction } from './plan.ts';
import type { ExtractionForm, ExtractionRequest, Requester } from './request.ts';
import { checkCovers } from './rights.ts';
import { hasRoom } from './room.ts';

export interface DeskDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Where ready files lie. */
  readonly folder: string;
  /** Something waits to be made. */
  readonly onChange: () => void;
  /** Default: what the region may give. */
  readonly plan?: typeof planExtraction;
  /** Default: what the file system says. */
  readonly room?: typeof hasRoom;
}

/** Of one requester at a time, waiting or in the making. */
export const mostPending = 3;
/** Of one requester: files that are there, and those that are coming. */
export const mostKept = 40;

/**
 * Where extractions are asked for and fetched: by the pages, the API and the command line alike. A requester sees their own;
 * whoever else's is as if it were not there, but for administrators and auditors, who see what was asked and never the file.
 */
export interface ExtractionDesk {
  /**
   * Refused before it is kept when the requester may not have it. Throws what planning throws, `extraction-too-many`,
   * `extraction-too-many-kept`, `extraction-disk-full`, `extraction-parquet-missing`.
   */
  ask(requester: Requester, request: ExtractionRequest): Promise<ExtractionRow>;
  /** The latest first; own: whatever more the requester may see. */
  list(requester: Requester, limit: number, whose?: 'own' | 'seen'): Promise<readonly ExtractionRow[]>;
  /** Throws `extraction-unknown`. */
  get(requester: Requester, id: string): Promise<ExtractionRow>;
  /** One's own; an administrator's of anybody. Throws `extraction-unknown`, `extraction-ended`. */
  cancel(requester: Requester, id: string): Promise<void>;
  /**
   * The file's path, name and type; written down as fetched. Throws `extraction-unknown`, `extraction-not-ready`,
   * `extraction-expired`, `extraction-file-unreadable`, and `extraction-rights-changed` when the requester may less than when
   * it was asked for.
   */
  fetch(
    requester: Requester,
    id: string,
  ): Promise<{ readonly path: string; readonly name: string; readonly type: string; readonly bytes: number }>;
}

export function createExtractionDesk(deps: DeskDeps): ExtractionDesk {
  const { store, clock, random, folder, onChange, plan = planExtraction, room = hasRoom } = deps;

  /**
   * A file that went before its time, with a purge, an erasure or a restored backup, is told as what it is. One that cannot
   * be looked at now, its folder's disk away, is still there tomorrow.
   */
  const settled = async (row: ExtractionRow): Promise<ExtractionRow> => {
    if (row.state !== 'ready') return row;
    const now = clock.now();
    const isOver = row.expiresAt !== null && row.expiresAt <= now;
    if (!isOver && !(await isGone(folder, row))) return row;
    const gone = await store.transaction(async (tx) => {
      await tx.extractions.expire(row.id, now);
      return tx.extractions.get(row.id);
    });
    return gone ?? row;
  };
  const found = async (requester: Requester, id: string): Promise<ExtractionRow> => {
    const row = await store.read((tx) => tx.extractions.get(id));
    if (row === undefined || !(isOwn(requester, row) || seesAll(requester)))
      throw permanent('extraction-unknown');
    return settled(row);
  };

  return {
    ask: async (requester, request) => {
      // Looked at again where it is kept; here, so that nothing is planned for whoever may not ask now.
      await store.read((tx) => refuseTooMany(tx, requester, clock.now()));
      if (!(await room(folder))) throw permanent('extraction-disk-full');
      await plan({ store, clock }, requester, request);
      if (request.form === 'parquet') await requireParquet();
      const row = await store.transaction((tx) => keep(tx, requester, request));
      onChange();
      return row;
    },
    list: async (requester, limit, whose = 'seen') => {
      const of = whose === 'seen' && seesAll(requester) ? undefined : requester.actor;
      const rows = await store.read((tx) => tx.extractions.list(of, limit));
      const told: ExtractionRow[] = [];
      for (const row of rows) told.push(await settled(row));
      return told;
    },
    get: found,
    cancel: async (requester, id) => {
      const row = await found(requester, id);
      if (!isOwn(requester, row) && !requester.administrator) throw permanent('extraction-unknown');
      const isCancelled = await store.transaction(async (tx) => {
        if (!(await tx.extractions.cancel(id, clock.now()))) return false;
        await appendAudit(tx, clock, requester.actor, { action: 'extraction.cancelled', subject: id });
        return true;
      });
      if (!isCancelled) throw permanent('extraction-ended');
      onChange();
    },
    fetch: async (requester, id) => {
      const row = await found(requester, id);
      if (!isOwn(requester, row)) throw permanent('extraction-unknown');
      if (row.state === 'expired') throw permanent('extraction-expired');
      if (row.state !== 'ready') throw permanent('extraction-not-ready');
      checkCovers(requester, row);
      await access(filePath(folder, row), constants.R_OK).catch((error: unknown) => {
        throw fileFault(error);
      });
      await store.transaction(async (tx) => {
        await tx.extractions.fetched(id);
        await appendAudit(tx, clock, requester.actor, {
          ...{ action: 'extraction.fetched', subject: id },
          facts: { rows: row.rows ?? 0, sha256: row.sha256 ?? '' },
        });
      });
      const { form } = row.request;
      return {
        ...{ path: filePath(folder, row), name: fileName(row), type: contentTypes[form] },
        bytes: row.bytes ?? 0,
      };
    },
  };

  async function keep(tx: StoreTx, requester: Requester, request: ExtractionRequest): Promise<ExtractionRow> {
    const askedAt = Math.trunc(clock.now());
    await refuseTooMany(tx, requester, askedAt);
    const { actor, profile, administrator, facilities } = requester;
    const id = random.uuid(askedAt);
    await tx.extractions.add({
      ...{ id, request, profile, administrator, askedAt },
      ...{ requesterKind: actor.kind, requesterId: actor.id, requesterName: actor.name },
      facilities: facilities === 'all' ? null : [...facilities].sort(),
    });
    await appendAudit(tx, clock, actor, {
      ...{ action: 'extraction.asked', subject: id, reason: request.purpose, facts: factsOf(request) },
      ...(request.facilities?.length === 1 ? { facility: request.facilities[0] ?? '' } : {}),
    });
    const row = await tx.extractions.get(id);
    if (row === undefined) throw permanent('extraction-unknown');
    return row;
  }
}

async function refuseTooMany({ extractions }: StoreTx, { actor }: Requester, now: number): Promise<void> {
  const pending = await extractions.pendingOf(actor.kind, actor.id);
  if (pending >= mostPending) throw permanent('extraction-too-many', { facts: { most: mostPending } });
  if (pending + (await extractions.readyOf(actor.kind, actor.id, now)) >= mostKept)
    throw permanent('extraction-too-many-kept', { facts: { most: mostKept } });
}

async function isGone(folder: string, row: ExtractionRow): Promise<boolean> {
  try {
    await stat(filePath(folder, row));
    return false;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return false;
    return stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }
}

/** Why a file that is ready cannot be opened: it is gone, or its folder cannot be read now. */
export function fileFault(error: unknown): Error {
  return systemCode(error) === 'ENOENT'
    ? permanent('extraction-expired', { cause: error })
    : transient('extraction-file-unreadable', { cause: error });
}

function isOwn({ actor }: Requester, { requesterKind, requesterId }: ExtractionRow): boolean {
  return actor.kind === requesterKind && actor.id === requesterId;
}

function seesAll({ administrator, profile }: Requester): boolean {
  return administrator || profile === 'auditor';
}

/** Where a ready one's file lies. */
export function filePath(
  folder: string,
  { id, request }: { readonly id: string; readonly request: { readonly form: ExtractionForm } },
): string {
  return join(folder, `${id}.${request.form}`);
}

/** As whoever fetches it finds it on their disk; the end of the id tells two of the same period apart. */
export function fileName({ id, request: { from, to, form } }: Pick<ExtractionRow, 'id' | 'request'>): string {
  return `extraction-${from}-${to}-${id.slice(-8)}.${form}`;
}

/** What was asked, as the audit log keeps it: which columns, which filters, never what a record says. */
function factsOf(request: ExtractionRequest): Readonly<Record<string, string | number>> {
  const { feed, from, to, facilities, form, content } = request;
  const common = { feed, from, to, form, kind: content.kind, facilities: facilities?.length ?? 'all' };
  if (content.kind === 'aggregates') {
    const { split, by, places } = content;
    return { ...common, split, by, places };
  }
  const { fields, age, sex, severity, departure, codes, group } = content;
  const filters = Object.entries({ age, sex, severity, departure, codes, group })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  return { ...common, fields: fields.join(' '), filters: filters.join(' ') };
}
