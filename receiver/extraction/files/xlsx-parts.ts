import type { Bilingual, Language } from '../../../shared/i18n/texts.ts';
import type { Column } from '../plan.ts';
import type { Sheet } from './sheet.ts';

/** The parts of a workbook (ECMA-376, Office Open XML) that do not depend on how many rows it has. */
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const contents = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const sheetNames: readonly Bilingual[] = [
  { fr: 'Données', en: 'Data' },
  { fr: 'À lire', en: 'Notes' },
];

/** Everything but the sheets; the order is that of the archive. */
export function workbookParts(language: Language): readonly (readonly [name: string, text: string])[] {
  const sheets = sheetNames
    .map((name, at) => `<sheet name="${xmlText(name[language])}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
    .join('');
  const links = sheetNames
    .map((_, at) => relation(at + 1, `${relations}/worksheet`, `worksheets/sheet${at + 1}.xml`))
    .join('');
  const types = sheetNames
    .map((_, at) => override(`/xl/worksheets/sheet${at + 1}.xml`, `${contents}.worksheet+xml`))
    .join('');
  return [
    [
      '[Content_Types].xml',
      `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('/xl/workbook.xml', `${contents}.sheet.main+xml`)}${override('/xl/styles.xml', `${contents}.styles+xml`)}${types}</Types>`,
    ],
    ['_rels/.rels', relationships(relation(1, `${relations}/officeDocument`, 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheets}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relationships(`${links}${relation(sheetNames.length + 1, `${relations}/styles`, 'styles.xml')}`),
    ],
    // Style 0 is what every cell has; style 1 is a heading.
    [
      'xl/styles.xml',
      `${head}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/></cellXfs></styleSheet>`,
    ],
  ];
}

/** Up to the first row of data: the header is row 1, and stays in sight. */
export function sheetStart(columns: readonly Column[]): string {
  const widths = columns
    .map(({ title }, at) => {
      const width = Math.min(40, Math.max(10, title.length + 2));
      return `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`;
    })
    .join('');
  const titles = columns.map(({ title }) => cell(title, 1)).join('');
  return `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths}</cols><sheetData><row>${titles}</row>`;
}

export const sheetEnd = '</sheetData></worksheet>';

/** What a reader must know, then each column's stable name beside its title. */
export function notesSheet({ notes, columns }: Sheet): string {
  const rows = [
    ...notes.map((note) => cell(note, 0)),
    '',
    ...columns.map(({ name, title }) => cell(name, 1) + cell(title, 0)),
  ];
  return `${head}<worksheet xmlns="${main}"><cols><col min="1" max="1" width="30" customWidth="1"/></cols><sheetData>${rows.map((row) => `<row>${row}</row>`).join('')}${sheetEnd}`;
}

function cell(text: string, style: 0 | 1): string {
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function override(part: string, type: string): string {
  return `<Override PartName="${part}" ContentType="${type}"/>`;
}

function relation(id: number, type: string, target: string): string {
  return `<Relationship Id="rId${id}" Type="${type}" Target="${target}"/>`;
}

function relationships(list: string): string {
  return `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`;
}

/** A cell holds no more. */
const mostSigns = 32_767;

/** As XML 1.0 takes it: what no document may hold becomes a replacement sign. */
export function xmlText(text: string): string {
  const clean = text
    // eslint-disable-next-line no-control-regex -- these are what XML does not take
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    // What looks like an escape (ECMA-376, 22.4.2.4) is text here.
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  const kept = clean.length <= mostSigns ? clean : `${clean.slice(0, mostSigns - 1)}…`;
  return kept
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
