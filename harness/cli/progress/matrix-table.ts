import Table from 'cli-table3';
import picocolors from 'picocolors';
import { hasColours } from '../../base/terminal.js';
import type { CellRecord, RegisterRecord, Support } from '../../record/cell-record.js';
import { untestedRegisters } from '../../record/cell-record.js';

// A build of its own would be coloured in every file of a CI.
const colors = picocolors.createColors(hasColours(process.stdout));

/** How a support value looks in the terminal: the word itself, so that no colour is needed. */
const COLOURS: Readonly<Record<Support, (text: string) => string>> = {
  exact: colors.green,
  masked: colors.cyan,
  restricted: colors.cyan,
  volatile: colors.cyan,
  'get-only': colors.yellow,
  'put-only': colors.yellow,
  lost: colors.red,
  aliased: colors.red,
  error: colors.red,
  absent: colors.dim,
  untested: colors.dim,
};

/**
 * Cells as columns, registers by group as rows. A group's row counts its registers by support; a
 * register has a row of its own only where the columns differ or where it is lost or aliased. Of a
 * run that asked for some registers, those alone are shown, each with its row.
 */
export function matrixTable(records: readonly CellRecord[]): string {
  const table = new Table({
    head: ['register', ...records.map(({ cell }) => `${cell.kernel}\n${cell.platform}`)],
    style: { head: [], border: [], compact: true },
  });
  const isPart = records.some((record) => untestedRegisters(record).length > 0);
  for (const [group, names] of groupsOf(records)) {
    table.push([
      colors.bold(`${group} (${names.length})`),
      ...records.map((record) => countText(names.map((name) => record.registers[name]))),
    ]);
    for (const name of names.filter((candidate) => isPart || needsRow(records, candidate))) {
      table.push([`  ${name}`, ...records.map((record) => supportText(record.registers[name]))]);
    }
  }
  return table.toString();
}

/** Registers that were asked by group, both in the order of the records. */
function groupsOf(records: readonly CellRecord[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, row] of Object.entries(records[0]?.registers ?? {})) {
    if (records.every((record) => record.registers[name]?.support === 'untested')) continue;
    const names = groups.get(row.group) ?? [];
    names.push(name);
    groups.set(row.group, names);
  }
  return groups;
}

function needsRow(records: readonly CellRecord[], name: string): boolean {
  const rows = records.map((record) => record.registers[name]);
  const supports = new Set(rows.map((row) => row?.support));
  return supports.size > 1 || supports.has('lost') || supports.has('aliased');
}

function supportText(row: RegisterRecord | undefined): string {
  if (row === undefined) return '';
  const detail = row.support === 'absent' && row.get !== null ? ` ${row.get}` : '';
  return COLOURS[row.support](`${row.support}${detail}`);
}

function countText(rows: readonly (RegisterRecord | undefined)[]): string {
  const counts = new Map<Support, number>();
  for (const row of rows) {
    if (row !== undefined) counts.set(row.support, (counts.get(row.support) ?? 0) + 1);
  }
  const order = Object.keys(COLOURS) as Support[];
  return [...counts]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([support, count]) => COLOURS[support](`${count} ${support}`))
    .join('\n');
}
