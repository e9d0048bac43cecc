import type { Clock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ReceiverConfig } from '../config.ts';
import { createWatchRules } from '../monitor/settings.ts';
import type { ReportRow } from '../store/report-tables.ts';
import type { Store } from '../store/store.ts';
import { computeFigures, type Figures, type ReportPeriod } from './figures/compute.ts';
import { coverageOf } from './figures/coverage.ts';
import { makeFiles, type PrintPdf, type ReportFiles } from './make-files.ts';

export interface KeepDeps {
  readonly config: Pick<ReceiverConfig, 'region' | 'watching' | 'destinations' | 'quality' | 'reports'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly print: PrintPdf | undefined;
}

const author = 'Vaguemestre';

/**
 * Every report of a period: each facility's and the region's, in each language, from one pass over the records. What is
 * kept already is not made again, so that a run that was broken off goes on where it was. Each is kept in the transaction
 * that also writes down who is to get it.
 */
export async function keepReports(
  deps: KeepDeps,
  period: ReportPeriod,
  signal: AbortSignal,
): Promise<number> {
  const { config, store, clock } = deps;
  const { region, watching, destinations } = config;
  let made = 0;
  const keep = async (figures: Figures): Promise<void> => {
    made += await keepOne(deps, figures, signal);
  };
  const figures = await computeFigures(
    { store, rules: createWatchRules(watching), destinations, region },
    { ...period, facility: null, now: clock.now(), each: keep },
    signal,
  );
  await keep(figures);
  return made;
}

async function keepOne(deps: KeepDeps, figures: Figures, signal: AbortSignal): Promise<number> {
  const { config, store, random, logger } = deps;
  const { kind, from, facility } = figures;
  const coverage = coverageOf(figures);
  // Closed, or not connected yet: there is nothing to report of it.
  if (facility !== null && coverage.whole + coverage.incomplete === 0 && figures.total.visits === 0) return 0;
  let made = 0;
  for (const [index, language] of config.reports.languages.entries()) {
    const isMade = await store.read((tx) => tx.reports.stored.isMade({ kind, facility, from, language }));
    if (isMade) continue;
    const { row, files } = await drawReport(deps, figures, { language, author, origin: 'schedule' }, signal);
    // People get one language, the first: the others are there to be fetched.
    const addresses = index === 0 ? await addressesOf(deps, facility) : [];
    const mails = addresses.map((address) => ({ address, identity: random.uuid(row.madeAt) }));
    const id = await store.transaction((tx) => tx.reports.stored.add(row, files, mails));
    if (id === undefined) continue;
    made += 1;
    if (row.pdf === 'failed') logger.warn({ report: id, code: row.pdfCode }, 'report-not-printed');
  }
  return made;
}

/** Files of a report, and the row that they are kept under. */
export async function drawReport(
  { config, clock, print }: Pick<KeepDeps, 'config' | 'clock' | 'print'>,
  figures: Figures,
  made: Pick<ReportRow, 'language' | 'author' | 'origin'>,
  signal?: AbortSignal,
): Promise<{ readonly row: Omit<ReportRow, 'id'>; readonly files: ReportFiles['files'] }> {
  const { kind, from, to, facility, groups } = figures;
  const settings = { ...made, forms: config.reports.formats, quality: config.quality, print };
  const { files, pdf, pdfFault } = await makeFiles(figures, settings, signal);
  const { whole, incomplete, notAwaited, received } = coverageOf(figures);
  return {
    files,
    row: {
      ...{ ...made, kind, facility, from, to, pdf, madeAt: clock.now(), groupsVersion: groups.version },
      coverage: { whole, incomplete, notAwaited, received },
      pdfCode: pdf === 'failed' ? asFault(pdfFault).code : null,
    },
  };
}

async function addressesOf({ config, store }: KeepDeps, facility: string | null): Promise<readonly string[]> {
  const { region = [], facilities, contacts } = config.reports.recipients;
  if (facility === null) return [...new Set(region)];
  const known = contacts ? await store.read((tx) => tx.care.contacts.of(facility)) : [];
  return [
    ...new Set([
      ...(facilities[facility] ?? []),
      ...(facilities['*'] ?? []),
      ...known.map(({ email }) => email).filter((email) => email !== ''),
    ]),
  ];
}
