import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeFault } from '../../shared/i18n/errors.ts';
import { reportsTerminal } from '../../shared/i18n/terminal-reports.ts';
import { speaker, type Language } from '../../shared/i18n/texts.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { asFault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { createWatchRules } from '../monitor/settings.ts';
import { createPrinter } from '../reports/chromium.ts';
import { computeFigures } from '../reports/figures/compute.ts';
import { coverageOf } from '../reports/figures/coverage.ts';
import { fileName, makeFiles } from '../reports/make-files.ts';
import { periodAsked } from '../reports/period.ts';
import { reportForms, type ReportKind } from '../store/report-tables.ts';
import { commandActor } from './command-actor.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';

export interface MakeOptions {
  readonly kind: ReportKind;
  readonly to: string;
  readonly period?: string | undefined;
  readonly facility?: string | undefined;
  readonly language?: string | undefined;
}

/** Writes a report's files to a folder; keeps and sends nothing. */
export async function makeReport(
  { config, clock, language }: CommandContext,
  options: MakeOptions,
): Promise<CommandAnswer> {
  const now = clock.now();
  const period = periodAsked(options.kind, options.period, now);
  const facility = options.facility === undefined ? null : checkedFiness(options.facility);
  const printed = languageAsked(options.language) ?? config.reports.languages[0] ?? 'fr';
  const folder = resolve(options.to);
  await prepare(folder);
  const { watching, destinations, region, reports, quality } = config;
  const figures = await withStore(config, (store) =>
    computeFigures(
      { store, rules: createWatchRules(watching), destinations, region },
      { ...period, facility, now },
    ),
  );
  const { files, pdf, pdfFault } = await makeFiles(figures, {
    ...{ language: printed, author: commandActor().name, forms: reports.formats, quality },
    print: reports.chromium === undefined ? undefined : createPrinter(reports.chromium),
  });
  const written: string[] = [];
  for (const form of reportForms) {
    const content = files[form];
    if (content === undefined) continue;
    const path = join(folder, fileName({ ...figures, language: printed }, form));
    await writeDurably(path, content).catch((error: unknown) => {
      throw unwritable(folder, error);
    });
    written.push(path);
  }
  const say = speaker(reportsTerminal, language);
  const { whole, incomplete, received } = coverageOf(figures);
  const fault = pdf === 'failed' ? describeFault(asFault(pdfFault), language) : undefined;
  return {
    document: {
      ...{ kind: period.kind, from: dayToIso(period.from), to: dayToIso(period.to), facility },
      ...{ visits: figures.total.visits, groupsVersion: figures.groups.version },
      ...{ coverage: { whole, incomplete, received }, files: written, pdf, fault: fault ?? null },
    },
    lines: [
      say('made', { visits: figures.total.visits, whole, of: whole + incomplete }),
      ...written.map((path) => `  ${path}`),
      ...(fault === undefined ? [] : [`! ${fault.message} [${fault.code}]`, `→ ${fault.hint}`]),
    ],
    ...(fault === undefined ? {} : { exitCode: 1 }),
  };
}

function languageAsked(text: string | undefined): Language | undefined {
  if (text === undefined || text === 'fr' || text === 'en') return text;
  throw permanent('command-invalid', { facts: { detail: '--language fr | en' } });
}

async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
}

function unwritable(folder: string, error: unknown): Error {
  const facts = { folder, reason: systemCode(error) ?? '' };
  return permanent('report-folder-unwritable', { facts, cause: error });
}
