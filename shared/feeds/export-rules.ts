import type { Rule } from './feed.ts';

/** Rules about an export, its reading and its place among others: whatever the feed. The reader, the agent and the receiver report them. */
export const exportRules: readonly Rule[] = [
  // Reading.
  { id: 'record-unreadable', severity: 'error', fields: [] },
  { id: 'record-too-large', severity: 'error', fields: [] },
  { id: 'encoding-declared-wrong', severity: 'warning', fields: [] },
  { id: 'bare-ampersand', severity: 'warning', fields: [] },

  // The header against the content.
  { id: 'facility-mismatch', severity: 'error', fields: [] },
  { id: 'window-mismatch', severity: 'warning', fields: [] },
  { id: 'extract-missing', severity: 'warning', fields: [] },
  { id: 'extract-unreadable', severity: 'warning', fields: [] },
  { id: 'extract-future', severity: 'warning', fields: [] },

  // Several records together.
  { id: 'possible-duplicate', severity: 'warning', fields: [] },
  { id: 'day-over-limit', severity: 'info', fields: [] },

  // What the region no longer keeps.
  { id: 'past-retention', severity: 'warning', fields: [] },
  { id: 'erased-on-request', severity: 'warning', fields: [] },
];
