import { bedRowKey } from '../../../shared/feeds/bed-availability.ts';
import type { BedRow } from '../../../shared/feeds/bed-availability-record.ts';
import { bedCodes } from '../../../shared/feeds/code-lists.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { isoExtract, type DispatchInput, type FormatKind } from './format.ts';

/**
 * Bed availability as a person can read it: the latest row of every key, grouped by zone, zones and rows in the order of
 * their keys. A row without a count or with an unknown code in a required field says nothing an agency could use and
 * stays behind; an unknown code in a detail is left out of its row.
 */
export const bedsJson: FormatKind = {
  name: 'beds-json',
  feed: 'bed-availability',
  layout: 'fixed',
  defaultName: () => 'B{facility}_0_{extract}.json',
  printer: () => compose,
};

function compose(input: DispatchInput): Buffer {
  const document = {
    finessGeo: input.facility,
    extract: isoExtract(input.extract),
    from: dayToIso(input.from),
    to: dayToIso(input.to),
    zones: zonesOf(latestRows(input.bodies)),
  };
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`, 'utf8');
}

/** One row per key, sorted by key. Of two rows of one instant the later body wins. */
function latestRows(bodies: readonly string[]): readonly BedRow[] {
  const latest = new Map<string, BedRow>();
  for (const body of bodies) {
    // The store's bodies passed the schema when they were applied.
    const row = JSON.parse(body) as BedRow;
    const key = bedRowKey(row);
    const held = latest.get(key);
    if (held === undefined || held.observedAt.at <= row.observedAt.at) latest.set(key, row);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function zonesOf(rows: readonly BedRow[]): readonly object[] {
  const zones = new Map<string, BedRow[]>();
  for (const row of rows) {
    if (!isCarried(row)) continue;
    const zone = zones.get(row.zoneId);
    if (zone === undefined) zones.set(row.zoneId, [row]);
    else zone.push(row);
  }
  return [...zones].map(([zoneId, zoneRows]) => {
    const newest = zoneRows.reduce((a, b) => (b.observedAt.at > a.observedAt.at ? b : a));
    return {
      zoneId,
      unitLabel: newest.unitLabel,
      careClass: newest.careClass,
      observedAt: newest.observedAt.text,
      rows: zoneRows.map(printRow),
    };
  });
}

function isCarried(row: BedRow): boolean {
  if (row.count === undefined || row.count < 0) return false;
  return (['careClass', 'source', 'nature', 'status', 'horizon'] as const).every((name) =>
    bedCodes[name].has(row[name] ?? ''),
  );
}

function printRow(row: BedRow): object {
  const known = (name: 'gender' | 'closing' | 'additional' | 'crisis' | 'assignment'): string | undefined => {
    const code = row[name];
    return code !== undefined && bedCodes[name].has(code) ? code : undefined;
  };
  return {
    nature: row.nature,
    status: row.status,
    horizon: row.horizon,
    count: row.count,
    gender: known('gender'),
    closing: known('closing'),
    additional: known('additional'),
    crisis: known('crisis'),
    assignment: known('assignment') ?? '01',
    observedAt: row.observedAt.text,
    source: row.source,
    comment: row.comment,
  };
}
