import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../receiver/config.ts';
import { nameOf } from '../../../receiver/forward/formats/naming.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { inputOf } from '../formats/built-format.ts';

type Settings = Readonly<Record<string, unknown>>;

/** A destination in a folder of its own; JSON is YAML, one destination a line, the first one on line 3. */
function configOf(...destinations: readonly Settings[]): string {
  const lines = destinations.map((settings, index) =>
    JSON.stringify({
      ...{ name: `d${String(index)}`, feed: 'ed-visits', format: 'oscour-xml' },
      transport: { kind: 'directory', folder: `out/${String(index)}` },
      ...settings,
    }),
  );
  return `{"state": "s", "region": "r", "destinations": [\n\n${lines.join(',\n')}]}`;
}

/** The faults of a configuration, in English or French; none when it is right. */
function faultsOf(text: string, language: 'faultsEn' | 'faultsFr' = 'faultsEn'): readonly string[] {
  try {
    parseConfig(text, '/etc/receiver.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'config-invalid') throw error;
    return String(error.facts[language]).split('\n');
  }
}

const faults = (...destinations: readonly Settings[]): readonly string[] =>
  faultsOf(configOf(...destinations));
const oscour = (more: Settings): Settings => ({ format: { name: 'oscour-xml', ...more } });
const allow = (...items: readonly string[]): Settings => ({ profile: { kind: 'allow', items } });
const named = (name: string): Settings => ({ packaging: { name } });

describe('the form of a destination', () => {
  const right: readonly [what: string, settings: Settings][] = [
    ['a format by its name alone', {}],
    ['a version', oscour({ version: '2006' })],
    ['another encoding and line ends', oscour({ encoding: 'windows-1252', lineEnds: 'crlf' })],
    ['some items in another order', oscour({ order: ['ENTREE', 'CP'] })],
    [
      'an order of what the profile makes',
      {
        ...oscour({ order: ['ENTREE', 'AGE', 'CODE_GEO'] }),
        profile: { kind: 'atih', geographicCodesFile: 'codes.csv' },
      },
    ],
    ['a profile of some items', allow('ENTREE', 'DP')],
    ['beds as CSV', { feed: 'bed-availability', format: 'csv' }],
    ['beds as CSV, some fields', { feed: 'bed-availability', format: 'csv', ...allow('zoneId', 'count') }],
    ['a name', named('RPU-{facility}_{extract}_{from}_{to}.txt')],
    ['a facility with a right key', { facilities: ['990000010', ' 2a0000014 '] }],
  ];
  it.each(right)('may be %s', (_, settings) => {
    expect(faults(settings)).toEqual([]);
  });

  const wrong: readonly [what: string, settings: Settings, ...said: readonly string[]][] = [
    [
      'an unknown feed',
      { feed: 'weather' },
      'destinations[0].feed: found "weather", expected a feed: ed-visits, bed-availability',
    ],
    [
      'an unknown format',
      { format: 'pdf' },
      'destinations[0].format: found "pdf", expected a format of this feed: oscour-xml, csv, json-lines',
    ],
    [
      'a format of another feed',
      { format: 'beds-json' },
      'found "beds-json", expected a format of this feed: oscour-xml',
    ],
    [
      'an unknown version',
      oscour({ version: '1999' }),
      'destinations[0].format.version: found "1999", expected a version: 2006, 2013',
    ],
    ['an unknown encoding', oscour({ encoding: 'utf-7' }), 'destinations[0].format.encoding', 'iso-8859-15'],
    [
      'an item in the order that the profile has not',
      { ...oscour({ order: ['ENTREE', 'CP'] }), ...allow('ENTREE', 'DP') },
      'destinations[0].format.order[1]: found "CP", expected one of: ENTREE, DP',
    ],
    [
      'an item twice in the order',
      oscour({ order: ['ENTREE', 'CP', 'CP'] }),
      'destinations[0].format.order[2]: found "CP", expected each item once only',
    ],
    [
      'an order without the arrival',
      oscour({ order: ['CP'] }),
      'destinations[0].format.order',
      'expected ENTREE among the items',
    ],
    [
      'an item nobody knows',
      allow('ENTREE', 'HMED'),
      'destinations[0].profile.items[1]: found "HMED", expected one of: CP, COMMUNE, NAISSANCE',
      'ORIENT',
    ],
    ['an item twice', allow('ENTREE', 'DP', 'DP'), 'destinations[0].profile.items[2]'],
    [
      'a profile without the arrival',
      allow('DP'),
      'destinations[0].profile.items',
      'expected ENTREE among the items',
    ],
    [
      'a profile of visits for beds',
      { feed: 'bed-availability', format: 'csv', profile: { kind: 'oscour' } },
      'destinations[0].profile.kind: found "oscour", expected all or allow',
    ],
    [
      'a profile in a fixed format',
      { feed: 'bed-availability', format: 'beds-json', ...allow('zoneId') },
      'destinations[0].profile.kind: found "allow", expected all with the format beds-json',
    ],
    [
      'an order in a fixed format',
      { feed: 'bed-availability', format: { name: 'beds-json', order: ['zoneId'] } },
      'destinations[0].format.order',
      'expected no order',
    ],
    [
      'an encoding in a fixed format',
      { feed: 'bed-availability', format: { name: 'beds-json', encoding: 'iso-8859-1' } },
      'destinations[0].format.encoding: found "iso-8859-1", expected utf-8',
    ],
    [
      'line ends in a fixed format',
      { feed: 'bed-availability', format: { name: 'beds-json', lineEnds: 'crlf' } },
      'destinations[0].format.lineEnds: found "crlf", expected lf',
    ],
    [
      'a facility whose key is wrong',
      { facilities: ['990000010', '990000011'] },
      'destinations[0].facilities[1]: found "990000011", expected a FINESS of 9 whose key is right',
    ],
    [
      'a name without the facility',
      named('{extract}.xml'),
      'destinations[0].packaging.name',
      'two dispatches would share one',
    ],
    [
      'a name without the second',
      named('{facility}.xml'),
      'destinations[0].packaging.name',
      'two dispatches would share one',
    ],
    ['a name with a placeholder nobody knows', named('{facility}_{extract}_{town}'), 'letters, digits, dot'],
    ['a name with an accent', named('{facility}_{extract}_é'), 'letters, digits, dot'],
    ['a name with a blank', named('{facility} {extract}'), 'letters, digits, dot'],
    ['a hidden name', named('.{facility}{extract}'), 'no dot in front'],
    ['a name in another folder', named('../{facility}{extract}'), 'no "/", no ".."'],
    ['a name in a folder below', named('in/{facility}{extract}'), 'no "/", no ".."'],
    ['a name with two dots', named('{facility}..{extract}'), 'no "/", no ".."'],
    ['a name that is too long', named(`{facility}{extract}${'x'.repeat(158)}`), 'at most 180 characters'],
    ...['.gpg', '.asc', '.p7m', '.zip', '.tmp', '.ZIP'].map((ending): [string, Settings, string] => [
      ...([`a name that ends in ${ending}`, named(`{facility}{extract}${ending}`)] as const),
      'expected another ending than .gpg, .asc, .p7m, .zip, .tmp',
    ]),
  ];
  it.each(wrong)('is refused with %s', (_, settings, ...said) => {
    const found = faults(settings);
    expect(found).toHaveLength(1);
    for (const part of said) expect(found[0]).toContain(part);
    expect(found[0]).toMatch(/^line 3: /);
  });

  it('may have a name of 180 characters', () => {
    const pattern = `{facility}{extract}${'x'.repeat(157)}`;
    expect(faults(named(pattern))).toEqual([]);
    expect(nameOf(pattern, inputOf())).toHaveLength(180);
  });

  it('has all its faults told at once, in both languages, each with its line', () => {
    const text = configOf(
      { ...oscour({ version: '1999', order: ['CP'] }), ...named('..{town}.zip'), facilities: ['990000011'] },
      { feed: 'weather' },
      { format: 7, name: 'A B' },
    );
    const places = (list: readonly string[]): readonly string[] =>
      list.map((each) => each.replace(/^(?:line|ligne) (\d+) ?: (\S+?) ?: .*/, '$1 $2')).sort();
    const [english, french] = [faultsOf(text), faultsOf(text, 'faultsFr')];
    expect(places(english)).toEqual([
      '3 destinations[0].facilities[0]',
      '3 destinations[0].format.order',
      '3 destinations[0].format.version',
      ...Array.from({ length: 4 }, () => '3 destinations[0].packaging.name'),
      '4 destinations[1].feed',
      '5 destinations[2].format',
      '5 destinations[2].name',
    ]);
    expect(places(french)).toEqual(places(english));
    for (const each of french) expect(each).toMatch(/^ligne \d+ : .* : trouvé .*, attendu : /);
    expect(french.join('\n')).not.toContain('‖');
  });
});

describe('a version to come', () => {
  const next = (change: Settings = {}): Settings =>
    oscour({ version: '2006', next: { version: '2013', from: '2026-03-01', doubleRun: 'd1', ...change } });
  const beside = oscour({ version: '2013' });

  it('runs beside the one in force in another destination', () => {
    expect(faults(next(), beside)).toEqual([]);
    expect(faults(next(), {})).toEqual([]);
  });

  const doubleRun = 'destinations[0].format.next.doubleRun';
  const wrong: readonly [what: string, settings: Settings, other: Settings, ...said: readonly string[]][] = [
    [
      'is unknown',
      next({ version: '2030' }),
      beside,
      'destinations[0].format.next.version: found "2030"',
      doubleRun,
    ],
    [
      'is the one in force',
      oscour({ next: { version: '2013', from: '2026-03-01', doubleRun: 'd1' } }),
      beside,
      'destinations[0].format.next.version: found "2013", expected another version',
    ],
    [
      'comes on a day that does not exist',
      next({ from: '2026-02-30' }),
      beside,
      'destinations[0].format.next.from: found "2026-02-30"',
    ],
    [
      'runs nowhere',
      next({ doubleRun: 'elsewhere' }),
      beside,
      `${doubleRun}: found "elsewhere", expected another destination of the same feed, in the format oscour-xml 2013`,
    ],
    ['runs beside itself', next({ doubleRun: 'd0' }), beside, doubleRun],
    ['runs in another format', next(), { format: 'csv' }, doubleRun],
    ['runs in the version in force', next(), oscour({ version: '2006' }), doubleRun],
    ['runs for another feed', next(), { feed: 'bed-availability', format: 'csv' }, doubleRun],
  ];
  it.each(wrong)('is refused when it %s', (_, settings, other, ...said) => {
    const found = faults(settings, other);
    expect(found).toHaveLength(said.length);
    for (const [index, part] of said.entries()) expect(found[index]).toContain(part);
  });
});

describe('two destinations', () => {
  const folder = (path: string): Settings => ({ transport: { kind: 'directory', folder: path } });
  const sftp = (change: Settings = {}): Settings => ({
    transport: {
      ...{ kind: 'sftp', host: 'files.example.org', user: 'region', keyFile: 'key', folder: 'in' },
      hostKeys: [`SHA256:${'A'.repeat(43)}`],
      ...change,
    },
  });
  const put = (url: string): Settings => ({ transport: { kind: 'https', url, method: 'PUT' } });

  const post = (url: string): Settings => ({ transport: { kind: 'https', url, method: 'POST' } });

  const together: readonly [where: string, one: Settings, other: Settings][] = [
    ['one folder', folder('out'), folder('out')],
    ['one folder written in two ways', folder('out/./x/..'), folder('/etc/out/')],
    [
      'one folder, of two feeds',
      { ...folder('out'), ...named('{facility}_{extract}') },
      { ...folder('out'), ...named('{facility}_{extract}'), feed: 'bed-availability', format: 'csv' },
    ],
    [
      'one folder, names that differ in case only',
      { ...folder('out'), ...named('A{facility}_{extract}') },
      { ...folder('out'), ...named('a{facility}_{extract}') },
    ],
    [
      'one folder, a digit where the other has a placeholder',
      { ...folder('out'), ...named('1{facility}{extract}') },
      { ...folder('out'), ...named('{facility}{extract}1') },
    ],
    ['one folder of an account', sftp(), sftp({ host: 'FILES.example.org', folder: 'in/' })],
    ['one address', put('https://a.example.org/{name}'), put('https://a.example.org/{name}')],
  ];
  it.each(together)('are refused when they can make one name in %s', (_, one, other) => {
    expect(faults(one, other)).toEqual([
      'line 4: destinations[1].name: found "d1", expected another place or other names (packaging.name) than those of "d0": their dispatches would be mixed up',
    ]);
  });

  const apart: readonly [why: string, one: Settings, other: Settings][] = [
    ['their folders differ', folder('a'), folder('b')],
    ['their names differ', folder('out'), { ...folder('out'), ...named('X{facility}_0_{extract}.xml') }],
    ['their formats name files differently', folder('out'), { ...folder('out'), format: 'csv' }],
    ['one of them is zipped', folder('out'), { ...folder('out'), packaging: { zip: true } }],
    [
      'they share no facility',
      { ...folder('out'), facilities: ['990000010'] },
      { ...folder('out'), facilities: ['990000028'] },
    ],
    ['their accounts differ', sftp(), sftp({ user: 'other' })],
    ['their servers differ', sftp(), sftp({ host: 'other.example.org' })],
    [
      'their addresses do not carry the name',
      post('https://a.example.org/in'),
      post('https://a.example.org/in'),
    ],
  ];
  it.each(apart)('may be when %s', (_, one, other) => {
    expect(faults(one, other)).toEqual([]);
  });

  const answersIn = (path: string, more: Settings = {}): Settings => ({
    acknowledgement: { kind: 'folder', folder: path, ...more },
  });

  const answered: readonly [how: string, one: Settings, other: Settings][] = [
    ['one folder', answersIn('/srv/returns'), answersIn('/srv/x/../returns/')],
    [
      'one folder beside where each is delivered',
      { ...folder('out/a'), ...answersIn('../returns') },
      { ...folder('out/b'), ...answersIn('../returns') },
    ],
    [
      'one folder, though one of them travels zipped',
      answersIn('/srv/returns'),
      { ...answersIn('/srv/returns'), packaging: { zip: true } },
    ],
    [
      'one folder of an account',
      { ...sftp({ folder: 'in' }), ...answersIn('../returns') },
      { ...sftp({ folder: 'in2' }), ...answersIn('../returns') },
    ],
  ];
  it.each(answered)('are refused when an answer could be to either, in %s', (_, one, other) => {
    const found = faults(one, other);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('destinations[1].acknowledgement.folder');
    expect(found[0]).toContain('another folder than that of "d0"');
  });

  it.each<[string, Settings, Settings]>([
    ['their folders differ', answersIn('returns'), answersIn('returns')],
    [
      'their names differ',
      answersIn('/srv/returns'),
      { ...answersIn('/srv/returns'), ...named('X{facility}_0_{extract}.xml') },
    ],
  ])('may be answered when %s', (_, one, other) => {
    expect(faults(one, other)).toEqual([]);
  });

  it.each<[string, Settings, string]>([
    [
      'answers that are files without a transport of files',
      { ...post('https://a.example.org/in'), ...answersIn('returns') },
      'answer, person or none with the transport https',
    ],
    [
      'an answer at once from a folder',
      { acknowledgement: { kind: 'answer' } },
      'folder, person or none with the transport directory',
    ],
    [
      'an answer to an upload that nobody could read',
      { ...post('https://a.example.org/in'), acknowledgement: { kind: 'answer' } },
      'where the answer gives its verdict',
    ],
    [
      'our own file taken for its answer',
      answersIn('.', { acceptedSuffix: '.gpg' }),
      'another ending than .gpg, .asc, .p7m, .zip, .tmp: our own files have them',
    ],
    ['a path', answersIn('.', { refusedSuffix: '/../x' }), 'letters, digits, dot, dash, underscore'],
    [
      'a refusal that is an acceptance',
      answersIn('.', { acceptedSuffix: '.ok', refusedSuffix: '.not.ok' }),
      'neither ends with the other',
    ],
  ])('are refused with %s', (_, settings, expected) => {
    const found = faults(settings);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('that meet are told while a third one is wrong', () => {
    const found = faults(folder('out'), { format: 3 }, folder('out'));
    expect(found.map((each) => each.split(':')[1]?.trim())).toEqual([
      'destinations[1].format',
      'destinations[2].name',
    ]);
  });
});
