import { finess, rpuXml, type RpuFile, type Visit } from './rpu-text.ts';

/**
 * Files that come in by accident or by malice, and what each must end as. Every file that has a readable FINESS has
 * one of its own, so that none disturbs another.
 */
export interface HostileFile {
  readonly name: string;
  readonly content: Buffer;
  readonly ends: {
    readonly state: 'forwarded' | 'rejected';
    /** Code of a rejection. */
    readonly code?: string;
    /** Records rejected one by one while the export goes on. */
    readonly rejectedRecords?: number;
    /** Rules that must be among the findings. */
    readonly rules?: readonly string[];
    /** MOTIF or COMMUNE of a visit, as the national file must carry it. */
    readonly carries?: string;
  };
}

let number = 500;
const day = '05/01/2026';
const clean: readonly Visit[] = [
  { entree: `${day} 10:00`, dp: 'J189', naissance: '14/02/1951' },
  { entree: `${day} 11:00`, dp: 'R104', naissance: '15/03/1962' },
];

function file(more: Partial<RpuFile> = {}): RpuFile {
  number += 1;
  return {
    finess: finess(number),
    extract: '07/01/2026 02:00:00',
    from: day,
    to: '06/01/2026',
    visits: clean,
    ...more,
  };
}

const text = (content: string, encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(content, encoding);
const forwarded = { state: 'forwarded' } as const;
const rejected = (code: string): HostileFile['ends'] => ({ state: 'rejected', code });

function changed(change: (xml: string) => string, encoding?: BufferEncoding): Buffer {
  return text(change(rpuXml(file())), encoding);
}

const csvHeader =
  'finess;cp;commune;naissance;sexe;entree;mode_entree;provenance;transport;transport_pec;motif;gravite;dp;' +
  'liste_da;liste_actes;sortie;mode_sortie;destination;orient\r\n';

function csvRow(id: string, commune: string): string {
  return `${id};67999;${commune};14/02/1951;F;${day} 10:00;8;5;PERSO;AUCUN;;2;J189;;;;;;\r\n`;
}

function csv(...communes: readonly string[]): string {
  const { finess: id } = file();
  return csvHeader + communes.map((commune) => csvRow(id, commune)).join('');
}

const entities = Array.from(
  { length: 9 },
  (_none, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
).join('');

const broken: readonly HostileFile[] = [
  {
    name: 'cut.xml',
    content: changed((xml) => xml.slice(0, Math.floor(xml.length * 0.6))),
    ends: rejected('export-cut'),
  },
  {
    name: 'cut-before-last-bracket.xml',
    content: changed((xml) => xml.trimEnd().slice(0, -1)),
    ends: rejected('export-cut'),
  },
  { name: 'empty.xml', content: Buffer.alloc(0), ends: rejected('export-empty') },
  { name: 'only-blanks.xml', content: text(' \r\n\t\n'), ends: rejected('export-empty') },
  {
    name: 'crossed-tags.xml',
    content: changed((xml) => xml.replace('</CP><COMMUNE>', '</COMMUNE><CP>')),
    ends: rejected('xml-not-well-formed'),
  },
  {
    name: 'two-roots.xml',
    content: changed((xml) => `${xml}<OSCOUR></OSCOUR>`),
    ends: rejected('xml-not-well-formed'),
  },
  {
    name: 'text-after-the-end.xml',
    content: changed((xml) => `${xml}fin`),
    ends: rejected('xml-not-well-formed'),
  },
  {
    name: 'nul-bytes-after-the-end.xml',
    content: changed((xml) => `${xml}${'\u0000'.repeat(512)}`),
    ends: rejected('xml-not-well-formed'),
  },
  {
    name: 'bare-ampersand.xml',
    content: changed((xml) => xml.replace('<MOTIF></MOTIF>', '<MOTIF>chute & plaie</MOTIF>')),
    ends: rejected('xml-bare-ampersand'),
  },
  {
    name: 'control-character.xml',
    content: changed((xml) => xml.replace('VILLE-TEST', 'VILLE\u0007TEST')),
    ends: rejected('xml-not-well-formed'),
  },
  {
    name: 'doctype.xml',
    content: changed((xml) =>
      xml.replace('<OSCOUR>', '<!DOCTYPE OSCOUR SYSTEM "file:///etc/hostname"><OSCOUR>'),
    ),
    ends: rejected('doctype-refused'),
  },
  {
    name: 'billion-laughs.xml',
    content: changed((xml) =>
      xml
        .replace('<OSCOUR>', `<!DOCTYPE OSCOUR [<!ENTITY e0 "ha">${entities}]><OSCOUR>`)
        .replace('VILLE-TEST', '&e9;'),
    ),
    ends: rejected('doctype-refused'),
  },
  {
    name: 'deep.xml',
    content: changed((xml) => xml.replace('<MOTIF></MOTIF>', '<A>'.repeat(100_000) + '</A>'.repeat(100_000))),
    ends: rejected('xml-too-deep'),
  },
  {
    name: 'endless-text.xml',
    content: changed((xml) => xml.replace('<MOTIF></MOTIF>', `<MOTIF>${'a'.repeat(2_000_000)}</MOTIF>`)),
    ends: rejected('xml-text-too-long'),
  },
  {
    name: 'utf16.xml',
    content: changed((xml) => `\ufeff${xml}`, 'utf16le'),
    ends: rejected('encoding-utf16'),
  },
  { name: 'noise.xml', content: noise(), ends: rejected('export-shape-unknown') },
  {
    name: 'another-root.xml',
    content: text('<?xml version="1.0"?><html><body/></html>'),
    ends: rejected('export-shape-unknown'),
  },
];

const unplaceable: readonly HostileFile[] = [
  {
    name: 'no-visit.xml',
    content: text(rpuXml(file({ visits: [] }))),
    ends: rejected('export-without-record'),
  },
  {
    name: 'no-entree-at-all.xml',
    content: text(rpuXml(file({ visits: [{ entree: '' }, { entree: '31/02/2026 10:00' }] }))),
    ends: rejected('export-without-readable-record'),
  },
  {
    name: 'no-finess.xml',
    content: text(rpuXml(file({ finess: '' }))),
    ends: rejected('facility-missing'),
  },
  {
    name: 'wrong-finess.xml',
    content: text(rpuXml(file({ finess: '990000011' }))),
    ends: rejected('facility-invalid'),
  },
  {
    name: 'two-finess.xml',
    content: changed((xml) =>
      xml.replace('<PASSAGES>', `<ETABLISSEMENT><FINESS>${finess(999)}</FINESS></ETABLISSEMENT><PASSAGES>`),
    ),
    ends: rejected('facility-several'),
  },
];

const odd: readonly HostileFile[] = [
  {
    name: 'one-entree-missing.xml',
    content: text(rpuXml(file({ visits: [...clean, { entree: '' }] }))),
    ends: { state: 'forwarded', rejectedRecords: 1, rules: ['entree-missing'] },
  },
  {
    name: 'unknown-codes.xml',
    content: text(
      rpuXml(
        file({ visits: [{ entree: `${day} 10:00`, gravite: 'Z', sexe: 'X', transport: 'VELO', dp: '??' }] }),
      ),
    ),
    ends: { state: 'forwarded', rules: ['gravite-code', 'sexe-code', 'transport-code', 'dp-format'] },
  },
  {
    name: 'mojibake.xml',
    content: text(rpuXml(file({ visits: [{ entree: `${day} 10:00`, commune: 'Ã‰VRY' }] }))),
    ends: { state: 'forwarded', rules: ['text-mojibake'] },
  },
  {
    name: 'declares-utf8-writes-latin1.xml',
    content: text(rpuXml(file({ visits: [{ entree: `${day} 10:00`, commune: 'SAINT-ÉLOI' }] })), 'latin1'),
    ends: { state: 'forwarded', rules: ['encoding-declared-wrong'], carries: 'SAINT-ÉLOI' },
  },
  { name: 'byte-order-mark.xml', content: changed((xml) => `\ufeff${xml}`), ends: forwarded },
  {
    name: 'no-declaration.xml',
    content: changed((xml) => xml.slice(xml.indexOf('<OSCOUR>'))),
    ends: forwarded,
  },
  {
    name: 'passages-around-each.xml',
    content: changed((xml) =>
      xml
        .replace(/<\/?PASSAGES>\n/g, '')
        .replaceAll('<PATIENT>', '<PASSAGES><PATIENT>')
        .replaceAll('</PATIENT>', '</PATIENT></PASSAGES>'),
    ),
    ends: forwarded,
  },
  {
    name: 'header-last.xml',
    content: changed((xml) => {
      const header = /<ETABLISSEMENT>.*<\/ETABLISSEMENT>\n/.exec(xml)?.[0] ?? '';
      return xml.replace(header, '').replace('</OSCOUR>', `${header}</OSCOUR>`);
    }),
    ends: forwarded,
  },
  {
    name: 'any-order.xml',
    content: changed((xml) => xml.replaceAll(/(<CP>.*?<\/CP>)(.*?)(<ENTREE>.*?<\/ENTREE>)/g, '$3$2$1')),
    ends: forwarded,
  },
  {
    name: 'unknown-tags.xml',
    content: changed((xml) => xml.replaceAll('<GRAVITE>', '<HMED>12:30</HMED><GRAVITE>')),
    ends: { state: 'forwarded', rules: ['unknown-tag'] },
  },
  {
    name: 'comments-and-cdata.xml',
    content: changed((xml) =>
      xml
        .replace('<PASSAGES>', '<!-- a & b -->\n<PASSAGES>')
        .replace('VILLE-TEST', '<![CDATA[VILLE & TEST]]>'),
    ),
    ends: { state: 'forwarded', carries: 'VILLE & TEST' },
  },
  { name: 'one-line.xml', content: changed((xml) => xml.replaceAll('\n', '')), ends: forwarded },
  { name: 'mixed-line-ends.xml', content: changed((xml) => xml.replace('\n', '\r\n')), ends: forwarded },
  {
    name: 'xml-in-a-text-file.txt',
    content: text(rpuXml(file({ visits: [{ entree: `${day} 10:00`, dp: 'S93.4' }] }))),
    ends: forwarded,
  },
];

const flat: readonly HostileFile[] = [
  {
    name: 'unclosed-quote.csv',
    content: text(csv('"VALMORTE', 'OSTREVANNE')),
    ends: rejected('csv-quote-unclosed'),
  },
  { name: 'only-a-header.csv', content: text(csvHeader), ends: rejected('export-without-record') },
  {
    name: 'two-finess.csv',
    content: text(csv('VALMORTE') + csvRow(finess(998), 'OSTREVANNE')),
    ends: rejected('facility-several'),
  },
  { name: 'other-columns.csv', content: text('a;b;c\r\n1;2;3\r\n'), ends: rejected('export-shape-unknown') },
  {
    name: 'formula.csv',
    content: text(csv('"=HYPERLINK(""http://x.invalid"")"')),
    ends: { state: 'forwarded', carries: '=HYPERLINK("http://x.invalid")' },
  },
  {
    name: 'quoted-line-break.csv',
    content: text(csv('"VAL\r\nMORTE"')),
    ends: forwarded,
  },
];

/** Names that shells, paths and addresses read otherwise than as names. */
const names: readonly HostileFile[] = [
  'with spaces and  two.xml',
  'accentué œuvre.xml',
  "apostrophe's.xml",
  'quote".xml',
  '-leading-dash.xml',
  '..%2F..%2Fescape.xml',
  '$(touch escaped).xml',
  'semi;colon&amp.xml',
  '%00.xml',
  'no-extension',
].map((name) => ({ name, content: changed((xml) => xml), ends: forwarded }));

export const hostileFiles: readonly HostileFile[] = [...broken, ...unplaceable, ...odd, ...flat, ...names];

/** Names that are no exports at all, whatever they hold. */
export const passedOver: readonly HostileFile['name'][] = [
  'visits.xml.ok',
  'a.tmp',
  'b.part',
  'c.filepart',
  'd.xml~',
];

function noise(): Buffer {
  const bytes = Buffer.alloc(4096);
  let state = 12_345;
  for (let index = 0; index < bytes.length; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[index] = 128 + ((state >>> 16) % 127);
  }
  return bytes;
}
