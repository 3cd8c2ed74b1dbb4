import type { CellRecord, RegisterRecord, Support } from './record.generated.js';

export type { CellRecord, RegisterRecord, Support };

/** The names of registers.def, in its order. */
export type RegisterNames = readonly string[];

/** Every `support` value, in the order in which people read them (DESIGN, "What a register can do"). */
export const SUPPORTS = [
  'exact',
  'masked',
  'restricted',
  'lost',
  'get-only',
  'put-only',
  'volatile',
  'aliased',
  'absent',
  'untested',
  'error',
] as const satisfies readonly Support[];

/** `<kernel id>/<platform id>`: the name of a cell in messages, in projects and in folders. */
export function cellName(record: Pick<CellRecord, 'cell'>): string {
  return `${record.cell.kernel}/${record.cell.platform}`;
}

/** The kernel id of a machine that was not booted: whatever kernel ran there. */
export const RUNNING_KERNEL = 'running';

/** The options of `sprmatrix run` and `npm test` that choose a record's cell. */
export function cellOptions({ cell }: Pick<CellRecord, 'cell'>): string {
  const platform = `--platform=${cell.platform}`;
  return cell.kernel === RUNNING_KERNEL ? platform : `--kernel=${cell.kernel} ${platform}`;
}

/** Whether two records are of the same kernel id on the same platform id. */
export function isSameCell(a: Pick<CellRecord, 'cell'>, b: Pick<CellRecord, 'cell'>): boolean {
  return a.cell.kernel === b.cell.kernel && a.cell.platform === b.cell.platform;
}

/** Whether the kernel answered: not `untested`, and no failure of the harness. */
export function isAnswered(row: RegisterRecord | undefined): row is RegisterRecord {
  return row !== undefined && row.support !== 'untested' && row.support !== 'error';
}

/** The names of the registers that were not asked, in the record's order. */
export function untestedRegisters(record: CellRecord): string[] {
  return registersOf(record, 'untested');
}

/** The names of the registers with one `support` value, in the record's order. */
export function registersOf(record: CellRecord, support: Support): string[] {
  return Object.entries(record.registers)
    .filter(([, row]) => row.support === support)
    .map(([name]) => name);
}

/** `record` with the rows that were not asked taken from `other` where that has an answer. */
export function fillUntested(record: CellRecord, other: CellRecord): CellRecord {
  const rows = Object.entries(record.registers).map(([name, row]) => {
    const otherRow = other.registers[name];
    return [name, row.support === 'untested' && isAnswered(otherRow) ? otherRow : row] as const;
  });
  return { ...record, registers: Object.fromEntries(rows) };
}

/** `record` as if no register had been asked. */
export function withNothingAsked(record: CellRecord): CellRecord {
  const rows = Object.entries(record.registers).map(([name, { id, size, spr, group }]) => {
    const unasked: RegisterRecord = {
      id,
      size,
      spr,
      group,
      support: 'untested',
      get: null,
      put: null,
      reset: null,
      writable: null,
      refused: [],
    };
    return [name, unasked] as const;
  });
  return { ...record, registers: Object.fromEntries(rows) };
}
