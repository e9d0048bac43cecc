import { z } from 'zod';
import { finessSyntax } from '../../shared/feeds/facility.ts';
import { expecting } from '../../shared/runtime/settings.ts';
import type { KeptReport } from '../pages/reads/report-reads.ts';
import type { Groups } from '../reports/groups.ts';
import { fileName } from '../reports/make-files.ts';
import { reportForms, reportKinds, type ReportForm } from '../store/report-tables.ts';
import { cursorParameter, cursorText, dayText, iso, limitParameter, readCursor } from './asked.ts';
import { profilesOf } from './rights.ts';
import { documentRoute, fileRoute, type ApiRoute } from './route.ts';
import { about, count, day, finess, instant, listOf, named, nowhere } from './schemas.ts';

const common = { scope: 'reports', profiles: profilesOf('reports'), method: 'GET' } as const;

const types: Readonly<Record<ReportForm, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

const report = named(
  'Report',
  z.strictObject({
    id: z.int(),
    kind: z.enum(reportKinds),
    facility: about(finess.nullable(), 'null: the whole region'),
    ...{ from: day, to: day, madeAt: instant, groupsVersion: count },
    language: z.enum(['fr', 'en']),
    origin: about(z.enum(['schedule', 'person']), 'Made once a period, or at the wish of somebody'),
    coverage: z.strictObject({
      whole: about(count, 'Days of facilities of which all is there'),
      incomplete: count,
      notAwaited: about(count, 'Days of facilities that are closed or not connected'),
      received: about(z.number().nullable(), 'Received of what is expected, 0 to 1 or more'),
    }),
    files: about(
      z.array(z.strictObject({ form: z.enum(reportForms), href: z.string() })),
      'As people are given it',
    ),
    figures: about(z.string(), 'Where its values are'),
  }),
  'A report that is kept',
);

const figures = named(
  'ReportFigures',
  z.strictObject({
    id: z.int(),
    language: about(z.enum(['fr', 'en']), 'Of the words below'),
    values: z.array(
      z.strictObject({
        facility: about(finess.nullable(), 'null: the whole region'),
        period: about(z.string(), 'A day 2026-11-20, a week 2026-W47, a month 2026-11'),
        measure: z.string(),
        class: about(z.string().nullable(), 'null: all'),
        value: about(
          z.union([z.number(), z.string()]).nullable(),
          'Shares are of 1; null: not known, never zero',
        ),
        state: about(z.string().nullable(), 'How whole it is, or why there is no value'),
      }),
    ),
  }),
  'Every value of a report',
);
const keptValues = figures.shape.values;

const band = z.strictObject({ low: z.number(), high: z.number() });
const group = named(
  'SyndromicGroup',
  z.strictObject({
    id: z.string(),
    name: z.strictObject({ fr: z.string(), en: z.string() }),
    codes: about(
      z.array(z.string()),
      'ICD-10: J21 and all below it; J09-J18 from one to the other; =U07.1 that code alone',
    ),
    diagnoses: z.enum(['principal', 'associated', 'any']),
    age: about(
      z.strictObject({ from: z.number().nullable(), below: z.number().nullable() }).nullable(),
      'Years; the upper bound is excluded',
    ),
    ...{ source: z.string(), confidence: z.enum(['confirmed', 'partial', 'local']) },
    expected: about(
      z.strictObject({ every: band.nullable(), weeks: z.record(z.string(), band) }).nullable(),
      'Shares in percent between which a week is as expected; a week of its own comes before every week’s',
    ),
  }),
  'Which diagnoses, of whom, are counted together',
);
const groups = named(
  'SyndromicGroups',
  z.strictObject({
    version: about(count, '0: the program’s own'),
    setAt: instant.nullable(),
    items: z.array(group),
  }),
  'The groups that reports count by now',
);

const onlyNumbers = z.strictObject({ id: z.string().regex(/^[1-9]\d{0,14}$/) });
const cursorShape = z.strictObject({ before: z.int().min(1) });

export const reportRoutes: readonly ApiRoute[] = [
  documentRoute(
    {
      ...{ ...common, id: 'listReports', path: '/reports', params: nowhere },
      summary: 'Reports that are kept, the latest first',
      query: z.strictObject({
        kind: about(z.enum(reportKinds).optional(), 'Only of this kind'),
        facility: about(
          z
            .union([z.literal('region'), z.string().regex(finessSyntax)], {
              error: expecting('un FINESS, ou region', 'a FINESS, or region'),
            })
            .optional(),
          'Only of this facility; region: of the whole region',
        ),
        ...{ cursor: cursorParameter(), limit: limitParameter(50, 200) },
      }),
      answer: listOf('ReportList', report),
    },
    async ({ query: { kind, facility, cursor, limit } }, { read }) => {
      const before = readCursor(cursorShape, cursor)?.before;
      const most = Number(limit);
      const filter = { kind, facility: facility === 'region' ? null : facility, before };
      const rows = await read(({ reports }) => reports.list(filter, most + 1));
      const shown = rows.slice(0, most);
      const last = shown.at(-1);
      return {
        items: shown.map(reportShown),
        next: rows.length > most && last !== undefined ? cursorText({ before: last.id }) : null,
      };
    },
  ),
  documentRoute(
    {
      ...{ ...common, id: 'getReport', path: '/reports/{id}', query: nowhere },
      ...{ params: onlyNumbers, answer: report },
      summary: 'One report, and where its files are',
    },
    async ({ params }, { read }) => {
      const row = await read(({ reports }) => reports.get(Number(params.id)));
      return row === undefined ? undefined : reportShown(row);
    },
  ),
  documentRoute(
    {
      ...{ ...common, id: 'getReportFigures', path: '/reports/{id}/figures', query: nowhere },
      ...{ params: onlyNumbers, answer: figures },
      summary: 'Every value of a report, as in its files',
    },
    async ({ params }, { read }) => {
      const id = Number(params.id);
      const found = await read(async ({ reports }) => ({
        row: await reports.get(id),
        content: await reports.file(id, 'json'),
      }));
      if (found.row === undefined || found.content === undefined) return undefined;
      const values = keptValues.parse(JSON.parse(found.content.toString()));
      return { id, language: found.row.language, values };
    },
  ),
  fileRoute(
    {
      ...{ ...common, id: 'getReportFile', path: '/reports/{id}/files/{form}', query: nowhere },
      ...{ params: onlyNumbers.extend({ form: z.enum(reportForms) }), types: Object.values(types) },
      summary: 'A report as it was made',
    },
    async ({ params: { id, form } }, { read }) => {
      const found = await read(async ({ reports }) => {
        const row = await reports.get(Number(id));
        const content = await reports.file(Number(id), form);
        return row === undefined || content === undefined ? undefined : { row, content };
      });
      return found === undefined
        ? undefined
        : { name: fileName(found.row, form), type: types[form], content: found.content };
    },
  ),
  documentRoute(
    {
      ...{ ...common, id: 'getSyndromicGroups', path: '/syndromic-groups', params: nowhere },
      ...{ query: nowhere, answer: groups },
      summary: 'The syndromic groups in force',
    },
    async (_asked, { read }) => groupsShown(await read(({ reports }) => reports.groups())),
  ),
];

function reportShown(row: KeptReport): z.input<typeof report> {
  const { id, kind, facility, from, to, language, origin, madeAt, groupsVersion, coverage } = row;
  const { whole, incomplete, notAwaited, received } = coverage;
  return {
    ...{ id, kind, facility, from: dayText(from), to: dayText(to), language, origin, groupsVersion },
    ...{ madeAt: iso(madeAt), coverage: { whole, incomplete, notAwaited, received } },
    figures: `/api/v1/reports/${id}/figures`,
    files: row.forms.map((form) => ({ form, href: `/api/v1/reports/${id}/files/${form}` })),
  };
}

function groupsShown({ version, set, groups: all }: Groups): z.input<typeof groups> {
  return {
    ...{ version, setAt: iso(set?.at) },
    items: all.map(({ id, name, codes, diagnoses, age, source, confidence, expected }) => ({
      ...{ id, name: { fr: name.fr, en: name.en }, codes: [...codes], diagnoses, source, confidence },
      age: age === undefined ? null : { from: age.from ?? null, below: age.below ?? null },
      expected:
        expected === undefined ? null : { every: expected.every ?? null, weeks: { ...expected.weeks } },
    })),
  };
}
