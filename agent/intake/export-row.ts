import { createHmac } from 'node:crypto';
import { permanent } from '../../shared/runtime/errors.ts';
import type { ReadExportRow } from '../outbox/rows.ts';
import { describeFile, type FoundFile } from '../source/scan.ts';
import type { ReadAs, ReadFileDeps } from './read-as.ts';

/** An export of which nothing is known yet but where it comes from. */
export function baseRow(deps: ReadFileDeps, id: string, file: FoundFile, as: ReadAs): ReadExportRow {
  return {
    id,
    source: as.source,
    name: describeFile(file),
    path: file.path,
    digest: null,
    bytes: file.size,
    feed: null,
    facility: null,
    part: null,
    mapping: null,
    outcome: 'unknown',
    records: 0,
    accepted: 0,
    rejected: 0,
    windowFrom: null,
    windowTo: null,
    trusted: 0,
    errorCode: null,
    errorFacts: null,
    findingsTotal: 0,
    slices: 0,
    resend: as.resend ? 1 : 0,
    original: null,
    readAt: deps.clock.now(),
  };
}

/** The source's own visit number as it may travel: keyed for the facility. Throws `facility-key-missing`. */
export function hashVisitId(deps: ReadFileDeps, facility: string, local: string): string {
  const key = deps.facilityKey(facility);
  if (key === undefined) throw permanent('facility-key-missing', { facts: { facility } });
  return createHmac('sha256', key).update(`local\0${local}`).digest('base64url').slice(0, 22);
}
