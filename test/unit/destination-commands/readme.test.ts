import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../receiver/config.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../../../receiver/README.md'), 'utf8');
const examples = [...readme.matchAll(/```yaml\n(state:[\s\S]*?)```/g)].map(([, text]) => text ?? '');

describe('the settings in the README', () => {
  it('are there', () => expect(examples).toHaveLength(3));

  it.each(examples.map((text, index) => [index + 1, text] as const))(
    'example %i is taken as it is',
    (_n, text) => {
      expect(parseConfig(text, join('/etc', 'receiver.yaml')).state).toContain('receiver');
    },
  );

  it('show every kind of transport, protection, schedule, profile and answer', () => {
    const { destinations } = parseConfig(examples[2] ?? '', join('/etc', 'receiver.yaml'));
    const kinds = (of: 'transport' | 'protection' | 'schedule' | 'profile' | 'acknowledgement') =>
      new Set(destinations.map((each) => each[of].kind));
    expect(kinds('transport')).toEqual(new Set(['directory', 'sftp', 'ftps', 'https', 'submission', 'pull']));
    expect(kinds('protection')).toEqual(new Set(['none', 'openpgp', 'cms']));
    expect(kinds('schedule')).toEqual(new Set(['at-once', 'calendar']));
    expect(kinds('profile')).toEqual(new Set(['all', 'oscour', 'atih', 'allow']));
    expect(kinds('acknowledgement')).toEqual(new Set(['none', 'person', 'answer', 'folder']));
  });
});
