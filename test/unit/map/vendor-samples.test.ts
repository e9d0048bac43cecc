import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../../../installers/sandbox/visits.ts';
import { onCommandLine } from '../../support/command-line.ts';
import { joinedEdits, labelsEdits, paddedEdits } from '../../support/vendor-samples/edits.ts';
import { labelsCsv } from '../../support/vendor-samples/labels-csv.ts';
import { paddedColumns } from '../../support/vendor-samples/padded-columns.ts';
import { textsOfRecord, truthOf } from '../../support/vendor-samples/truth.ts';
import { twoExports } from '../../support/vendor-samples/two-exports.ts';
import { corrected, everyRecord, type Tried } from './corrected.ts';

const finess = '990000010';
const mostEdits = 10;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-map-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function expectWhole(
  tried: Tried,
  visits: readonly Visit[],
  truth: (visit: Visit) => ReturnType<typeof truthOf>,
  freeText: readonly string[] = [],
): Promise<void> {
  const { records, rejected, errors } = await everyRecord(tried, freeText);
  expect(rejected).toEqual([]);
  expect(errors).toEqual([]);
  expect(records.map(textsOfRecord)).toEqual(visits.map(truth));
  expect(records.every(({ facility, visitId }) => facility === finess && visitId !== undefined)).toBe(true);
  expect(new Set(records.map(({ visitId }) => visitId)).size).toBe(visits.length);
}

/** Of the samples, a mapping may hold names of columns and codes of small sets. */
function expectNoPatient(text: string, visits: readonly Visit[]): void {
  const values = visits.flatMap(({ birthDate, postalCode, commune, number }) => [
    ...[birthDate, birthDate.split('/').reverse().join(''), birthDate.replaceAll('/', '-')],
    ...[postalCode, commune, number],
  ]);
  const whole = (value: string): boolean =>
    new RegExp(`(?<![\\p{L}\\d])${value}(?![\\p{L}\\d])`, 'u').test(text);
  expect([...new Set(values)].filter(whole)).toEqual([]);
}

describe('map init on an export that no mapping was made for', () => {
  it('needs at most ten edited lines for labels, split times and windows-1252', async () => {
    expect(labelsEdits.length).toBeLessThanOrEqual(mostEdits);
    const sample = labelsCsv(finess);
    const tried = await corrected({
      folder,
      files: [sample],
      edits: labelsEdits,
      options: ['--facility', finess],
    });
    expectNoPatient(tried.proposed, sample.visits);
    await expectWhole(tried, sample.visits, (visit) => truthOf(visit, { reason: visit.case.text }), [
      'reason',
    ]);
  });

  it('needs at most ten edited lines for padded columns without a header, of numeric codes', async () => {
    expect(paddedEdits.length).toBeLessThanOrEqual(mostEdits);
    const sample = paddedColumns(finess);
    const tried = await corrected({ folder, files: [sample], edits: paddedEdits, options: [] });
    expectNoPatient(tried.proposed, sample.visits);
    await expectWhole(tried, sample.visits, (visit) =>
      truthOf(visit, { commune: withoutAccents(visit.commune), reason: visit.case.thesaurus }),
    );
  });

  it.each(['department first', 'office first'])('needs at most ten for two exports, %s', async (order) => {
    expect(joinedEdits.length).toBeLessThanOrEqual(mostEdits);
    const { department, office } = twoExports(finess);
    const files = order === 'department first' ? [department, office] : [office, department];
    const tried = await corrected({ folder, files, edits: joinedEdits, options: ['--facility', finess] });
    expectNoPatient(tried.proposed, department.visits);
    await expectWhole(tried, department.visits, (visit) => truthOf(visit, { reason: visit.case.icd }, ':00'));
  });

  it('finds what the sample holds: coverage says the same as the visits', async () => {
    const sample = labelsCsv(finess);
    const tried = await corrected({
      folder,
      files: [sample],
      edits: labelsEdits,
      options: ['--facility', finess],
    });
    const said = await onCommandLine([
      ...['map', 'coverage', '--json', '--free-text', 'reason', tried.mapping],
      ...tried.samples,
    ]);
    const report = JSON.parse(said.out) as {
      readonly accepted: number;
      readonly fields: readonly {
        readonly field: string;
        readonly filled: number;
        readonly verdict: string;
      }[];
      readonly files: readonly {
        readonly unknownCodes: readonly unknown[];
        readonly unmapped: readonly string[];
      }[];
    };
    expect(report.accepted).toBe(sample.visits.length);
    const filled = new Map(report.fields.map(({ field, filled: count }) => [field, count]));
    expect(filled.get('origin')).toBe(sample.visits.filter(({ origin }) => origin !== '').length);
    expect(filled.get('reason')).toBe(sample.visits.filter(({ case: { text } }) => text !== '').length);
    expect(filled.get('severity')).toBe(sample.visits.filter(({ severity }) => severity !== '').length);
    expect(report.files).toMatchObject([{ unknownCodes: [], unmapped: [] }]);
  });
});

function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
}
