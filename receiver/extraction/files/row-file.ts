import type { ExtractionForm } from '../request.ts';
import { openCsvFile } from './csv-file.ts';
import { openParquetFile } from './parquet-file.ts';
import type { OpenRowFile } from './sheet.ts';
import { openXlsxFile } from './xlsx-file.ts';

export const rowFiles: Readonly<Record<ExtractionForm, OpenRowFile>> = {
  csv: openCsvFile,
  xlsx: openXlsxFile,
  parquet: openParquetFile,
};

export const contentTypes: Readonly<Record<ExtractionForm, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};
