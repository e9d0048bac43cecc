import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { dispatchTargets } from '../../../receiver/forward/targets.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { cleanVisit, visitOf, type Values } from '../feeds/visit-values.ts';
import { day, destinationOf, formatOf, inputOf } from './built-format.ts';

const tags =
  'CP COMMUNE NAISSANCE SEXE ENTREE MODE_ENTREE PROVENANCE TRANSPORT TRANSPORT_PEC MOTIF GRAVITE DP LISTE_DA LISTE_ACTES SORTIE MODE_SORTIE DESTINATION ORIENT'.split(
    ' ',
  );

const oscour = await formatOf();

function compose(...bodies: readonly string[]): string {
  return oscour.compose(inputOf(...bodies)).toString('utf8');
}

const bodyOf = (change: Values = {}, extensions?: Readonly<Record<string, string>>): string =>
  JSON.stringify(visitOf(change, extensions));

type Patient = Readonly<Record<string, string | readonly string[]>>;

/** What a strict XML parser reads: header texts, and the children of each PATIENT in order. */
function read(xml: string): { header: Record<string, string>; patients: Patient[] } {
  const header: Record<string, string> = {};
  const patients: Record<string, string | string[]>[] = [];
  const path: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    text = '';
    if (name === 'PATIENT') patients.push({});
    if (name.startsWith('LISTE_')) Object.assign(patients.at(-1) ?? {}, { [name]: [] });
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', ({ name }) => {
    path.pop();
    const parent = path.at(-1) ?? '';
    const patient = patients.at(-1) ?? {};
    const list = patient[parent];
    if (parent === 'ETABLISSEMENT') header[name] = text;
    else if (Array.isArray(list)) list.push(text);
    else if (parent === 'PATIENT' && !name.startsWith('LISTE_')) patient[name] = text;
  });
  parser.write(xml).close();
  return { header, patients };
}

function patientOf(change: Values, extensions?: Readonly<Record<string, string>>): Patient {
  const patient = read(compose(bodyOf(change, extensions))).patients[0];
  if (patient === undefined) throw new Error('no patient');
  return patient;
}

describe('the national XML', () => {
  it('of one visit is these bytes', () => {
    expect(compose(bodyOf({ commune: 'SÉLESTAT', associatedDiagnoses: ['I10', 'E11.9'] }))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<OSCOUR>
<ETABLISSEMENT>
<FINESS>990000010</FINESS>
<ORDRE>0</ORDRE>
<EXTRACT>12/01/2026 02:30:00</EXTRACT>
<DATEDEBUT>05/01/2026</DATEDEBUT>
<DATEFIN>11/01/2026</DATEFIN>
</ETABLISSEMENT>
<PASSAGES>
<PATIENT>
<CP>67999</CP>
<COMMUNE>SÉLESTAT</COMMUNE>
<NAISSANCE>14/02/1951</NAISSANCE>
<SEXE>F</SEXE>
<ENTREE>11/01/2026 09:42</ENTREE>
<MODE_ENTREE>8</MODE_ENTREE>
<PROVENANCE>5</PROVENANCE>
<TRANSPORT>AMBU</TRANSPORT>
<TRANSPORT_PEC>AUCUN</TRANSPORT_PEC>
<MOTIF>R06.0</MOTIF>
<GRAVITE>3</GRAVITE>
<DP>J189</DP>
<LISTE_DA><DA>I10</DA><DA>E119</DA></LISTE_DA>
<LISTE_ACTES><ACTE>DEQP003</ACTE></LISTE_ACTES>
<SORTIE>11/01/2026 17:05</SORTIE>
<MODE_SORTIE>6</MODE_SORTIE>
<DESTINATION>1</DESTINATION>
<ORIENT>MED</ORIENT>
</PATIENT>
</PASSAGES>
</OSCOUR>
`,
    );
  });

  it('comes back from a strict parser as the visit that went in', () => {
    const { header, patients } = read(compose(bodyOf(), bodyOf({ sex: 'M' })));
    expect(header).toEqual({
      FINESS: '990000010',
      ORDRE: '0',
      EXTRACT: '12/01/2026 02:30:00',
      DATEDEBUT: '05/01/2026',
      DATEFIN: '11/01/2026',
    });
    expect(patients.map((patient) => patient['SEXE'])).toEqual(['F', 'M']);
    const back: Record<string, string | readonly string[] | undefined> = { facility: header['FINESS'] };
    for (const { name, tag } of edVisits.fields)
      if (tag !== null && name !== 'facility')
        back[name] = patients[0]?.[{ DA: 'LISTE_DA', ACTE: 'LISTE_ACTES' }[tag] ?? tag];
    const built = edVisits.build({ values: back });
    expect(built).toMatchObject({ kind: 'record', record: visitOf() });
  });

  it('always has the 18 items in the official order, empty when blank', () => {
    const blank = Object.fromEntries(Object.keys(cleanVisit).map((name) => [name, '']));
    const patient = patientOf({ ...blank, facility: '990000010', arrivedAt: '11/01/2026 09:42:31' });
    expect(Object.keys(patient)).toEqual(tags);
    expect(Object.entries(patient).filter(([, text]) => text.length > 0)).toEqual([
      ['ENTREE', '11/01/2026 09:42'],
    ]);
  });

  it('of an emptied day has a header and no visit', () => {
    const { header, patients } = read(compose());
    expect(header['FINESS']).toBe('990000010');
    expect(patients).toEqual([]);
    expect(compose()).toContain('<PASSAGES>\n</PASSAGES>');
  });

  const blanked: readonly [tag: string, change: Values, printed: string | readonly string[]][] = [
    ['SEXE', { sex: 'H' }, ''],
    ['MODE_ENTREE', { arrivalMode: '9' }, ''],
    ['PROVENANCE', { origin: '9' }, ''],
    ['TRANSPORT', { transport: 'TAXI' }, ''],
    ['TRANSPORT_PEC', { transportCare: 'NON' }, ''],
    ['GRAVITE', { severity: '6' }, ''],
    ['DP', { principalDiagnosis: 'I983*' }, ''],
    ['LISTE_DA', { associatedDiagnoses: ['HTA', 'I10'] }, ['I10']],
    ['LISTE_ACTES', { procedures: ['ECG', 'DEQP003-01'] }, ['DEQP003-01']],
    ['SORTIE', { departedAt: 'en cours' }, ''],
    ['MODE_SORTIE', { departureMode: '4' }, ''],
    ['DESTINATION', { destination: '5' }, ''],
    ['ORIENT', { disposition: 'CONS' }, ''],
    ['NAISSANCE', { birthDate: '31/02/1951' }, ''],
  ];
  it.each(blanked)('leaves out of %s what the format cannot carry', (tag, change, printed) => {
    expect(patientOf(change)[tag]).toEqual(printed);
    expect(Object.keys(patientOf(change))).toEqual(tags);
  });

  it('prints diagnoses and procedures in capitals, and the reason as the source wrote it', () => {
    const codes = { principalDiagnosis: 'j18.9', associatedDiagnoses: ['e11.9'], procedures: ['deqp003'] };
    const patient = patientOf({ ...codes, reason: 'gêne & douleur <2h>' });
    expect(patient['DP']).toBe('J189');
    expect([patient['LISTE_DA'], patient['LISTE_ACTES']]).toEqual([['E119'], ['DEQP003']]);
    expect(patient['MOTIF']).toBe('gêne & douleur <2h>');
  });

  it('gives the night of the clock change back as it was written', () => {
    const patient = patientOf({ arrivedAt: '25/10/2026 02:50', departedAt: '25/10/2026 02:10:30' });
    expect([patient['ENTREE'], patient['SORTIE']]).toEqual(['25/10/2026 02:50', '25/10/2026 02:10']);
    expect(patientOf({ arrivedAt: '29/03/2026 02:30' })['ENTREE']).toBe('29/03/2026 02:30');
  });

  it('never carries unknown tags or the visit id', () => {
    const xml = compose(bodyOf({ visitId: 'local-number' }, { HMED: 'Dr Exemple' }));
    expect(xml).not.toMatch(/HMED|Exemple|local-number/);
  });

  it('is well-formed whatever the texts, and loses only what XML forbids', () => {
    const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
    const text = fc.string({
      unit: fc.oneof(
        fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
        fc.constantFrom('&', '<', ']]>', '\r', '\0'),
      ),
    });
    fc.assert(
      fc.property(text, (reason) => {
        expect(patientOf({ reason })['MOTIF']).toBe(reason.trim().replace(forbidden, ''));
      }),
    );
  });

  it('is the same bytes for the same input, and is named after its second', () => {
    const body = bodyOf();
    expect(compose(body, body)).toBe(compose(body, body));
    const header = { facility: '990000010', from: day('2026-10-24'), to: day('2026-10-25') };
    expect(oscour.fileName({ ...header, extract: Date.UTC(2026, 9, 25, 2, 30, 5) })).toBe(
      'O990000010_0_20261025023005.xml',
    );
  });

  it('prints its second without any conversion, on the night of the clock change too', () => {
    const input = { facility: '990000010', from: day('2026-10-24'), to: day('2026-10-25'), bodies: [] };
    const xml = oscour.compose({ ...input, extract: Date.UTC(2026, 2, 29, 2, 30, 59) }).toString('utf8');
    expect(read(xml).header['EXTRACT']).toBe('29/03/2026 02:30:59');
  });
});

describe('the settings of the national XML', () => {
  const composed = async (format: object, ...bodies: readonly string[]): Promise<Buffer> =>
    (await formatOf({ format: { name: 'oscour-xml', ...format } })).compose(inputOf(...bodies));

  it('are the version of 2013, 5,000 visits a file, unless they say otherwise', async () => {
    expect(oscour).toMatchObject({
      name: 'oscour-xml',
      version: '2013',
      feed: 'ed-visits',
      maxRecords: 5000,
    });
    expect(await formatOf({ packaging: { maxRecords: 7 } })).toMatchObject({ maxRecords: 7 });
  });

  it.each(['6', '7'])('leave origin %s out in the version of 2006, which has none', async (origin) => {
    const [old, latest] = [
      await composed({ version: '2006' }, bodyOf({ origin })),
      compose(bodyOf({ origin })),
    ];
    expect(latest).toContain(`<PROVENANCE>${origin}</PROVENANCE>`);
    expect(old.toString()).toBe(
      latest.replace(`<PROVENANCE>${origin}</PROVENANCE>`, '<PROVENANCE></PROVENANCE>'),
    );
  });

  it('change nothing else from one version to the other', async () => {
    for (const origin of ['1', '2', '3', '4', '5', '8'])
      expect((await composed({ version: '2006' }, bodyOf({ origin }))).toString()).toBe(
        compose(bodyOf({ origin })),
      );
  });

  const encodings: readonly [encoding: string, declared: string, label: string, euro: string][] = [
    ['utf-8', 'UTF-8', 'utf-8', '€'],
    ['iso-8859-1', 'ISO-8859-1', 'latin1', '&#8364;'],
    ['iso-8859-15', 'ISO-8859-15', 'iso-8859-15', '€'],
    ['windows-1252', 'windows-1252', 'windows-1252', '€'],
  ];
  it.each(encodings)(
    'print in %s, and a character it lacks by its number',
    async (encoding, declared, label, euro) => {
      const reason = 'œdème à 5 € 漢 😀 \u0085';
      const bytes = await composed({ encoding }, bodyOf({ commune: 'SÉLESTAT', reason }));
      const text =
        label === 'latin1' ? bytes.toString('latin1') : new TextDecoder(label, { fatal: true }).decode(bytes);
      expect(text.split('\n')[0]).toBe(`<?xml version="1.0" encoding="${declared}"?>`);
      expect(text).toContain('<COMMUNE>SÉLESTAT</COMMUNE>');
      expect(text).toContain(`5 ${euro} `);
      expect(text.includes('&#28450; &#128512;')).toBe(encoding !== 'utf-8');
      expect(read(text).patients[0]?.['MOTIF']).toBe(reason);
    },
  );

  it.each(['iso-8859-1', 'iso-8859-15'])(
    'write no byte in %s that readers take for windows-1252',
    async (encoding) => {
      const bytes = await composed({ encoding }, bodyOf({ reason: 'a\u0085b\u009fc' }));
      expect(bytes.filter((byte) => byte >= 0x80 && byte <= 0x9f)).toHaveLength(0);
      expect(bytes.toString('latin1')).toContain('a&#133;b&#159;c');
    },
  );

  it('carry a replacement character by its number where a byte stands for nothing', async () => {
    const bytes = await composed({ encoding: 'windows-1252' }, bodyOf({ reason: 'a\ufffdb' }));
    expect(bytes.toString('latin1')).toContain('a&#65533;b');
  });

  it('end lines as they say, and leave the ends of lines inside a text alone', async () => {
    const body = bodyOf({ reason: 'a\nb' });
    const text = (await composed({ lineEnds: 'crlf' }, body)).toString();
    expect(text.replaceAll('\r\n', '\n')).toBe(compose(body));
    expect(text.split('\n').filter((line) => !line.endsWith('\r'))).toEqual(['<MOTIF>a', '']);
  });

  it('print the items they name, in their order, and no other', async () => {
    const order = ['ENTREE', 'LISTE_DA', 'CP'];
    const text = (await composed({ order }, bodyOf())).toString();
    expect(read(text).patients.map((patient) => Object.keys(patient))).toEqual([order]);
  });

  it('name files', async () => {
    const format = await formatOf({ packaging: { name: 'RPU_{facility}_{from}-{to}_{extract}.txt' } });
    expect(format.fileName(inputOf())).toBe('RPU_990000010_20260105-20260111_20260112023000.txt');
  });
});

describe('a format with a version to come', () => {
  const settings = {
    format: {
      name: 'oscour-xml',
      version: '2006',
      next: { version: '2013', from: '2026-03-29', doubleRun: 'trial' },
    },
  };
  const versionAt = async (instant: string): Promise<string> => {
    const [target] = await dispatchTargets([destinationOf(settings)]);
    return target?.formatAt(Date.parse(instant)).version ?? '';
  };

  it('takes it from midnight in Paris on', async () => {
    expect(await versionAt('2026-03-28T22:59:59Z')).toBe('2006');
    expect(await versionAt('2026-03-28T23:00:00Z')).toBe('2013');
  });

  it('composes in it from then on', async () => {
    const print = async (iso: string): Promise<string> =>
      (await formatOf(settings, iso)).compose(inputOf(bodyOf({ origin: '7' }))).toString();
    expect(await print('2026-03-28')).toContain('<PROVENANCE></PROVENANCE>');
    expect(await print('2026-03-29')).toContain('<PROVENANCE>7</PROVENANCE>');
  });
});
