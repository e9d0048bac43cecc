import type { Finding } from '../../shared/feeds/feed.ts';
import type { DeliveryReceipt, ProcessedReceipt, Receipt } from '../../shared/protocol/receipts.ts';
import type { AgentDatabase } from './database.ts';
import { proofId } from './outbox.ts';
import { envelopeSql, exportSql, fileSql, metaSql, toldFrom } from './queries.ts';
import type { EnvelopeRow, ExportRow } from './rows.ts';
import type { Outcome } from './states.ts';

/** Refused because the region's key it was sealed for is no more. */
export const keyDestroyed = 'envelope-key-destroyed';

/** Positions from here on: dispatches of decisions, after those of the export's own processing. */
const decidedFrom = 10_000;

/** A verified receipt with the text and proof that make it evidence. */
export interface ProvenReceipt {
  readonly cursor: number;
  readonly receipt: Receipt;
  readonly text: string;
  readonly jws: string;
}

export interface ListedDispatch {
  readonly name: string;
  readonly destination: string;
  readonly from: string;
  readonly to: string;
  /** Null until a delivery receipt is here. */
  readonly delivery: 'forwarded' | 'acknowledged' | 'refused' | null;
  /** When that was said, epoch ms. */
  readonly at: number | null;
  /** refused: the agency's own code. */
  readonly code: string | null;
  /** When it was at the agency, epoch ms. */
  readonly forwardedAt: number | null;
}

/** A dispatch that an agency refused and no newer one has replaced. */
export interface Refusal {
  readonly name: string;
  readonly destination: string;
  readonly facility: string;
  readonly feed: string;
  readonly from: string;
  readonly to: string;
  /** The agency's own; null when it gave none. */
  readonly code: string | null;
  readonly at: number;
}

export interface KeptReceipt {
  readonly cursor: number;
  readonly kind: string;
  readonly text: string;
  readonly jws: string;
}

/** What became of each export: moved only by what reading found and by verified receipts. */
export interface ExportBook {
  get(id: string): ExportRow | undefined;
  byName(name: string, limit: number): readonly ExportRow[];
  recent(limit: number): readonly ExportRow[];
  lastOfSource(source: string): ExportRow | undefined;
  /** Exports still waiting for a receipt that settles them, oldest first. */
  unsettled(limit: number): readonly ExportRow[];
  /** The export of this source whose same content has been processed. */
  processedDigest(source: string, digest: string): ExportRow | undefined;
  findings(id: string): { readonly agent: readonly Finding[]; readonly receiver: readonly Finding[] };
  /** Those its receipts list, then those that deliveries have told of, each in the order of composition. */
  dispatches(id: string): readonly ListedDispatch[];
  /** Those of them that its receipts list: composed by the export, or by a decision on it. */
  composed(id: string): readonly ListedDispatch[];
  /** Its dispatches that were refused and not replaced by a later one of its own. */
  refused(id: string): readonly ListedDispatch[];
  /** Since an instant, or about an ISO day; newest first. */
  refusals(of: { readonly since: number } | { readonly day: string }, limit: number): readonly Refusal[];
  exportsOf(dispatch: string, destination: string): readonly string[];
  /** The latest dispatch of each destination that carries a facility's day, as far as receipts have told. */
  inForce(facility: string, feed: string, day: string): readonly ListedDispatch[];
  envelopes(id: string): readonly EnvelopeRow[];
  envelope(id: string): EnvelopeRow | undefined;
  receipts(id: string): readonly KeptReceipt[];
  storedReceipt(envelope: string): { readonly text: string; readonly jws: string } | undefined;
  cursor(): number;
  /** A page of receipts and its cursor in one transaction. Answers the exports they concern. */
  apply(page: readonly ProvenReceipt[], cursor: number): readonly string[];
}

export function createExportBook(database: AgentDatabase): ExportBook {
  const { run, get, all, transaction } = database;

  const exportOf = (receipt: Receipt): string | null => {
    if (receipt.kind === 'stored') return null;
    if (receipt.kind !== 'rejected') return receipt.export;
    return receipt.export ?? get<EnvelopeRow>(envelopeSql.byId, receipt.envelope)?.export ?? null;
  };

  const list = (id: string): readonly Positioned[] => all<Positioned>(exportSql.dispatches, id);

  const exportsOf = (dispatch: string, destination: string): readonly string[] =>
    all<{ export: string }>(exportSql.exportsOfDispatch, dispatch, destination).map((row) => row.export);

  const addDispatches = (id: string, receipt: Pick<ProcessedReceipt, 'dispatches'>, from: number): void => {
    receipt.dispatches.forEach((dispatch, index) =>
      run(
        exportSql.putDispatch,
        id,
        dispatch.name,
        dispatch.destination,
        dispatch.from,
        dispatch.to,
        from + index,
      ),
    );
  };

  /** Processed and every listed dispatch delivered: the worst delivery is the outcome. */
  const refreshDelivery = (id: string, at: number): void => {
    const outcome = worstDelivery(inForceOf(list(id)));
    if (outcome !== null) run(exportSql.delivered, outcome, at, id);
  };

  const applyProcessed = (id: string, receipt: ProcessedReceipt): void => {
    run(
      exportSql.processed,
      outcomeOf(receipt),
      receipt.hold,
      receipt.trusted ? 1 : 0,
      receipt.window?.from ?? null,
      receipt.window?.to ?? null,
      receipt.accepted,
      receipt.rejected,
      receipt.added,
      receipt.updated,
      receipt.removed,
      receipt.unchanged,
      receipt.stale,
      receipt.suspended,
      receipt.findingsTotal,
      receipt.original,
      receipt.at,
      id,
    );
    if (receipt.findings.length > 0)
      run(exportSql.putFindings, id, 'receiver', JSON.stringify(receipt.findings));
    run(exportSql.clearDispatches, id);
    addDispatches(id, receipt, 0);
    refreshDelivery(id, receipt.at);
  };

  const applyDelivery = (receipt: DeliveryReceipt): void => {
    const { dispatch, destination, kind, code, at, facility, feed, from, to } = receipt;
    const forwardedAt = kind === 'forwarded' ? at : null;
    run(exportSql.putDelivery, dispatch, destination, kind, code, at, forwardedAt, facility, feed, from, to);
    run(exportSql.tellDispatch, dispatch, destination, from, to, receipt.export, to, from);
    for (const id of exportsOf(dispatch, destination)) refreshDelivery(id, at);
  };

  const applyOne = (receipt: Receipt): void => {
    switch (receipt.kind) {
      case 'stored':
        return;
      case 'processed':
        applyProcessed(receipt.export, receipt);
        return;
      case 'rejected': {
        const id = exportOf(receipt);
        if (id === null) return;
        run(exportSql.reject, receipt.code, receipt.at, id);
        // Its content was never read at the region, and cannot be opened here: from its source it is sealed anew.
        if (receipt.code === keyDestroyed) run(fileSql.putReread, id, 0, receipt.at);
        return;
      }
      case 'decided':
        run(exportSql.decided, receipt.removed, receipt.pending, receipt.pending, receipt.export);
        addDispatches(receipt.export, receipt, decidedFrom);
        refreshDelivery(receipt.export, receipt.at);
        return;
      case 'forwarded':
      case 'acknowledged':
      case 'refused':
        applyDelivery(receipt);
        return;
    }
  };

  return {
    get: (id) => get<ExportRow>(exportSql.get, id),
    byName: (name, limit) => all<ExportRow>(exportSql.byName, name, limit),
    recent: (limit) => all<ExportRow>(exportSql.recent, limit),
    lastOfSource: (source) => get<ExportRow>(exportSql.lastOfSource, source),
    unsettled: (limit) => all<ExportRow>(exportSql.unsettled, limit),
    processedDigest: (source, digest) => get<ExportRow>(exportSql.processedDigest, source, digest),
    findings: (id) => {
      const rows = all<{ origin: string; listed: string }>(exportSql.findings, id);
      const of = (origin: string): readonly Finding[] =>
        JSON.parse(rows.find((row) => row.origin === origin)?.listed ?? '[]') as readonly Finding[];
      return { agent: of('agent'), receiver: of('receiver') };
    },
    dispatches: list,
    composed: (id) => list(id).filter(({ position }) => position < toldFrom),
    refused: (id) => inForceOf(list(id)).filter(({ delivery }) => delivery === 'refused'),
    refusals: (of, limit) =>
      'day' in of
        ? all<Refusal>(exportSql.refusalsOfDay, of.day, of.day, limit)
        : all<Refusal>(exportSql.refusals, of.since, limit),
    exportsOf,
    inForce: (facility, feed, day) => {
      const latest = new Map<string, ListedDispatch>();
      const asked = [facility, feed, day, day];
      for (const one of all<ListedDispatch>(exportSql.dispatchesOfDay, ...asked, ...asked))
        if (!latest.has(one.destination)) latest.set(one.destination, one);
      return [...latest.values()];
    },
    envelopes: (id) => all<EnvelopeRow>(envelopeSql.ofExport, id),
    envelope: (id) => get<EnvelopeRow>(envelopeSql.byId, id),
    receipts: (id) => all<KeptReceipt>(exportSql.receiptsOf, id),
    storedReceipt: (envelope) => get<{ text: string; jws: string }>(envelopeSql.storedReceipt, envelope),
    cursor: () => Number(get<{ value: string }>(metaSql.get, 'receipt-cursor')?.value ?? 0),
    apply: (page, cursor) =>
      transaction(() => {
        const concerned = new Set<string>();
        for (const { cursor: at, receipt, text, jws } of page) {
          const id = exportOf(receipt);
          const { changes } = run(exportSql.putReceipt, at, id, receipt.kind, text, proofId(database, jws));
          if (changes === 0) continue;
          // An agent enrolled anew is told the old one's story: kept as evidence; of use to it are only the deliveries.
          if (id !== null && !isDelivery(receipt) && get(exportSql.get, id) === undefined) continue;
          applyOne(receipt);
          if (id !== null) concerned.add(id);
        }
        run(metaSql.put, 'receipt-cursor', String(cursor));
        return [...concerned];
      }),
  };
}

type Positioned = ListedDispatch & { readonly position: number };

/** Where a decision or a calendar composed later, the later file stands for its days: no other receipt lists days twice. */
function inForceOf(dispatches: readonly Positioned[]): readonly Positioned[] {
  const later = dispatches.filter(({ position }) => position >= decidedFrom);
  return dispatches.filter(
    (one) =>
      !later.some(
        ({ destination, from, to, position }) =>
          destination === one.destination && position > one.position && from <= one.from && one.to <= to,
      ),
  );
}

function isDelivery({ kind }: Receipt): boolean {
  return kind === 'forwarded' || kind === 'acknowledged' || kind === 'refused';
}

function outcomeOf(receipt: ProcessedReceipt): Outcome {
  switch (receipt.result) {
    case 'applied':
      return 'processed';
    case 'held':
      return 'held';
    case 'duplicate':
      return 'duplicate';
  }
}

/** Null while a dispatch is still without delivery; an export that lists none has nothing left to wait for. */
function worstDelivery(dispatches: readonly ListedDispatch[]): Outcome | null {
  if (dispatches.some(({ delivery }) => delivery === null)) return null;
  if (dispatches.some(({ delivery }) => delivery === 'refused')) return 'refused';
  if (dispatches.length > 0 && dispatches.every(({ delivery }) => delivery === 'acknowledged'))
    return 'acknowledged';
  return 'forwarded';
}
