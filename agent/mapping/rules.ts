import type { Rule } from '../../shared/feeds/feed.ts';

/** What a mapping says of a record or of an export's columns; the field is the source's column. */
export const mappingRules: readonly Rule[] = [
  { id: 'mapping-value-refused', severity: 'error', fields: [] },
  { id: 'mapping-value-replaced', severity: 'warning', fields: [] },
  { id: 'column-unknown', severity: 'info', fields: [] },
];
