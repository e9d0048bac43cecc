import { describe, expect, it } from 'vitest';
import { bodies, finess, oscour, patient, read, type Reject } from './reading.ts';

const header = `<ETABLISSEMENT><FINESS>${finess}</FINESS><EXTRACT>12/01/2026 02:30:00</EXTRACT></ETABLISSEMENT>\n`;

describe('a national export', () => {
  it('gives its header, then its records with line and number, then its counts', async () => {
    const seen = await read(oscour(patient(1) + patient(2)));
    expect(seen.header).toMatchObject({
      mapping: 'rpu-2006',
      facility: finess,
      part: '0',
      extract: { text: '12/01/2026 02:30:00', at: Date.UTC(2026, 0, 12, 1, 30) },
      extractState: 'good',
      window: { from: Date.UTC(2026, 0, 5) / 86_400_000, to: Date.UTC(2026, 0, 11) / 86_400_000 },
    });
    expect(seen.records.map(({ record, line }) => [record, line])).toEqual([
      [1, 5],
      [2, 7],
    ]);
    expect(seen.order).toEqual(['header', 'record']);
    expect(seen.summary).toEqual({ records: 2, accepted: 2, rejected: 0 });
  });

  it('reads tags by name: any order, lower case, attributes, spaces in tags', async () => {
    const xml = oscour(
      '<PATIENT a="1">\n<DP>J18.9</DP><LISTE_ACTES ><ACTE>DEQP003</ACTE ><ACTE>ZZQK002</ACTE></LISTE_ACTES >' +
        '<LISTE_DA/><ENTREE b="x>y">11/01/2026 09:42</ENTREE></PATIENT>',
    ).replace(/<(\/?)([A-Z_]+)/g, (_all, slash: string, name: string) => `<${slash}${name.toLowerCase()}`);
    expect(bodies(await read(xml))).toMatchObject([
      {
        principalDiagnosis: 'J189',
        procedures: ['DEQP003', 'ZZQK002'],
        arrivedAt: { text: '11/01/2026 09:42' },
      },
    ]);
  });

  it('joins text around comments, CDATA, references and processing instructions', async () => {
    const inside = '<MOTIF>Chute <!-- a & b --><![CDATA[& <plaie>]]><?x y?> &lt;&#233;&#xE9;&gt;</MOTIF>';
    expect(bodies(await read(oscour(patient(1, inside))))).toMatchObject([
      { reason: 'Chute & <plaie> <éé>' },
    ]);
  });

  it('keeps unknown tags as extensions and ignores what is nested in them', async () => {
    const inside = '<HMED>Dr X</HMED><BOX><A>1</A></BOX><__proto__>x</__proto__><DP>I<B>9</B>10</DP>';
    expect(bodies(await read(oscour(patient(1, inside))))).toMatchObject([
      { extensions: { HMED: 'Dr X' }, principalDiagnosis: 'I10' },
    ]);
  });

  it('takes blank tags as absent', async () => {
    const [body] = bodies(
      await read(oscour(patient(1, '<DP> \r\n </DP><MOTIF/><LISTE_DA><DA> </DA></LISTE_DA>'))),
    );
    expect(Object.keys(body ?? {})).toEqual(['facility', 'sex', 'arrivedAt']);
  });

  it('hands a repeated tag to the feed, which takes the first', async () => {
    const seen = await read(oscour(patient(1, '<DP>I10</DP><DP>J189</DP>')));
    expect(bodies(seen)).toMatchObject([{ principalDiagnosis: 'I10' }]);
    expect(seen.findings).toContainEqual({
      rule: 'tag-repeated',
      severity: 'warning',
      field: 'DP',
      line: 5,
      record: 1,
    });
  });

  it('accepts PASSAGES around each PATIENT, one line, no declaration, a mark, mixed line ends', async () => {
    const xml = oscour(patient(1) + patient(2));
    const each = xml
      .replace(/<\/?PASSAGES>/g, '')
      .replaceAll('<PATIENT>', '<PASSAGES><PATIENT>')
      .replaceAll('</PATIENT>', '</PATIENT></PASSAGES>');
    const variants = [
      each,
      xml.replaceAll('\n', ''),
      xml.slice(xml.indexOf('<OSCOUR>')),
      `\ufeff${xml}`,
      xml.replaceAll('</PATIENT>\n', '</PATIENT>\r\n'),
    ];
    for (const variant of variants) expect((await read(variant)).summary?.accepted).toBe(2);
  });

  it('counts lines the same with LF, CRLF and CR', async () => {
    const xml = oscour(patient(1) + patient(2));
    for (const end of ['\n', '\r\n', '\r'])
      expect((await read(xml.replaceAll('\n', end))).records.map(({ line }) => line)).toEqual([5, 7]);
  });

  it('gives the line where a PATIENT tag starts, even when it is spread over several', async () => {
    const xml = oscour('<PATIENT\n\n><ENTREE>11/01/2026 09:42</ENTREE></PATIENT>');
    expect((await read(xml)).records[0]?.line).toBe(5);
  });

  it('is read again for its header when that comes after the records', async () => {
    const seen = await read(oscour(patient(1), { header: '', after: header }));
    expect(seen.order).toEqual(['header', 'record']);
    expect(seen.header?.facility).toBe(finess);
    expect(seen.summary).toEqual({ records: 1, accepted: 1, rejected: 0 });
  });

  it('rejects a record without a readable ENTREE and goes on', async () => {
    const seen = await read(oscour(`<PATIENT><ENTREE>31/02/2026 10:00</ENTREE></PATIENT>\n${patient(1)}`));
    expect(seen.rejected).toEqual([
      { record: 1, line: 5, breach: { rule: 'entree-unreadable', field: 'ENTREE' } },
    ]);
    expect(seen.summary).toEqual({ records: 2, accepted: 1, rejected: 1 });
  });
});

describe('the header of a national export', () => {
  const withHeader = (tags: string, settings = {}) =>
    read(oscour(patient(1), { header: `<ETABLISSEMENT>${tags}</ETABLISSEMENT>` }), settings);

  it('must name one valid facility, the one of the source when the source names one', async () => {
    const codes = [];
    for (const tags of [
      '',
      '<FINESS> </FINESS>',
      '<FINESS>990000011</FINESS>',
      `<FINESS>${finess}</FINESS><FINESS>990000028</FINESS>`,
    ])
      codes.push((await withHeader(tags)).fault?.code);
    expect(codes).toEqual(['facility-missing', 'facility-missing', 'facility-invalid', 'facility-several']);
    const named = `<FINESS> ${finess} </FINESS><FINESS>${finess}</FINESS>`;
    expect((await withHeader(named, { facility: '990000028' })).fault).toMatchObject({
      code: 'facility-mismatch',
    });
    expect((await withHeader(named, { facility: finess })).header?.facility).toBe(finess);
  });

  it('is refused when a second facility comes after the records', async () => {
    const after = '<ETABLISSEMENT><FINESS>990000028</FINESS></ETABLISSEMENT>\n';
    expect((await read(oscour(patient(1), { after }))).fault).toMatchObject({
      code: 'facility-several',
      position: { line: 8, record: 1 },
    });
  });

  it('gives the part, which a setting of the source replaces', async () => {
    const tags = `<FINESS>${finess}</FINESS><ORDRE>2</ORDRE>`;
    expect((await withHeader(tags)).header?.part).toBe('2');
    expect((await withHeader(tags, { part: 'paediatrics' })).header?.part).toBe('paediatrics');
    expect((await withHeader(`<FINESS>${finess}</FINESS><ORDRE>a b</ORDRE>`)).fault?.code).toBe(
      'part-invalid',
    );
  });

  it('has an EXTRACT that is good, missing or unreadable; the last two are findings', async () => {
    const states = [];
    for (const tags of ['<EXTRACT>12/01/2026 02:30</EXTRACT>', '', '<EXTRACT>2026-01-12</EXTRACT>']) {
      const { header: found, findings } = await withHeader(`<FINESS>${finess}</FINESS>${tags}`);
      const rules = findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('extract'));
      states.push([found?.extractState, found?.extract?.text, ...rules]);
    }
    expect(states).toEqual([
      ['good', '12/01/2026 02:30'],
      ['missing', undefined, 'extract-missing'],
      ['unreadable', undefined, 'extract-unreadable'],
    ]);
  });

  it('has a window only when both days parse and are in order', async () => {
    const windows = [];
    for (const [from, to] of [
      ['11/01/2026', '05/01/2026'],
      ['05/01/2026', ''],
      ['31/02/2026', '11/03/2026'],
      ['05/01/2026', '05/01/2026'],
    ]) {
      const tags = `<FINESS>${finess}</FINESS><DATEDEBUT>${from}</DATEDEBUT><DATEFIN>${to}</DATEFIN>`;
      windows.push((await withHeader(tags)).header?.window);
    }
    expect(windows).toEqual([null, null, null, { from: 20_458, to: 20_458 }]);
  });
});

describe('an export that is not whole or not XML', () => {
  const rejects: readonly Reject[] = [
    ['ends before its root is closed', oscour(patient(1)).replace('</OSCOUR>', ''), 'export-cut'],
    ['ends inside its last tag', oscour(patient(1)).replace('</OSCOUR>\n', '</OSCOUR'), 'export-cut'],
    ['ends in a reference', `${oscour('').split('</PASSAGES>')[0] ?? ''}<PATIENT><DP>&am`, 'export-cut'],
    ['holds only a declaration', '<?xml version="1.0"?>', 'export-cut'],
    [
      'crosses its tags',
      oscour(patient(1, '<DP>I10</CP></DP>')),
      'xml-not-well-formed',
      { line: 6, record: 1 },
    ],
    ['has two roots', `${oscour(patient(1))}<OSCOUR/>`, 'xml-not-well-formed'],
    ['goes on after its root', `${oscour(patient(1))}fin`, 'xml-not-well-formed', { line: 9, column: 4 }],
    ['is padded with zeros', `${oscour(patient(1))}\0\0`, 'xml-not-well-formed'],
    [
      'holds a control character',
      oscour(patient(1, '<DP>I\u000710</DP>')),
      'xml-not-well-formed',
      { line: 6 },
    ],
    [
      'uses an entity nobody defined',
      oscour(patient(1, '<DP>&eacute;</DP>')),
      'xml-not-well-formed',
      { line: 6 },
    ],
    ['starts with a space before its declaration', ` ${oscour(patient(1))}`, 'xml-not-well-formed'],
    ['has another root', '<html></html>', 'export-shape-unknown', { line: 1 }],
    ['has no record', oscour(''), 'export-without-record'],
    ['has no readable record', oscour('<PATIENT/>'), 'export-without-readable-record'],
  ];
  it.each(rejects.map(([what, text, code, position]) => ({ what, text, code, position })))(
    'is rejected when it $what',
    async ({ text, code, position }) => {
      const { fault, summary } = await read(text);
      expect(summary).toBeUndefined();
      expect(fault?.code).toBe(code);
      expect(fault?.class).toBe('permanent');
      expect(fault?.position ?? {}).toMatchObject(position ?? {});
    },
  );

  it('never says a value of the export in its fault', async () => {
    const { fault } = await read(oscour(patient(1, '<DP>SECRET&SECRET;</SECRET>')));
    expect(
      JSON.stringify([fault?.code, fault?.facts, fault?.position, fault?.message, fault?.cause]),
    ).not.toContain('SECRET');
  });
});

describe('a bare ampersand', () => {
  it('is reported at its own line and record, not forty records later', async () => {
    const patients = Array.from({ length: 60 }, (_none, index) =>
      patient(index, index === 10 ? '<MOTIF>Chute & douleur</MOTIF>' : '<MOTIF>R06.0</MOTIF>'),
    );
    const { fault, records } = await read(oscour(patients.join('')));
    expect(fault).toMatchObject({
      code: 'xml-bare-ampersand',
      position: { line: 26, column: 61, record: 11 },
    });
    expect(records).toHaveLength(10);
  });

  it('is seen wherever a reference is not finished', async () => {
    for (const text of ['&', '& ', '&&amp;', '&;', '&#;', '&#12x;', '&a b;', `&${'a'.repeat(60)};`])
      expect((await read(oscour(patient(1, `<MOTIF>${text}</MOTIF>`)))).fault?.code).toBe(
        'xml-bare-ampersand',
      );
  });

  it('is none inside a comment, CDATA or a processing instruction, wherever their marks are cut', async () => {
    const inside = '<!-- & -- ><!-- a&b --><![CDATA[ ]] & ]]]]><?p & ??>'.replace('<!-- & -- >', '');
    expect((await read(oscour(patient(1, `<MOTIF>x${inside}</MOTIF>`)))).fault).toBeUndefined();
  });
});

describe('a hostile export', () => {
  const latin = '<?xml version="1.0" encoding="ISO-8859-1"?>\n';
  const doctypes = [
    '<!DOCTYPE OSCOUR [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE OSCOUR SYSTEM "file:///etc/hostname">',
    '<!doctype OSCOUR>',
  ];
  it.each(doctypes)('is refused at its DOCTYPE: %s', async (doctype) => {
    const { fault } = await read(`${latin}${doctype}${oscour(patient(1), { declaration: '' })}`);
    expect(fault).toMatchObject({ code: 'doctype-refused', position: { line: 2, column: 1 } });
  });

  it('is refused when two hundred thousand tags are nested', async () => {
    const deep = '<A>'.repeat(200_000);
    expect((await read(oscour(patient(1, deep)))).fault).toMatchObject({
      code: 'xml-too-deep',
      position: { line: 6 },
    });
  });

  const piece = Buffer.alloc(65_536, 0x61);
  const endless = (start: string) => {
    const given = { pieces: 0 };
    const open = async function* () {
      yield Buffer.from(latin + start);
      for (given.pieces = 0; given.pieces < 1000; given.pieces += 1) yield piece;
    };
    return { given, open };
  };
  const openings = ['<MOTIF>', '<MOTIF><![CDATA[', '<!-- ', '<?x ', '<', '<A B="', '</'];
  it.each(openings)('is refused long before the end of 60 MB that begin with %s', async (opening) => {
    const { given, open } = endless(
      oscour(patient(1, opening), { declaration: '' }).split('</PATIENT>')[0] ?? '',
    );
    expect((await read(open)).fault?.code).toBe('xml-text-too-long');
    // The encoding is declared: the first megabyte is looked at once, then reading stops within a few pieces.
    expect(given.pieces).toBeLessThan(20);
  });

  it('is refused when one record holds a million small values', async () => {
    const items = '<DA>I10</DA>'.repeat(100_000);
    expect((await read(oscour(patient(1, `<LISTE_DA>${items}</LISTE_DA>`)))).fault?.code).toBe(
      'record-too-long',
    );
  });

  it('is refused when it holds more records than allowed', async () => {
    const xml = oscour(patient(1) + patient(2) + patient(3));
    const { fault } = await read(xml, { limits: { records: 2 } });
    expect(fault).toMatchObject({ code: 'export-too-many-records', position: { record: 3 } });
  });
});
