import Table from 'cli-table3';
import { widthOf } from '../../base/terminal.js';
import type { RowVerdict } from '../../judge/verdict/row-verdict.js';
import type { VerdictKind } from '../../judge/verdict/verdict-kinds.js';
import { countKinds, VERDICTS } from '../../judge/verdict/verdict-kinds.js';
import type { CellRecord, RegisterRecord } from '../../record/cell-record.js';
import { isAnswered, untestedRegisters } from '../../record/cell-record.js';
import { columnWidths, tableWidth } from './fitted-table.js';
import { inColourOf, terminalColours } from './verdict-colours.js';

/** A cell as a column: its record, and what each register comes to by `rowVerdicts`. */
export interface TableColumn {
  readonly record: CellRecord;
  readonly verdicts: ReadonlyMap<string, RowVerdict>;
}

/** Registers of one group that have a row each. */
interface ShownGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly shown: readonly string[];
}

/** What no reader may miss, even where every column has it. */
const ALWAYS_SHOWN: ReadonlySet<VerdictKind> = new Set(['error', 'unexplained']);
/** What a table of a single column shows, which differs from no other. */
const SHOWN_ALONE: ReadonlySet<VerdictKind> = new Set(['error', 'unexplained', 'kernel']);

/**
 * Cells as columns, registers as rows: those alone in which the columns differ, or that nothing explains; of
 * one cell those that its kernel has wrong; of a run that asked for some registers, these. Each answer has its
 * verdict's sign and colour. A group's row, and the last one, count verdicts. What does not fit into `width`
 * columns of the terminal follows in further blocks.
 */
export function matrixTable(
  columns: readonly TableColumn[],
  width: number | undefined = widthOf(process.stdout),
): string {
  const groups = shownGroups(columns);
  // Groups in which nothing is shown would be rows of numbers next to those that differ.
  const visible = groups.filter(({ shown }) => columns.length === 1 || shown.length > 0);
  const all = groups.flatMap(({ members }) => members);
  const labels = [
    'register',
    ...visible.flatMap(({ name, members, shown }) => [
      terminalColours().bold(`${name} (${members.length})`),
      ...shown.map((register) => `  ${register}`),
    ]),
    terminalColours().bold(`all (${all.length})`),
  ];
  const bodies = columns.map((column) => [
    `${column.record.cell.kernel}\n${column.record.cell.platform}`,
    ...visible.flatMap(({ members, shown }) => [
      countsText(column, members),
      ...shown.map((register) => answerText(column, register)),
    ]),
    countsText(column, all),
  ]);
  const blocks = blocksOf(labels, bodies, width);
  return [...blocks.map((block) => tableText([labels, ...block])), legend(columns, all)].join('\n');
}

function shownGroups(columns: readonly TableColumn[]): ShownGroup[] {
  const isPart = columns.some(({ record }) => untestedRegisters(record).length > 0);
  return [...groupsOf(columns.map(({ record }) => record))].map(([name, members]) => ({
    ...{ name, members },
    shown: members.filter((register) => isPart || needsRow(columns, register)),
  }));
}

/** Registers that were asked by group, both in the order of the records. */
function groupsOf(records: readonly CellRecord[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, row] of Object.entries(records[0]?.registers ?? {})) {
    if (records.every((record) => record.registers[name]?.support === 'untested')) continue;
    groups.set(row.group, [...(groups.get(row.group) ?? []), name]);
  }
  return groups;
}

function needsRow(columns: readonly TableColumn[], register: string): boolean {
  const kinds = columns.map((column) => kindOf(column, register));
  if (columns.length === 1) return kinds.some((kind) => SHOWN_ALONE.has(kind));
  if (kinds.some((kind) => ALWAYS_SHOWN.has(kind))) return true;
  return new Set(columns.map((column) => answerText(column, register))).size > 1;
}

function kindOf({ verdicts }: TableColumn, register: string): VerdictKind {
  return verdicts.get(register)?.kind ?? 'untested';
}

/** "K lost", "– absent EINVAL": the sign of the verdict, and what the register answered. */
function answerText(column: TableColumn, register: string): string {
  const row = column.record.registers[register];
  if (row === undefined) return '';
  const kind = kindOf(column, register);
  return inColourOf(kind, `${VERDICTS[kind].sign} ${supportText(row)}`.trim());
}

function supportText(row: RegisterRecord): string {
  return row.support === 'absent' && row.get !== null ? `absent ${row.get}` : row.support;
}

/** "1K 22✓ 1–": how many of some registers come to each verdict, the worst first. */
function countsText(column: TableColumn, registers: readonly string[]): string {
  const asked = registers.filter((register) => isAnswered(column.record.registers[register]));
  const counts = countKinds(asked.map((register) => kindOf(column, register)));
  return [...counts]
    .map(([kind, count]) => inColourOf(kind, `${count}${VERDICTS[kind].sign}`))
    .join(' ');
}

/** What the signs of a table mean. */
function legend(columns: readonly TableColumn[], registers: readonly string[]): string {
  const kinds = columns.flatMap((column) => registers.map((register) => kindOf(column, register)));
  return [...countKinds(kinds).keys()]
    .filter((kind) => kind !== 'untested')
    .map((kind) => inColourOf(kind, `${VERDICTS[kind].sign} ${VERDICTS[kind].name}`))
    .join(', ');
}

/** Columns in blocks that each fit next to the labels; one that is too wide by itself is a block. */
function blocksOf(
  labels: readonly string[],
  columns: readonly (readonly string[])[],
  width: number | undefined,
): string[][][] {
  const widthOfColumn = (texts: readonly string[]): number =>
    Math.max(...columnWidths(texts.map((text) => [text])));
  const blocks: string[][][] = [];
  let used: number[] = [];
  for (const column of columns) {
    const mine = widthOfColumn(column);
    const block = blocks.at(-1);
    const fits = width === undefined || tableWidth([...used, mine]) <= width;
    if (block !== undefined && fits) {
      block.push([...column]);
      used.push(mine);
    } else {
      blocks.push([[...column]]);
      used = [widthOfColumn(labels), mine];
    }
  }
  return blocks;
}

/** A table of columns, the head's texts first. */
function tableText([labels = [], ...columns]: readonly (readonly string[])[]): string {
  const rowAt = (index: number): string[] => [
    labels[index] ?? '',
    ...columns.map((texts) => texts[index] ?? ''),
  ];
  const table = new Table({ head: rowAt(0), style: { head: [], border: [], compact: true } });
  for (let index = 1; index < labels.length; index += 1) table.push(rowAt(index));
  return table.toString();
}
