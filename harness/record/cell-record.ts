import type { CellRecord, RegisterRecord, Support } from './record.generated.js';
import { unaskedRow } from './row-fields.js';
import { mergedStates } from './states.js';

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

/** Whether two records are of the same kernel id on the same platform id. */
export function isSameCell(a: Pick<CellRecord, 'cell'>, b: Pick<CellRecord, 'cell'>): boolean {
  return a.cell.kernel === b.cell.kernel && a.cell.platform === b.cell.platform;
}

/**
 * Whether two records are of the same kernel: of the same image, or of the same package. One that is built
 * here from a source package is another image wherever it is built.
 */
export function isSameKernel(a: ImageIdentity, b: ImageIdentity): boolean {
  if (hasOtherModule(a.modules, b.modules)) return false;
  if (a.sha256 !== null && a.sha256 === b.sha256) return true;
  if (a.package === null || b.package === null) return false;
  return a.package.name === b.package.name && a.package.version === b.package.version;
}

type ImageIdentity = Pick<CellRecord['kernel'], 'sha256' | 'package' | 'modules'>;

/** Whether both say which modules were loaded, and one is another or was loaded by one alone. */
function hasOtherModule(a: ImageIdentity['modules'], b: ImageIdentity['modules']): boolean {
  if (a === undefined || b === undefined) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].some((name) => a[name] !== b[name]);
}

/** Whether the kernel answered: not `untested`, and no failure of the harness. */
export function isAnswered(row: RegisterRecord | undefined): row is RegisterRecord {
  return row !== undefined && row.support !== 'untested' && row.support !== 'error';
}

/** The answers of a kernel that want a reason. An absent register may have one and needs none. */
const NEEDS_REASON: ReadonlySet<Support> = new Set<Support>([
  'masked',
  'restricted',
  'lost',
  'get-only',
  'put-only',
  'volatile',
  'aliased',
]);

/** Whether a row's answer wants a reason. */
export function needsReason({ support }: Pick<RegisterRecord, 'support'>): boolean {
  return NEEDS_REASON.has(support);
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

/** `record` with the rows and hostile calls that were not asked taken from `other` where that has them. */
export function fillUntested(record: CellRecord, other: CellRecord): CellRecord {
  const rows = Object.entries(record.registers).map(([name, row]) => {
    const otherRow = other.registers[name];
    return [name, row.support === 'untested' && isAnswered(otherRow) ? otherRow : row] as const;
  });
  const hostile = record.hostile ?? other.hostile;
  const states = mergedStates(record.states, other.states);
  return {
    ...record,
    ...(hostile === undefined ? {} : { hostile }),
    ...(states === undefined ? {} : { deep: true, states }),
    registers: Object.fromEntries(rows),
  };
}

/** `record` as if nothing had been asked. */
export function withNothingAsked(record: CellRecord): CellRecord {
  const rows = Object.entries(record.registers).map(
    ([name, row]) => [name, unaskedRow(row)] as const,
  );
  const unasked = { ...record, registers: Object.fromEntries(rows) };
  delete unasked.hostile;
  delete unasked.deep;
  delete unasked.states;
  return unasked;
}
