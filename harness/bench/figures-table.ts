import Table from 'cli-table3';
import type { Aim, Figure, Unit } from './figure.js';
import { missedBy } from './figure.js';

const HEAD = ['figure', 'aim', 'measured', 'aim met'];

/** The figures as a table for a terminal. */
export function figuresTable(figures: readonly Figure[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } });
  table.push(...figures.map(cellsOf));
  return table.toString();
}

/** The same in Markdown, as BENCHMARKS.md has it. */
export function figuresMarkdown(figures: readonly Figure[]): string {
  return markdownTable(HEAD, figures.map(cellsOf));
}

/** A table in Markdown. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function cellsOf(figure: Figure): string[] {
  const { name, aim, value, unit } = figure;
  return [
    name,
    aim === undefined ? '' : aimText(aim, unit),
    valueText(value, unit),
    metText(figure),
  ];
}

const SIGNS = { 'at most': '<=', below: '<', 'at least': '>=' } as const;

function aimText({ is, value }: Aim, unit: Unit): string {
  return `${SIGNS[is]} ${value}${suffixOf(unit)}`;
}

function valueText(value: number, unit: Unit): string {
  const digits = { ms: 0, MB: 0, s: 2, us: 0, times: 1, ratio: 2 }[unit];
  return `${value.toFixed(digits)}${suffixOf(unit)}`;
}

function suffixOf(unit: Unit): string {
  return unit === 'ratio' ? '' : ` ${unit}`;
}

function metText(figure: Figure): string {
  if (figure.met === undefined) return '';
  const missed = missedBy(figure);
  return missed === undefined ? 'yes' : `no, by ${Math.max(1, Math.round(missed * 100))} %`;
}
