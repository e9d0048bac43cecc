import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from '../../../agent/adt/event.ts';
import { refusalRule } from '../../../agent/commands/refusals.ts';
import { mappingRules } from '../../../agent/mapping/rules.ts';
import { damagedRule } from '../../../agent/reader/finding.ts';
import { exportRules } from '../../../shared/feeds/export-rules.ts';
import { allFeeds, feedNamed } from '../../../shared/feeds/registry.ts';
import { findingText, findingTexts } from '../../../shared/i18n/findings.ts';

const rules = [...allFeeds.flatMap((feed) => feed.rules), ...exportRules, ...mappingRules];
/** Also those of no feed: a message not taken, data at rest that does not open, an agency that refused. */
const known = new Set([...rules.map((rule) => rule.id), ...refusalCodes, damagedRule, refusalRule]);

describe('the sentences of findings', () => {
  it.each([...known])('%s has one in French and one in English', (id) => {
    const [french, english] = [findingText(id, 'fr', 'ZBE-4'), findingText(id, 'en', 'ZBE-4')];
    expect(french).toMatch(/^[A-ZÀ-Ý][^{}]{10,}$/);
    expect(english).toMatch(/^[A-Z][^{}]{10,}$/);
    expect(french).not.toBe(english);
  });

  it('exist for no rule that does not', () => {
    expect(Object.keys(findingTexts).filter((id) => !known.has(id))).toEqual([]);
  });

  it('exist for every rule that the sources give a finding', () => {
    const root = resolve(import.meta.dirname, '../../..');
    const files = execFileSync('git', ['ls-files', '-z', 'agent', 'receiver', 'shared'], { cwd: root })
      .toString()
      .split('\0')
      .filter((file) => file.endsWith('.ts') && existsSync(join(root, file)))
      // What is erased is erased by a rule of another kind.
      .filter((file) => file !== 'receiver/extraction/remove-files.ts');
    const given = files.flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /(?:\brule: |\b(?:findingOf|breach)\(\s*)'([a-z0-9-]+)'/g,
        ),
      ].map((match) => match[1] ?? ''),
    );
    expect(given).toContain('entree-missing');
    expect(given).toContain('column-unknown');
    expect(given.filter((id) => !known.has(id))).toEqual([]);
  });

  it('name the place in a message', () => {
    expect(findingText('adt-field-missing', 'fr', 'ZBE-1')).toBe('Le champ ZBE-1 est vide');
    expect(findingText('adt-segment-missing', 'en', 'ZBE')).toBe('Segment ZBE is missing');
  });

  it('of a rule from a newer version are its id', () => {
    expect(findingText('not-yet-known', 'fr', null)).toBe('not-yet-known');
  });
});

describe('the rules of all feeds', () => {
  it('have stable ids in kebab case and look at fields that exist', () => {
    for (const feed of allFeeds) {
      const fields = new Set([...feed.fields.map((field) => field.name), 'extensions']);
      for (const rule of feed.rules) {
        expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(rule.fields.filter((field) => !fields.has(field))).toEqual([]);
      }
      expect(new Set(feed.rules.map((rule) => rule.id)).size).toBe(feed.rules.length);
    }
  });

  it('have one severity, also where feeds share a rule', () => {
    const severities = new Map(rules.map((rule) => [rule.id, rule.severity]));
    for (const rule of rules) expect(rule.severity).toBe(severities.get(rule.id));
  });
});

describe('the registry', () => {
  it('finds a feed by its name', () => {
    for (const feed of allFeeds) expect(feedNamed(feed.name)).toBe(feed);
    expect(feedNamed('nothing')).toBeUndefined();
  });
});
