import type { Rule } from '../../shared/feeds/feed.ts';

/** What a mapping says of a record or of an export's columns; the field is the source's column. */
export const mappingRules: readonly Rule[] = [
  { id: 'mapping-value-refused', severity: 'error', fields: [] },
  { id: 'mapping-value-replaced', severity: 'warning', fields: [] },
  { id: 'column-unknown', severity: 'info', fields: [] },
  { id: 'free-text-withheld', severity: 'info', fields: [] },
  // Exports that complete each other.
  { id: 'join-half-missing', severity: 'info', fields: [] },
  { id: 'join-waiting', severity: 'info', fields: [] },
  { id: 'join-ambiguous', severity: 'warning', fields: [] },
  { id: 'join-key-missing', severity: 'warning', fields: [] },
];
