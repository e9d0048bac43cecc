import type { BenchDocument, Figure } from './document.ts';
import { catalogue } from './figures.ts';

/** The document for people: value, goal, whether it holds, and what the figure says. */
export function printTable({ figures }: BenchDocument): string {
  const rows = figures.map((figure) => [
    figure.id,
    figure.value === null ? '-' : `${show(figure.value)} ${figure.unit}`,
    `${figure.better === 'higher' ? '≥' : '≤'} ${show(figure.goal)}`,
    verdictOf(figure),
    figure.rounds === 0 ? '' : `${figure.rounds} × ±${Math.round((figure.spread ?? 0) * 50)} %`,
    figure.reason ?? catalogue.find(({ id }) => id === figure.id)?.meaning ?? '',
  ]);
  const all = [['figure', 'value', 'goal', '', 'rounds', 'what it says'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function verdictOf({ status, holds }: Figure): string {
  if (status === 'skipped') return 'skipped';
  return holds ? 'holds' : 'MISSED';
}

function show(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
