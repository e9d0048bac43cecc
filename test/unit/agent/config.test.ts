import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../agent/config.ts';
import { Fault } from '../../../shared/runtime/errors.ts';

const minimal = `
state: state
sources:
  - { name: urgences, folder: in, mappings: [rpu-2006, ./own.yaml] }
`;

function faultsOf(text: string, fact: 'faultsEn' | 'faultsFr' = 'faultsEn'): readonly string[] {
  try {
    parseConfig(text, '/etc/agent.yaml');
  } catch (error) {
    if (error instanceof Fault) return String(error.facts[fact]).split('\n');
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('fills in what is not said and starts relative paths at its own folder', () => {
    const config = parseConfig(minimal, '/etc/vaguemestre/agent.yaml');
    expect(config.state).toBe('/etc/vaguemestre/state');
    expect(config.sources[0]).toMatchObject({
      folder: '/etc/vaguemestre/in',
      mappings: ['rpu-2006', '/etc/vaguemestre/own.yaml'],
      ready: { mode: 'stable', seconds: 10 },
      after: 'archive',
      scanSeconds: 30,
      watch: true,
    });
    expect(config.retention.days).toBe(7);
    expect(config.limits.inFlight).toBe(16);
  });

  it('names every fault at once, with key, what was found and what is expected', () => {
    const faults = faultsOf(`
sources:
  - { name: a, folder: in, mappings: [rpu-2006], facility: "123456789", ready: { mode: soon } }
  - { name: a, folder: "", mappings: [], colour: red }
retention: { days: -1 }
speed: 3
`);
    const text = faults.join('\n');
    expect(text).toContain('state: found nothing');
    expect(text).toContain('sources[0].facility: found "123456789", expected a valid FINESS');
    expect(text).toContain('sources[0].ready.mode: found "soon"');
    expect(text).toContain('sources[1].folder');
    expect(text).toContain('sources[1].mappings');
    expect(text).toContain('sources[1].colour: unknown key');
    expect(text).toContain('retention.days: found -1');
    expect(text).toContain('speed: unknown key');
  });

  it('says each fault with its line, in French as well', () => {
    const text = `state: s
sources:
  - name: a
    folder: in
    mappings: [rpu-2006]
    ready:
      mode: soon
    scanSeconds: often
notify:
  email: { host: h, from: me, to: [] }
colour: red
`;
    expect(faultsOf(text)).toEqual([
      'line 7: sources[0].ready.mode: found "soon", expected one of: stable, marker, rename, now',
      'line 8: sources[0].scanSeconds: found "often", expected a number',
      'line 10: notify.email.from: found "me", expected an e-mail address',
      'line 10: notify.email.to: found [], expected at least 1 item(s)',
      'line 11: colour: unknown key',
    ]);
    expect(faultsOf(text, 'faultsFr')).toEqual([
      'ligne 7 : sources[0].ready.mode : trouvé "soon", attendu : l’un de : stable, marker, rename, now',
      'ligne 8 : sources[0].scanSeconds : trouvé "often", attendu : un nombre',
      'ligne 10 : notify.email.from : trouvé "me", attendu : une adresse de courriel',
      'ligne 10 : notify.email.to : trouvé [], attendu : au moins 1 élément(s)',
      'ligne 11 : colour : clé inconnue',
    ]);
  });

  it('refuses two sources of one name', () => {
    const two = `
state: s
sources:
  - { name: a, folder: in, mappings: [rpu-2006] }
  - { name: a, folder: out, mappings: [rpu-2006] }
`;
    expect(faultsOf(two)).toEqual(['line 5: sources[1].name: found "a", expected a name used once']);
  });

  it('says on which line the YAML breaks', () => {
    expect(faultsOf('state: [\nsources: 3')[0]).toMatch(/^line \d: malformed YAML/);
  });

  it('refuses an empty file and a list', () => {
    expect(faultsOf('')).not.toEqual([]);
    expect(faultsOf('- 1')).not.toEqual([]);
  });
});
