import { csvLine } from '../../pages/csv.ts';
import { hiddenWord, isHidden } from './cells.ts';
import { openFileSink } from './file-sink.ts';
import type { RowFile, Sheet } from './sheet.ts';

/** As every CSV for people: semicolons, CRLF, a mark of UTF-8, no cell that a spreadsheet would take for a formula. */
export async function openCsvFile(path: string, { columns, language }: Sheet): Promise<RowFile> {
  const sink = await openFileSink(path);
  const hidden = hiddenWord[language];
  await sink.write(`\ufeff${csvLine(columns.map(({ name }) => name))}`);
  return {
    add: async (rows) => {
      let text = '';
      for (const row of rows) text += csvLine(row.map((cell) => (isHidden(cell) ? hidden : cell)));
      await sink.write(text);
    },
    end: () => sink.end(),
    drop: () => sink.close(),
  };
}
