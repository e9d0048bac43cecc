import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reportsTerminal } from '../../shared/i18n/terminal-reports.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { fileName } from '../reports/make-files.ts';
import { periodText } from '../reports/period.ts';
import {
  reportForms,
  reportKinds,
  type ReportKind,
  type ReportMail,
  type ReportMailState,
  type ReportRow,
} from '../store/report-tables.ts';
import { writeDown } from './command-actor.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { countOption, isoOf, shownAt } from './destination-words.ts';
import { printable } from './manifest-lines.ts';

export interface ListOptions {
  readonly kind?: string | undefined;
  readonly facility?: string | undefined;
  readonly limit: string;
}

/** What is kept, and what became of its mails. Exit code 1 when a mail was given up. */
export async function listReports(
  { config, language }: CommandContext,
  options: ListOptions,
): Promise<CommandAnswer> {
  const kind = options.kind === undefined ? undefined : kindAsked(options.kind);
  const facility =
    options.facility === undefined
      ? undefined
      : options.facility === 'region'
        ? null
        : checkedFiness(options.facility);
  const limit = countOption(options.limit, '--limit', 1000);
  const found = await withStore(config, (store) =>
    store.read(async (tx) => {
      const rows: { row: ReportRow; mails: readonly ReportMail[] }[] = [];
      for (const row of await tx.reports.stored.list({ kind, facility }, limit))
        rows.push({ row, mails: await tx.reports.mails.of(row.id) });
      return rows;
    }),
  );
  const say = speaker(reportsTerminal, language);
  const lines = found.map(({ row, mails }) => {
    const count = (...states: ReportMailState[]): number =>
      mails.filter(({ state }) => states.includes(state)).length;
    const code = mails.find((each) => each.code !== null)?.code;
    const { whole, incomplete } = row.coverage;
    return say('listLine', {
      ...{ id: row.id, period: periodText(row), language: row.language, author: printable(row.author) },
      ...{ scope: row.facility ?? say('region'), at: shownAt(row.madeAt, language) },
      ...{ whole, of: whole + incomplete },
      pdf: row.pdf === 'failed' ? say('noPdf', { code: row.pdfCode ?? '' }) : '',
      mails:
        mails.length === 0
          ? ''
          : say('mails', {
              ...{ sent: count('sent'), pending: count('pending', 'sending'), failed: count('failed') },
              code: code === undefined || code === null ? '' : ` (${code})`,
            }),
    });
  });
  const given = found.some(({ mails }) => mails.some(({ state }) => state === 'failed'));
  return {
    document: { reports: found.map(documentOf) },
    lines: lines.length === 0 ? [say('listNone')] : lines,
    ...(given ? { exitCode: 1 } : {}),
  };
}

/** Throws `command-invalid`. */
export function kindAsked(text: string): ReportKind {
  const kind = reportKinds.find((each) => each === text);
  if (kind === undefined) throw permanent('command-invalid', { facts: { detail: reportKinds.join(' | ') } });
  return kind;
}

function documentOf({ row, mails }: { readonly row: ReportRow; readonly mails: readonly ReportMail[] }) {
  return {
    ...{ ...row, from: dayToIso(row.from), to: dayToIso(row.to), madeAt: isoOf(row.madeAt) },
    mails: mails.map(({ address, state, attempts, dueAt, sentAt, code }) => ({
      ...{ address, state, attempts, dueAt: isoOf(dueAt), sentAt: isoOf(sentAt), code },
    })),
  };
}

/** Files of a kept report, as they were made. Throws `report-unknown`. */
export async function getReport(
  { config }: CommandContext,
  options: { readonly id: string; readonly to: string },
): Promise<CommandAnswer> {
  const id = reportNumber(options.id);
  const folder = resolve(options.to);
  const written = await withStore(config, async (store) => {
    const row = await store.read((tx) => tx.reports.stored.get(id));
    if (row === undefined) throw permanent('report-unknown', { facts: { id } });
    const paths: string[] = [];
    for (const form of reportForms) {
      const content = await store.read((tx) => tx.reports.stored.file(id, form));
      if (content === undefined) continue;
      const path = join(folder, fileName(row, form));
      await mkdir(folder, { recursive: true })
        .then(() => writeDurably(path, content))
        .catch((error: unknown) => {
          const facts = { folder, reason: systemCode(error) ?? '' };
          throw permanent('report-folder-unwritable', { facts, cause: error });
        });
      paths.push(path);
    }
    return paths;
  });
  return { document: { id, files: written }, lines: written };
}

/** Mails that were given up leave again. Throws `report-unknown`. */
export async function retryReport(
  { config, clock, language }: CommandContext,
  options: { readonly id: string },
): Promise<CommandAnswer> {
  const id = reportNumber(options.id);
  const count = await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const row = await tx.reports.stored.get(id);
      if (row === undefined) throw permanent('report-unknown', { facts: { id } });
      const mails = await tx.reports.mails.retry(id, clock.now());
      const { facility } = row;
      if (mails > 0)
        await writeDown(tx, clock, {
          ...{ action: 'report.retry', subject: `${id}`, facts: { mails } },
          ...(facility === null ? {} : { facility }),
        });
      return mails;
    }),
  );
  return {
    document: { id, mails: count },
    lines: [speaker(reportsTerminal, language)('retried', { id, count })],
  };
}

function reportNumber(text: string): number {
  return countOption(text, 'ID', 999_999);
}
