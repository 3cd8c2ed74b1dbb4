import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { widthOf } from '../../base/terminal.js';

/** What a column takes next to its text: a space on each side, and a line. */
const FRAME = 3;
/** A column is made no narrower than this, whatever the terminal. */
const LEAST = 8;

/**
 * A table for people that fits into `width` columns of a terminal: those that are wide are folded, the widest
 * first. Undefined, as of a file, is no limit.
 */
export function fittedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined = widthOf(process.stdout),
): string {
  const widths = columnWidths([head, ...rows]);
  const isTooWide = width !== undefined && tableWidth(widths) > width;
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    ...(isTooWide ? { wordWrap: true, colWidths: narrowed(widths, width) } : {}),
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** How wide the columns of some rows are, without spaces around them. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => textWidth(row[index] ?? ''))),
  );
}

/** How wide a table is whose columns are so wide. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + FRAME, 1);
}

function textWidth(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );
}

/** Column widths as cli-table3 has them, with the spaces, so that the table is `width` wide at most. */
function narrowed(widths: readonly number[], width: number): number[] {
  const fitted = [...widths];
  while (tableWidth(fitted) > width) {
    const widest = fitted.indexOf(Math.max(...fitted));
    const now = fitted[widest] ?? 0;
    if (now <= LEAST) break;
    fitted[widest] = now - 1;
  }
  return fitted.map((each) => each + FRAME - 1);
}
