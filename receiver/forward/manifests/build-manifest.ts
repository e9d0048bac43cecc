import { hash } from 'node:crypto';
import {
  facilityStates,
  type FacilityState,
  type ManifestStatement,
  type StatedFacility,
} from '../../../shared/protocol/manifest-statement.ts';
import { dayToIso, instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import type { KnownDay } from '../../store/calendar-tables.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { declaredDuring, declaredOn, type Declared } from '../../care/declared.ts';
import type { AliasRow, FacilityRow, StoreTx } from '../../store/store.ts';
import { replacementOf } from '../compose-range.ts';
import { wallClockSecond, type DispatchTarget } from '../compose.ts';

/** A destination as its manifests speak of it. */
export interface StatedDestination {
  readonly region: string;
  readonly owner: string | undefined;
  readonly target: DispatchTarget;
  /** HH:MM in Paris, the day after. */
  readonly cutOff: string;
}

/** A manifest that has not been issued yet. */
export type ManifestContent = Omit<ManifestStatement, 'issuedAt' | 'serial'>;

/** When a day's data must be here. */
export function cutOffAt(day: Day, cutOff: string): number {
  const [hours = 0, minutes = 0] = cutOff.split(':').map(Number);
  return instantOf((day + 1) as Day, (hours * 60 + minutes) * 60_000).at;
}

/**
 * What a destination should have for a day. A few small look-ups per facility, whatever the day holds: records are counted
 * where they are written, never here.
 */
export async function buildManifest(
  tx: StoreTx,
  stated: StatedDestination,
  day: Day,
  now: number,
): Promise<ManifestContent> {
  const { region, owner, target, cutOff } = stated;
  const common = await commonFacts(tx, target.feed, day);
  const facilities: StatedFacility[] = [];
  const formats = new Set([formatText(target, now)]);
  for (const row of await tx.facilities.list()) {
    if (!target.takes(row.finess)) continue;
    const { facility, format } = await factsOf(tx, stated, day, row, common);
    facilities.push(facility);
    if (format !== undefined) formats.add(format);
  }
  return {
    ...{ v: 1, typ: 'vaguemestre-manifest', region, destination: target.name, owner: owner ?? null },
    ...{ feed: target.feed, day: dayToIso(day), cutOff, formats: [...formats].sort() },
    ...{ facilities, totals: totalsOf(facilities) },
  };
}

function formatText({ formatAt }: DispatchTarget, now: number): string {
  const { name, version } = formatAt(now);
  return `${name} ${version}`;
}

/** Lower-case hex SHA-256, without what moves although nothing of the day has: when something last came. */
export function manifestDigest(content: ManifestContent): string {
  const facilities = content.facilities.map((each) => ({ ...each, lastReceptionAt: null }));
  return hash('sha256', JSON.stringify({ ...content, facilities }), 'hex');
}

interface CommonFacts {
  readonly withAgent: ReadonlySet<string>;
  readonly held: ReadonlySet<string>;
  readonly declared: readonly Declared[];
  readonly aliases: readonly AliasRow[];
}

const heldExports = 1000;
const maxNameLength = 200;

async function commonFacts(tx: StoreTx, feed: string, day: Day): Promise<CommonFacts> {
  const agents = (await tx.agents.list()).filter(({ status }) => status === 'active');
  const aliases = await tx.facilities.aliases();
  const held = new Set<string>();
  for (const each of await tx.removals.open())
    if (each.feed === feed && each.day === day) held.add(each.facility);
  for (const row of await tx.exports.inState('held', heldExports)) {
    if (row.feed !== feed || !(await tx.exports.stagedDays(row.id)).includes(day)) continue;
    held.add(ownerOf(row.facility, day, aliases));
  }
  return {
    withAgent: new Set(agents.flatMap(({ facilities }) => facilities)),
    ...{ held, aliases, declared: await declaredDuring(tx, day, day) },
  };
}

/** Whose the day is, when a facility was renamed or merged. */
function ownerOf(facility: string, day: Day, aliases: readonly AliasRow[]): string {
  const renamed = aliases.find(({ old, from }) => old === facility && day >= from);
  if (renamed !== undefined) return renamed.to;
  return aliases.find(({ to, from }) => to === facility && day < from)?.old ?? facility;
}

async function factsOf(
  tx: StoreTx,
  { target, cutOff }: StatedDestination,
  day: Day,
  { finess, name }: FacilityRow,
  { withAgent, held, declared, aliases }: CommonFacts,
): Promise<{ readonly facility: StatedFacility; readonly format: string | undefined }> {
  const { feed } = target;
  const snapshot = replacementOf(feed) === 'snapshot';
  const [known] = await tx.coverage.knownDays(finess, feed, day, day);
  const arrivedAt = await tx.coverage.arrival(finess, feed, day);
  // Nothing known of the day: no file covers it but by mistake, and looking for one would walk through all there are.
  const file = known === undefined ? undefined : await fileOf(tx, target, finess, day, cutOff);
  const isRenamed = aliases.some(({ old, from }) => old === finess && day >= from);
  const hasSource = withAgent.has(finess) || (await tx.records.parts(finess, feed)).length > 0;
  const late = arrivedAt !== undefined && arrivedAt > cutOffAt(day, cutOff);
  const said = declaredOn(declared, { facility: finess, feed }, day);
  return {
    format: file?.format,
    facility: {
      ...{ finess, name: name.slice(0, maxNameLength), expected: hasSource && !isRenamed },
      state: stateOf(known, late, held.has(finess), said),
      records: (snapshot ? file?.records : known?.count) ?? 0,
      lastReceptionAt: (await tx.coverage.lastReception(finess, feed)) ?? null,
      files: file === undefined ? [] : [statedFile(file)],
    },
  };
}

/** A snapshot's file is the whole state: a day's is the last one composed before the cut-off. */
function fileOf(
  tx: StoreTx,
  { feed, name }: DispatchTarget,
  finess: string,
  day: Day,
  cutOff: string,
): Promise<DispatchRow | undefined> {
  if (replacementOf(feed) !== 'snapshot') return tx.coverage.inForce(finess, feed, name, day);
  const from = wallClockSecond(instantOf(day, 0).at);
  return tx.coverage.lastComposed(finess, name, from, wallClockSecond(cutOffAt(day, cutOff)));
}

function stateOf(
  known: KnownDay | undefined,
  late: boolean,
  held: boolean,
  said: Declared['kind'] | null,
): FacilityState {
  if (held) return 'held';
  if (said === 'degraded') return 'degraded';
  if (known !== undefined) return late ? 'late' : 'received';
  return said === 'closed' ? 'closed' : 'absent';
}

function statedFile(row: DispatchRow): StatedFacility['files'][number] {
  const { name, digest, from, to, records, state, sentAt, changedAt } = row;
  return {
    ...{ name, digest, from: dayToIso(from), to: dayToIso(to), records, sentAt },
    // On its way now, or in a moment: nothing to issue a manifest for.
    state: state === 'sending' ? 'waiting' : state,
    acknowledgedAt: state === 'acknowledged' ? changedAt : null,
  };
}

function totalsOf(facilities: readonly StatedFacility[]): ManifestStatement['totals'] {
  const expected = facilities.filter((each) => each.expected);
  const inState = (state: FacilityState): number => expected.filter((each) => each.state === state).length;
  const [received = 0, late = 0, absent = 0, held = 0, closed = 0, degraded = 0] =
    facilityStates.map(inState);
  return {
    ...{ facilities: facilities.length, expected: expected.length },
    ...{ received, late, absent, held, closed, degraded },
    records: facilities.reduce((sum, { records }) => sum + records, 0),
    files: facilities.reduce((sum, { files }) => sum + files.length, 0),
  };
}
