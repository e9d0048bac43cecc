import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../receiver/config.ts';
import { dispatchTargets } from '../../../receiver/forward/targets.ts';
import { destinationOf } from './built-format.ts';

describe('destinations as dispatches are composed for them', () => {
  it('take every facility, or those named, however they are written', async () => {
    const named = destinationOf({ name: 'some', facilities: ['990000010', ' 2a0000014 '] });
    const [all, some] = await dispatchTargets([destinationOf({ name: 'all' }), named]);
    expect(['990000010', '2A0000014', '990000028'].map((facility) => all?.takes(facility))).toEqual([
      ...[true, true, true],
    ]);
    expect(['990000010', '2A0000014', '990000028'].map((facility) => some?.takes(facility))).toEqual([
      ...[true, true, false],
    ]);
  });

  it('compose at once, or when their calendar says so', async () => {
    const calendar = destinationOf({ name: 'weekly', schedule: { kind: 'calendar', cron: '30 4 * * 1' } });
    const targets = await dispatchTargets([destinationOf({}), calendar]);
    expect(targets.map(({ name, feed, atOnce }) => [name, feed, atOnce])).toEqual([
      ['agency', 'ed-visits', true],
      ['weekly', 'ed-visits', false],
    ]);
  });

  it('are refused when their settings were never checked', async () => {
    const unchecked = { ...destinationOf({}), feed: 'weather' };
    await expect(dispatchTargets([unchecked])).rejects.toMatchObject({
      code: 'destination-format-unknown',
      facts: { destination: 'agency', format: 'oscour-xml' },
    });
  });

  it('read their tables from beside the configuration', async () => {
    const settings = {
      ...{ name: 'a', feed: 'ed-visits', format: 'csv', transport: { kind: 'directory', folder: 'out' } },
      profile: { kind: 'atih', geographicCodesFile: 'codes.csv' },
    };
    const text = JSON.stringify({ state: 's', region: 'r', destinations: [settings] });
    const { destinations } = parseConfig(text, '/nowhere/receiver.yaml');
    await expect(dispatchTargets(destinations)).rejects.toMatchObject({
      facts: { file: '/nowhere/codes.csv' },
    });
  });
});
