import { bedCodes, type CodeSet } from './code-lists.ts';
import type { BedRow } from './bed-availability-record.ts';
import { isFiness } from './facility.ts';
import type { Breach, Rule, Severity } from './feed.ts';
import { checkText } from './text-checks.ts';

const rule = (severity: Severity, id: string, ...fields: readonly string[]): Rule => ({
  id,
  severity,
  fields,
});

/** In the order in which a check reports them; severities as for ED visits. */
export const bedAvailabilityRules: readonly Rule[] = [
  // Seen when a record is built.
  rule('error', 'bed-zone-missing', 'zoneId'),
  rule('error', 'bed-observed-missing', 'observedAt'),
  rule('error', 'bed-observed-unreadable', 'observedAt'),
  rule('info', 'bed-observed-ambiguous', 'observedAt'),
  rule('warning', 'bed-observed-skipped', 'observedAt'),
  rule('warning', 'tag-repeated'),

  // One field.
  rule('error', 'finess-format', 'facility'),
  rule('error', 'bed-care-class-code', 'careClass'),
  rule('error', 'bed-source-code', 'source'),
  rule('error', 'bed-nature-code', 'nature'),
  rule('error', 'bed-status-code', 'status'),
  rule('error', 'bed-horizon-code', 'horizon'),
  rule('error', 'bed-count-missing', 'count'),
  rule('error', 'bed-count-negative', 'count'),
  rule('error', 'bed-gender-code', 'gender'),
  rule('error', 'bed-closing-code', 'closing'),
  rule('error', 'bed-additional-code', 'additional'),
  rule('error', 'bed-crisis-code', 'crisis'),
  rule('error', 'bed-assignment-code', 'assignment'),

  // Several fields: each detail belongs to one status.
  rule('warning', 'bed-gender-status', 'gender', 'status'),
  rule('warning', 'bed-closing-status', 'closing', 'status'),
  rule('warning', 'bed-additional-status', 'additional', 'status'),
  rule('warning', 'bed-crisis-status', 'crisis', 'status'),

  // Text, whatever the field.
  rule('warning', 'text-mojibake', 'unitLabel', 'comment', 'extensions'),
  rule('warning', 'text-control', 'unitLabel', 'comment', 'extensions'),
  rule('info', 'unknown-tag', 'extensions'),
];

/** Codes every row has (missing is as bad as unknown), then those only some have. */
const required = [
  ['careClass', 'bed-care-class-code'],
  ['source', 'bed-source-code'],
  ['nature', 'bed-nature-code'],
  ['status', 'bed-status-code'],
  ['horizon', 'bed-horizon-code'],
] as const;
const optional = [
  ['gender', 'bed-gender-code'],
  ['closing', 'bed-closing-code'],
  ['additional', 'bed-additional-code'],
  ['crisis', 'bed-crisis-code'],
  ['assignment', 'bed-assignment-code'],
] as const;

/** Available, closed and supplementary beds carry details of their own. */
const detailStatus = [
  ['gender', '02', 'bed-gender-status'],
  ['closing', '05', 'bed-closing-status'],
  ['additional', '06', 'bed-additional-status'],
  ['crisis', '06', 'bed-crisis-status'],
] as const;

export function checkBedRow(row: BedRow): readonly Breach[] {
  const found: Breach[] = [];
  const breach = (id: string, field: string): void => {
    found.push({ rule: id, field });
  };
  if (!isFiness(row.facility)) breach('finess-format', 'finessGeo');
  for (const [name, id] of required) if (!isIn(bedCodes[name], row[name])) breach(id, name);
  if (row.count === undefined) breach('bed-count-missing', 'count');
  else if (row.count < 0) breach('bed-count-negative', 'count');
  for (const [name, id] of optional)
    if (row[name] !== undefined && !isIn(bedCodes[name], row[name])) breach(id, name);
  for (const [name, status, id] of detailStatus)
    if (row[name] !== undefined && row.status !== undefined && row.status !== status) breach(id, name);
  checkTexts(row, found);
  return found;
}

function isIn(codes: CodeSet, code: string | undefined): boolean {
  return code !== undefined && codes.has(code);
}

function checkTexts(row: BedRow, found: Breach[]): void {
  const extensions = Object.entries(row.extensions ?? {});
  const texts = [
    ...checkText(row.unitLabel ?? '', 'unitLabel'),
    ...checkText(row.comment ?? '', 'comment'),
    ...extensions.flatMap(([name, text]) => checkText(text, name)),
  ];
  for (const id of ['text-mojibake', 'text-control'])
    found.push(...texts.filter((breach) => breach.rule === id));
  for (const [name] of extensions) found.push({ rule: 'unknown-tag', field: name });
}
