import type { Feed, Finding } from '../../shared/feeds/feed.ts';
import type { Manifest } from '../../shared/protocol/slice.ts';
import type { ProcessedReceipt } from '../../shared/protocol/receipts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import type { Random } from '../../shared/runtime/random.ts';
import { composeDispatches, type Composed, type DispatchTarget } from '../forward/compose.ts';
import type { ExportRow, ExportState } from '../store/export-tables.ts';
import type { Scope } from '../store/record-scope.ts';
import type { FacilityRow, StoreTx } from '../store/store.ts';
import { sharesOf, type Share } from './alias-route.ts';
import { addCounts, noCounts, type Applied, type Counts } from './applied.ts';
import { applySnapshot } from './apply-snapshot.ts';
import { applyWindow } from './apply-window.ts';
import type { ExportContent } from './content.ts';
import { exportFinding, judgeExport, type Judgement, type Window } from './judgement.ts';
import { createRecordKeys } from './record-keys.ts';
import { settleSuperseded } from './superseded.ts';
import { dispatchesOnReceipt, processedDraft, type Draft } from './receipts.ts';

export interface ApplyDeps {
  readonly random: Random;
  readonly targets: readonly DispatchTarget[];
}

export interface ExportInput {
  readonly row: ExportRow;
  readonly manifest: Manifest;
  readonly feed: Feed;
  readonly content: ExportContent;
  readonly now: number;
  /** A person confirmed a held export: no guard, and its source becomes the part's declared one. */
  readonly confirmed?: boolean;
}

/** `settled`: its staged records may go. Otherwise they stay for a decision or a registration. */
export interface ExportOutcome {
  readonly state: ExportState;
  readonly settled: boolean;
  readonly receipts: readonly Draft[];
  readonly counts: Counts;
  readonly composed: readonly Composed[];
}

type Hold = Exclude<ProcessedReceipt['hold'], null>;

/** Applies a complete export, or says why not; the export's row, findings and receipts follow. The caller holds a savepoint. */
export async function applyExport(tx: StoreTx, input: ExportInput, deps: ApplyDeps): Promise<ExportOutcome> {
  const { row, manifest, feed, content, now } = input;
  const places = await placesOf(tx, input);
  if (places === undefined) return hold(tx, input, deps, 'facility-unknown');
  const earlier = manifest.resend ? undefined : await tx.exports.processedDigest(row, manifest.digest);
  if (earlier !== undefined && earlier.id !== row.id && input.confirmed !== true)
    return repeat(tx, input, deps, earlier);
  for (const { scope } of places) {
    const owner = await tx.records.part(scope);
    const isOther = owner !== undefined && (owner.agent !== row.agent || owner.source !== row.source);
    if (isOther && input.confirmed !== true) return hold(tx, input, deps, 'second-source');
  }

  const judgement = judgeExport({
    manifest,
    replacement: feed.replacement,
    receivedAt: row.receivedAt,
    days: content.days,
  });
  const applied = await tx.savepoint(
    () => applyTo(tx, input, judgement, places),
    (results) => results.some(({ kind }) => kind === 'rekeying'),
  );
  if (applied.some(({ kind }) => kind === 'rekeying')) return hold(tx, input, deps, 'rekeying', judgement);
  for (const { scope } of places)
    await tx.records.putPart({ ...scope, agent: row.agent, source: row.source });

  const counts = applied.reduce((sum, one) => addCounts(sum, one.counts), noCounts);
  const leftOut = await tx.erasure.leftOut(row.id);
  checkTotal(manifest, counts, leftOut.length);
  const { composed, daysOverLimit } = await composeFor(tx, input, deps, places, applied);
  const all = [
    ...judgement.findings,
    ...leftOut.map((at) => exportFinding('erased-on-request', at)),
    ...(await purgedAmong(tx, places, content)).map(() => exportFinding('past-retention')),
    ...daysOverLimit.map(() => exportFinding('day-over-limit')),
    ...applied.flatMap((one) => one.findings),
  ];
  const findings = all.slice(0, listedFindings);
  const unlisted = applied.reduce((sum, one) => sum + one.findingsTotal - one.findings.length, 0);
  const inForce =
    composed.length > 0 ? composed : await dispatchesInForce(tx, input, places, judgement.window);

  const isHeld = applied.some(({ kind }) => kind === 'suspended');
  const paper = { random: deps.random, now };
  const receipt = processedDraft(paper, row, {
    ...{ result: isHeld ? 'held' : 'applied', hold: isHeld ? 'removals' : null },
    ...{ trusted: judgement.window !== null, window: windowOnReceipt(manifest, judgement.window) },
    ...{ accepted: acceptedOf(counts), rejected: manifest.rejected, ...counts },
    ...{ findingsTotal: all.length + unlisted, findings },
    ...{ dispatches: dispatchesOnReceipt(inForce), original: null },
  });
  const superseded = new Set(applied.flatMap((one) => [...one.superseded]));
  const receipts = [receipt, ...(await settleSuperseded(tx, superseded, paper))];
  const state: ExportState = isHeld ? 'held' : 'processed';
  await tx.exports.update(row.id, { state, extract: judgement.extract, outcome: receipt.text });
  await keepFindings(tx, row.id, all, unlisted);
  const changes = places.flatMap(({ scope: { facility: of } }, at) =>
    (applied[at]?.days ?? []).map((each) => ({ facility: of, ...each })),
  );
  if (changes.length > 0) await tx.listings.putChanges(row.id, changes);
  return { state, settled: true, receipts, counts, composed };
}

/** Days of the export whose records were past their time here: taken in, never sent on, purged again. */
async function purgedAmong(
  tx: StoreTx,
  places: readonly Place[],
  { days }: ExportContent,
): Promise<readonly Day[]> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const found = new Set<Day>();
  for (const { scope } of places)
    for (const day of await tx.retention.purgedDays(scope, first, last))
      if (days.includes(day)) found.add(day);
  return [...found];
}

const listedFindings = 1000;

export function acceptedOf({ added, updated, unchanged, stale }: Counts): number {
  return added + updated + unchanged + stale;
}

/** The manifest counted what the agent read: anything else is another export than the one it sealed. */
function checkTotal(manifest: Manifest, counts: Counts, leftOut: number): void {
  const expected = manifest.records - manifest.rejected - leftOut;
  const found = acceptedOf(counts);
  if (found !== expected) throw permanent('export-count-differs', { facts: { found, expected } });
}

/** A facility's share of the export, and where it goes. */
interface Place extends Share {
  readonly scope: Scope;
  readonly row: FacilityRow;
}

/** Undefined when a facility it needs is not registered. */
async function placesOf(
  tx: StoreTx,
  { row, manifest, content }: ExportInput,
): Promise<readonly Place[] | undefined> {
  const shares = sharesOf(row.facility, await tx.facilities.aliases());
  const places: Place[] = [];
  for (const share of shares) {
    const isNeeded = shares.length === 1 || content.days.some((day) => day >= share.from && day <= share.to);
    // A withdrawn visit has no day: it is looked for wherever it may be held.
    const mayHold = (manifest.withdrawn ?? []).length > 0;
    if (!isNeeded && !mayHold) continue;
    const facility = await tx.facilities.get(share.facility);
    if (facility === undefined && !isNeeded) continue;
    if (facility === undefined) return undefined;
    places.push({
      ...share,
      row: facility,
      scope: { facility: share.facility, feed: row.feed, part: row.part },
    });
  }
  return places;
}

async function applyTo(
  tx: StoreTx,
  { row, manifest, feed, content, now, confirmed }: ExportInput,
  { extract, window }: Judgement,
  places: readonly Place[],
): Promise<readonly Applied[]> {
  const results: Applied[] = [];
  for (const { scope, row: facility, from, to } of places) {
    const input = {
      ...{ tx, scope, keys: createRecordKeys(facility.key), export: row.id, now },
      content: { ...content, days: content.days.filter((day) => day >= from && day <= to) },
      order: { extract, reception: row.reception },
      window: intersect(window, from, to),
      withdrawn: manifest.withdrawn ?? [],
      keyNames: feed.replacement !== 'window',
      guarded: confirmed !== true,
    };
    results.push(await (feed.replacement === 'snapshot' ? applySnapshot(input) : applyWindow(input)));
  }
  return results;
}

function intersect(window: Window | null, from: Day, to: Day): Window | null {
  if (window === null) return null;
  const both = { from: window.from > from ? window.from : from, to: window.to < to ? window.to : to };
  return both.from > both.to ? null : { ...window, ...both };
}

async function composeFor(
  tx: StoreTx,
  { row, feed, now }: ExportInput,
  { targets }: ApplyDeps,
  places: readonly Place[],
  applied: readonly Applied[],
): Promise<{ composed: readonly Composed[]; daysOverLimit: readonly Day[] }> {
  const composed: Composed[] = [];
  const daysOverLimit: Day[] = [];
  for (const [index, { scope }] of places.entries()) {
    const changed = {
      ...{ facility: scope.facility, feed: feed.name, replacement: feed.replacement },
      ...{ days: applied[index]?.touched ?? [], export: row.id, cause: 'export' as const, now },
    };
    const composition = await composeDispatches(tx, changed, targets);
    composed.push(...composition.dispatches);
    daysOverLimit.push(...composition.daysOverLimit);
  }
  return { composed, daysOverLimit };
}

async function dispatchesInForce(
  tx: StoreTx,
  { row, content }: ExportInput,
  places: readonly Place[],
  window: Window | null,
): Promise<readonly Composed[]> {
  const days = new Set(content.days);
  if (window !== null)
    for (let { from: day } = window; day <= window.to; day = (day + 1) as Day) days.add(day);
  const found: Composed[] = [];
  for (const { scope, from, to } of places) {
    const own = [...days].filter((day) => day >= from && day <= to);
    found.push(...(await tx.dispatches.inForce(scope.facility, row.feed, own)));
  }
  return found;
}

function windowOnReceipt(manifest: Manifest, window: Window | null): ProcessedReceipt['window'] {
  return window === null ? manifest.window : { from: dayToIso(window.from), to: dayToIso(window.to) };
}

async function hold(
  tx: StoreTx,
  { row, manifest, now }: ExportInput,
  { random }: ApplyDeps,
  reason: Hold,
  judgement?: Judgement,
): Promise<ExportOutcome> {
  const findings = judgement?.findings ?? [];
  const window = judgement?.window ?? null;
  const receipt = processedDraft({ random, now }, row, {
    ...{ result: 'held', hold: reason, trusted: window !== null, window: windowOnReceipt(manifest, window) },
    ...{ accepted: manifest.records - manifest.rejected, rejected: manifest.rejected, ...noCounts },
    ...{ findingsTotal: findings.length, findings: [...findings], dispatches: [], original: null },
  });
  const state: ExportState = reason === 'facility-unknown' ? 'waiting' : 'held';
  await tx.exports.update(row.id, { state, outcome: receipt.text });
  await keepFindings(tx, row.id, findings);
  return { state, settled: false, receipts: [receipt], counts: noCounts, composed: [] };
}

/** Rule 8: the original's receipt answers. */
async function repeat(
  tx: StoreTx,
  { row, manifest, now }: ExportInput,
  { random }: ApplyDeps,
  earlier: ExportRow,
): Promise<ExportOutcome> {
  const receipt = processedDraft({ random, now }, row, {
    ...{ result: 'duplicate', hold: null, trusted: false, window: manifest.window },
    ...{ accepted: manifest.records - manifest.rejected, rejected: manifest.rejected, ...noCounts },
    ...{ findingsTotal: 0, findings: [] },
    dispatches: dispatchesOnReceipt(await tx.dispatches.ofExport(earlier.id)),
    original: earlier.id,
  });
  await tx.exports.update(row.id, { state: 'processed', outcome: receipt.text });
  return { state: 'processed', settled: true, receipts: [receipt], counts: noCounts, composed: [] };
}

/** Adds the receiver's own findings to the totals of the checks. */
async function keepFindings(
  tx: StoreTx,
  id: string,
  findings: readonly Finding[],
  unlistedDuplicates = 0,
): Promise<void> {
  const { totals } = await tx.exports.findings(id);
  const sums: Record<string, number> = { ...totals };
  const add = (rule: string, count: number): void => {
    sums[rule] = (sums[rule] ?? 0) + count;
  };
  for (const { rule } of findings) add(rule, 1);
  if (unlistedDuplicates > 0) add('possible-duplicate', unlistedDuplicates);
  await tx.exports.putFindings(id, findings.slice(0, listedFindings), sums);
}
