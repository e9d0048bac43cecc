import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { journalActions, sentenceNamed } from '../../../shared/i18n/portal-journal-sentences.ts';

/** What is dotted and names no action. */
const fileEndings = /\.(?:pem|key|js|css|svg|json|jws|db|lock|tmp|ts|xml)$/;
/** Actions whose name is put together where they are written. */
const composed: Readonly<Record<string, readonly string[]>> = {
  'removals.${decision}': ['removals.confirm', 'removals.keep'],
  'removals.propose-${decision}': ['removals.propose-confirm', 'removals.propose-keep'],
  'contact.${change.kind}': ['contact.change', 'contact.first', 'contact.remove'],
  "dispatch.${said.verdict === 'refused' ? 'refuse' : 'acknowledge'}": [
    'dispatch.refuse',
    'dispatch.acknowledge',
  ],
};

const sources = globSync('receiver/**/*.ts').map((file) => readFileSync(file, 'utf8'));
/** Every dotted name of the receiver, wherever it is written and by whatever function it is handed on. */
const written = new Set(
  sources
    .flatMap((text) => [...text.matchAll(/'([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)'/g)])
    .map(([, name]) => name ?? '')
    .filter((name) => !fileEndings.test(name)),
);
const templates = new Set(
  sources.flatMap((text) => [...text.matchAll(/action: `([^`]+)`/g)]).map(([, template]) => template ?? ''),
);
const actions = [...written, ...[...templates].flatMap((template) => composed[template] ?? [])];

describe('the journal’s sentences', () => {
  it('are there for every action that is written down, in both languages', () => {
    expect(written.size).toBeGreaterThan(40);
    const lacking = actions.filter((action) => {
      const sentence = sentenceNamed(action);
      const texts = [sentence?.name.fr, sentence?.name.en, sentence?.text.fr, sentence?.text.en];
      return texts.some((text) => text === undefined || text === '');
    });
    expect(lacking).toEqual([]);
  });

  it('know every way in which an action’s name is put together', () => {
    expect([...templates].sort()).toEqual(Object.keys(composed).sort());
  });

  it('say who acted, and differ from one language to the other', () => {
    // Whose sign-in was refused is not known.
    for (const action of actions.filter((each) => each !== 'account.sign-in-refused')) {
      const text = sentenceNamed(action)?.text;
      expect([action, text?.fr.startsWith('{who} '), text?.en.startsWith('{who} ')]).toEqual([
        action,
        true,
        true,
      ]);
      expect(text?.fr).not.toBe(text?.en);
    }
  });

  it('tell of no action that nobody writes', () => {
    expect(journalActions.filter((action) => !actions.includes(action))).toEqual([]);
  });
});
