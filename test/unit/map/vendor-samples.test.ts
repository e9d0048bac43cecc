import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMapping } from '../../../agent/commands/map/mapping-file.ts';
import { tryMapping } from '../../../agent/commands/map/trial.ts';
import { createTerminal } from '../../../agent/commands/terminal.ts';
import type { Visit } from '../../../installers/sandbox/visits.ts';
import type { Finding, FeedRecord } from '../../../shared/feeds/feed.ts';
import { onCommandLine } from '../../support/command-line.ts';
import {
  edit,
  joinedEdits,
  labelsEdits,
  paddedEdits,
  type LineEdit,
} from '../../support/vendor-samples/edits.ts';
import { labelsCsv } from '../../support/vendor-samples/labels-csv.ts';
import { paddedColumns } from '../../support/vendor-samples/padded-columns.ts';
import type { VendorFile } from '../../support/vendor-samples/population.ts';
import { textsOfRecord, truthOf } from '../../support/vendor-samples/truth.ts';
import { twoExports } from '../../support/vendor-samples/two-exports.ts';

const finess = '990000010';
const mostEdits = 10;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-map-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Tried {
  readonly proposed: string;
  readonly mapping: string;
  readonly samples: readonly string[];
}

/** `map init`, then the edits of a person. */
async function corrected(
  files: readonly VendorFile[],
  edits: readonly LineEdit[],
  options: readonly string[],
): Promise<Tried> {
  const samples = await Promise.all(
    files.map(async ({ name, content }) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    }),
  );
  const mapping = join(folder, 'urgences.yaml');
  const answer = await onCommandLine(['map', 'init', '--out', mapping, ...options, ...samples]);
  expect(answer).toMatchObject({ code: 0, err: '' });
  const proposed = await readFile(mapping, 'utf8');
  await writeFile(mapping, edit(proposed, edits));
  return { proposed, mapping, samples };
}

async function everyRecord(
  { mapping, samples }: Tried,
  freeText: readonly string[],
): Promise<{
  readonly records: readonly FeedRecord[];
  readonly rejected: readonly string[];
  readonly errors: readonly Finding[];
}> {
  const { compiled } = await loadMapping(mapping);
  const records: FeedRecord[] = [];
  const rejected: string[] = [];
  const errors: Finding[] = [];
  const terminal = createTerminal(process);
  await tryMapping(
    compiled,
    samples,
    { facility: undefined, freeText, terminal },
    {
      record: (_place, built) => records.push(built),
      rejected: (_place, rule) => rejected.push(rule),
      finding: (_file, finding) => {
        if (finding.severity === 'error') errors.push(finding);
      },
    },
  );
  return { records, rejected, errors };
}

async function expectWhole(
  tried: Tried,
  visits: readonly Visit[],
  truth: (visit: Visit) => ReturnType<typeof truthOf>,
  freeText: readonly string[] = [],
): Promise<void> {
  expect(await onCommandLine(['map', 'check', tried.mapping])).toMatchObject({ code: 0 });
  expect(await onCommandLine(['map', 'test', tried.mapping])).toMatchObject({ code: 0 });
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
    const tried = await corrected([sample], labelsEdits, ['--facility', finess]);
    expectNoPatient(tried.proposed, sample.visits);
    await expectWhole(tried, sample.visits, (visit) => truthOf(visit, { reason: visit.case.text }), [
      'reason',
    ]);
  });

  it('needs at most ten edited lines for padded columns without a header, of numeric codes', async () => {
    expect(paddedEdits.length).toBeLessThanOrEqual(mostEdits);
    const sample = paddedColumns(finess);
    const tried = await corrected([sample], paddedEdits, []);
    expectNoPatient(tried.proposed, sample.visits);
    await expectWhole(tried, sample.visits, (visit) =>
      truthOf(visit, { commune: withoutAccents(visit.commune), reason: visit.case.thesaurus }),
    );
  });

  it.each(['department first', 'office first'])('needs at most ten for two exports, %s', async (order) => {
    expect(joinedEdits.length).toBeLessThanOrEqual(mostEdits);
    const { department, office } = twoExports(finess);
    const files = order === 'department first' ? [department, office] : [office, department];
    const tried = await corrected(files, joinedEdits, ['--facility', finess]);
    expectNoPatient(tried.proposed, department.visits);
    await expectWhole(tried, department.visits, (visit) => truthOf(visit, { reason: visit.case.icd }, ':00'));
  });

  it('finds what the sample holds: coverage says the same as the visits', async () => {
    const sample = labelsCsv(finess);
    const tried = await corrected([sample], labelsEdits, ['--facility', finess]);
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
