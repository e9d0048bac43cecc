import { describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../../receiver/config.ts';
import { Fault } from '../../../shared/runtime/errors.ts';

const file = '/etc/vaguemestre/receiver.yaml';

function faultsOf(text: string): string {
  try {
    parseConfig(text, file);
  } catch (error) {
    if (error instanceof Fault) return `${error.code}\n${String(error.facts['faultsEn'])}`;
    throw error;
  }
  return 'none';
}

describe("the receiver's configuration", () => {
  it('needs a state folder and a region, and has a default for the rest', () => {
    const config = parseConfig('state: data\nregion: Here', file);
    expect(config).toMatchObject({
      ...{ state: '/etc/vaguemestre/data', region: 'Here', hosts: ['localhost'], destinations: [] },
      listeners: { ingest: { port: 8443 }, enrolment: { port: 8444 }, health: { host: '127.0.0.1' } },
    });
  });

  it('takes paths from its own folder', () => {
    const config = parseConfig(
      'state: /srv/state\nregion: Here\ndestinations: [{name: a, feed: ed-visits, format: oscour-xml, transport: {kind: directory, folder: out/a}}]',
      file,
    );
    expect([config.state, config.destinations[0]?.transport]).toEqual([
      '/srv/state',
      { kind: 'directory', folder: '/etc/vaguemestre/out/a' },
    ]);
  });

  it('names all faults at once, with their keys', () => {
    const faults = faultsOf(
      'region: 3\nlisteners: {ingest: {port: 70000}}\nextra: 1\ndestinations: [{name: A B, feed: f, format: x, transport: {kind: directory, folder: d}}]',
    );
    expect(faults).toContain('config-invalid');
    for (const key of ['state', 'region', 'listeners.ingest.port', 'extra', 'destinations[0].name'])
      expect(faults).toContain(key);
  });

  it('refuses two destinations of one name', () => {
    const one = '{name: a, feed: ed-visits, format: oscour-xml, transport: {kind: directory, folder: d}}';
    expect(faultsOf(`state: s\nregion: r\ndestinations: [${one}, ${one}]`)).toContain('destinations');
  });

  it('refuses what is not YAML', () => {
    expect(faultsOf('state: [')).toContain('config-invalid');
  });

  it('says which file it cannot read', async () => {
    await expect(loadConfig('/nowhere/receiver.yaml')).rejects.toMatchObject({
      code: 'config-unreadable',
      facts: { file: '/nowhere/receiver.yaml' },
    });
  });
});
