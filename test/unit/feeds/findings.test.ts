import { describe, expect, it } from 'vitest';
import { mappingRules } from '../../../agent/mapping/rules.ts';
import { exportRules } from '../../../shared/feeds/export-rules.ts';
import { allFeeds, feedNamed } from '../../../shared/feeds/registry.ts';
import { findingText, findingTexts } from '../../../shared/i18n/findings.ts';

const rules = [...allFeeds.flatMap((feed) => feed.rules), ...exportRules, ...mappingRules];

describe('the sentences of findings', () => {
  it.each([...new Set(rules.map((rule) => rule.id))])('%s has one in French and one in English', (id) => {
    expect(findingText(id, 'fr')).toMatch(/^[A-ZÀ-Ý].{10,}$/);
    expect(findingText(id, 'en')).toMatch(/^[A-Z].{10,}$/);
    expect(findingText(id, 'fr')).not.toBe(findingText(id, 'en'));
  });

  it('exist for no rule that does not', () => {
    const known = new Set(rules.map((rule) => rule.id));
    expect(Object.keys(findingTexts).filter((id) => !known.has(id))).toEqual([]);
  });

  it('of a rule from a newer version are its id', () => {
    expect(findingText('not-yet-known', 'fr')).toBe('not-yet-known');
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
