import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sentenceNamed } from '../../../shared/i18n/portal-journal-sentences.ts';

const areas = [
  ...[
    'account',
    'agent',
    'alert',
    'carry',
    'closure',
    'contact',
    'days',
    'degraded',
    'delivery',
    'destination',
  ],
  ...[
    'dispatch',
    'facility',
    'hand-count',
    'history',
    'key',
    'note',
    'notice',
    'record',
    'region',
    'removals',
  ],
];
const actionName = new RegExp(`'((?:${areas.join('|')})\\.[a-z-]+)'`, 'g');

/** Dotted names that are written down somewhere as an action. */
const written = new Set(
  globSync('receiver/**/*.ts').flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (!/appendAudit|writeDown|AuditEntry/.test(text)) return [];
    return [...text.matchAll(actionName)].map(([, name]) => name ?? '');
  }),
);

it('there is a sentence for every action that is written down', () => {
  expect(written.size).toBeGreaterThan(30);
  expect([...written].filter((name) => sentenceNamed(name) === undefined)).toEqual([]);
});
