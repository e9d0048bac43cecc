import { strToU8, Zip, ZipDeflate } from 'fflate';
import { permanent } from '../../../shared/runtime/errors.ts';
import type { Cell } from '../plan.ts';
import { hiddenWord, isHidden } from './cells.ts';
import { openFileSink } from './file-sink.ts';
import type { RowFile, Sheet } from './sheet.ts';
import { notesSheet, sheetEnd, sheetStart, workbookParts, xmlText } from './xlsx-parts.ts';

/** ECMA-376 knows 1,048,576 rows; the first one is the header. */
export const mostXlsxRows = 1_048_575;
/** Without ZIP64 a part of the archive is shorter than 4 GiB. */
const mostPartBytes = 4_000_000_000;
/** Between the fastest and the smallest: a sheet shrinks to a tenth at any of them. */
const level = 4;

/**
 * A workbook of two sheets, rows and notes, written as its rows come. Texts are inline strings and numbers are numbers: no
 * cell can be a formula. Throws `extraction-too-many-rows`.
 */
export async function openXlsxFile(path: string, sheet: Sheet): Promise<RowFile> {
  const sink = await openFileSink(path);
  let pieces: Uint8Array[] = [];
  let fault: Error | undefined;
  const zip = new Zip((error, piece) => {
    if (error !== null) fault = error;
    else pieces.push(piece);
  });
  const settle = async (): Promise<void> => {
    const written = pieces;
    pieces = [];
    if (fault !== undefined) throw fault;
    for (const piece of written) await sink.write(piece);
  };
  const part = (name: string): ZipDeflate => {
    const entry = new ZipDeflate(name, { level });
    zip.add(entry);
    return entry;
  };
  for (const [name, text] of workbookParts(sheet.language)) part(name).push(strToU8(text), true);
  const body = part('xl/worksheets/sheet1.xml');
  body.push(strToU8(sheetStart(sheet.columns)));

  const hidden = textCell(hiddenWord[sheet.language]);
  const cellOf = (cell: Cell): string => {
    if (cell === null) return '<c/>';
    if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
    return isHidden(cell) ? hidden : textCell(cell);
  };
  let [count, partBytes] = [0, 0];
  return {
    add: async (rows) => {
      count += rows.length;
      let text = '';
      for (const row of rows) text += `<row>${row.map(cellOf).join('')}</row>`;
      const block = strToU8(text);
      partBytes += block.length;
      if (count > mostXlsxRows || partBytes > mostPartBytes) throw permanent('extraction-too-many-rows');
      body.push(block);
      await settle();
    },
    end: async () => {
      body.push(strToU8(sheetEnd), true);
      part('xl/worksheets/sheet2.xml').push(strToU8(notesSheet(sheet)), true);
      zip.end();
      await settle();
      return sink.end();
    },
    drop: async () => {
      zip.terminate();
      await sink.close();
    },
  };
}

function textCell(text: string): string {
  return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}
