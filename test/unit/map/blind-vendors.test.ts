import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedRecord } from '../../../shared/feeds/feed.ts';
import type { BlindSample, TrueVisit } from '../../support/blind-samples/visits.ts';
import { reportDump, reportEdits } from '../../support/blind-samples/x.ts';
import { queryEdits, queryResult } from '../../support/blind-samples/y.ts';
import { systemsEdits, twoSystems } from '../../support/blind-samples/z.ts';
import type { LineEdit } from '../../support/vendor-samples/edits.ts';
import { textsOfRecord } from '../../support/vendor-samples/truth.ts';
import { corrected, everyRecord } from './corrected.ts';

const mostEdits = 10;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-blind-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const minuteChars = 'dd/MM/yyyy HH:mm'.length;

/** The fields that are there, times to the minute; the visit number is hashed, and compared apart. */
function comparable(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || name === 'facility' || name === 'visitId') return [];
    const isTime = name === 'arrivedAt' || name === 'departedAt';
    return [[name, isTime && typeof value === 'string' ? value.slice(0, minuteChars) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** A record of one item is a list of one; the order of fields says nothing. */
function expectTrue(records: readonly FeedRecord[], truth: readonly TrueVisit[], facility: string): void {
  expect(records.map((record) => comparable(textsOfRecord(record)))).toEqual(truth.map(comparable));
  expect(new Set(records.map((record) => record['facility']))).toEqual(new Set([facility]));
  expect(new Set(records.map(({ visitId }) => visitId)).size).toBe(
    new Set(truth.map(({ visitId }) => visitId)).size,
  );
}

/** Of the samples, a mapping may hold names of columns and codes of small sets. */
function expectNoPatient(text: string, truth: readonly TrueVisit[]): void {
  const values = truth.flatMap(({ birthDate, postalCode, commune, visitId }) =>
    [birthDate, postalCode, commune, visitId].filter((value) => typeof value === 'string'),
  );
  expect([...new Set(values)].filter((value) => text.includes(value))).toEqual([]);
}

async function expectMapped(
  sample: BlindSample,
  edits: readonly LineEdit[],
  given: {
    readonly options: readonly string[];
    readonly visitId: string;
    readonly freeText?: readonly string[];
  },
): Promise<void> {
  expect(edits.length).toBeLessThanOrEqual(mostEdits);
  const tried = await corrected({ folder, files: sample.files, edits, options: given.options });
  expect(tried.proposed).toContain(`  visitId: ${given.visitId}\n`);
  expectNoPatient(tried.proposed, sample.truth);
  const { records, rejected, errors } = await everyRecord(tried, given.freeText ?? []);
  expect(rejected).toEqual([]);
  expect(errors).toEqual([]);
  expectTrue(records, sample.truth, sample.facility);
}

describe('map init on exports that were invented without knowing it', () => {
  it('reads a dump of a reporting tool: tabs, a title, labels, codes beside their wording', async () => {
    const sample = reportDump();
    const options = ['--facility', sample.facility];
    await expectMapped(sample, reportEdits, {
      options,
      visitId: 'N° de dossier urgences',
      freeText: ['reason'],
    });
  });

  it('reads the result of a query: names in two languages, times with an offset, NULL', async () => {
    await expectMapped(queryResult(), queryEdits, { options: [], visitId: 'encounterId' });
  });

  it('reads two systems side by side: a column per diagnosis, padded stays of the whole hospital', async () => {
    const sample = twoSystems();
    const options = ['--facility', sample.facility];
    await expectMapped(sample, systemsEdits, { options, visitId: 'NO_PASSAGE', freeText: ['reason'] });
  });
});
