import type { CellRecord, RegisterRecord } from './cell-record.js';
import { isSameCell } from './cell-record.js';
import { cellName } from './cell-name.js';
import type { FieldChange } from './compare-rows.js';
import { changedFields, fieldPhrase } from './compare-rows.js';
import {
  distinctTexts,
  HOSTILE_CHECKS,
  isChecked,
  isSameCheck,
  isSamePlan,
} from './hostile-checks.js';
import type { HostileRecord } from './record.generated.js';
import { changedItems, isAsked, itemName, STATES } from './states.js';

/** What the two sides are called in sentences: kernel ids, platform ids, or cells. */
export interface SideNames {
  readonly a: string;
  readonly b: string;
}

/** A register that the two sides answer differently for. */
export interface RegisterDifference {
  readonly register: string;
  /** The fields that differ; none when only one side has the register at all. */
  readonly changes: readonly FieldChange[];
  /** E.g. "LPCR: absent in debian-6.1, exact in debian-6.12". */
  readonly sentence: string;
}

/** A hostile check, or an item of a state, that the two sides answer differently. */
export interface CheckDifference {
  readonly check: string;
  readonly sentence: string;
}

/** A fact about kernel, machine or KVM that differs, e.g. "QEMU". */
export interface FactDifference {
  readonly fact: string;
  readonly a: string;
  readonly b: string;
}

/** The part of a record that is about what a cell ran on. */
export type CellFacts = Pick<CellRecord, 'kernel' | 'machine' | 'kvm'>;

export interface RecordDiff {
  readonly names: SideNames;
  /** `<kernel id>/<platform id>` of both. */
  readonly cells: SideNames;
  /** How many registers at least one side has. */
  readonly compared: number;
  readonly registers: readonly RegisterDifference[];
  /** Hostile checks that came to something else; none when one side has not made the same calls. */
  readonly checks: readonly CheckDifference[];
  readonly facts: readonly FactDifference[];
}

/** The difference of two lists of records. */
export interface FolderDiff {
  readonly pairs: readonly RecordDiff[];
  /** Cells that have no partner on the other side. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/**
 * What differs between two records. Registers come in the order of `a`, then those that only `b`
 * has. `names` is for two records that their cells do not tell apart (two runs of one cell).
 */
export function diffRecords(
  a: CellRecord,
  b: CellRecord,
  names: SideNames = namesOfSides(a, b),
): RecordDiff {
  const registers = [...new Set([...Object.keys(a.registers), ...Object.keys(b.registers)])];
  return {
    names,
    cells: { a: cellName(a.cell), b: cellName(b.cell) },
    compared: registers.length,
    registers: registers.flatMap((register) =>
      diffRegister(register, a.registers[register], b.registers[register], names),
    ),
    checks: [...diffChecks(a.hostile, b.hostile, names), ...diffStates(a, b, names)],
    facts: diffFacts(a, b),
  };
}

/**
 * What differs between two lists of records. Cells that both have are compared with each other;
 * when there is none, a platform's record with the one of the same platform under another kernel,
 * where there is just one on each side. Two single records are compared whatever they are.
 */
export function diffFolders(
  a: readonly CellRecord[],
  b: readonly CellRecord[],
  names?: SideNames,
): FolderDiff {
  const pairs = pairRecords(a, b);
  const without = (records: readonly CellRecord[], paired: readonly CellRecord[]): string[] =>
    records.filter((record) => !paired.includes(record)).map(({ cell }) => cellName(cell));
  return {
    pairs: pairs.map(([left, right]) => diffRecords(left, right, names)),
    onlyA: without(
      a,
      pairs.map(([left]) => left),
    ),
    onlyB: without(
      b,
      pairs.map(([, right]) => right),
    ),
  };
}

type Pair = readonly [CellRecord, CellRecord];

function pairRecords(a: readonly CellRecord[], b: readonly CellRecord[]): Pair[] {
  const [onlyA, onlyB] = [a[0], b[0]];
  if (a.length === 1 && b.length === 1 && onlyA !== undefined && onlyB !== undefined) {
    return [[onlyA, onlyB]];
  }
  const sameCells = a.flatMap((left): Pair[] => {
    const right = b.find((candidate) => isSameCell(left, candidate));
    return right === undefined ? [] : [[left, right]];
  });
  if (sameCells.length > 0) return sameCells;
  return a.flatMap((left): Pair[] => {
    const isAlike = ({ cell }: CellRecord): boolean => cell.platform === left.cell.platform;
    const [right, ...others] = b.filter(isAlike);
    const isUnique = others.length === 0 && a.filter(isAlike).length === 1;
    return right !== undefined && isUnique ? [[left, right]] : [];
  });
}

/** The shortest names that tell two records apart. */
function namesOfSides(a: CellRecord, b: CellRecord): SideNames {
  if (isSameCell(a, b)) return { a: 'A', b: 'B' };
  if (a.cell.platform === b.cell.platform) return { a: a.cell.kernel, b: b.cell.kernel };
  if (a.cell.kernel === b.cell.kernel) return { a: a.cell.platform, b: b.cell.platform };
  return { a: cellName(a.cell), b: cellName(b.cell) };
}

function diffRegister(
  register: string,
  a: RegisterRecord | undefined,
  b: RegisterRecord | undefined,
  names: SideNames,
): RegisterDifference[] {
  const sentence = (left: string, right: string): string =>
    `${register}: ${left} in ${names.a}, ${right} in ${names.b}`;
  if (a === undefined || b === undefined) {
    const left = a?.support ?? 'not recorded';
    return [{ register, changes: [], sentence: sentence(left, b?.support ?? 'not recorded') }];
  }
  const changes = changedFields(a, b);
  if (changes.length === 0) return [];
  // What the support value says need not be said again field by field.
  const told = changes.some(({ field }) => field === 'support') ? changes.slice(0, 1) : changes;
  return [
    { register, changes, sentence: sentence(fieldPhrase(told, 'a'), fieldPhrase(told, 'b')) },
  ];
}

function diffChecks(
  a: HostileRecord | undefined,
  b: HostileRecord | undefined,
  names: SideNames,
): CheckDifference[] {
  if (a === undefined || b === undefined || !isSamePlan(a, b)) return [];
  return HOSTILE_CHECKS.flatMap((check) => {
    const [left, right] = [a.checks[check], b.checks[check]];
    if (!isChecked(left) || !isChecked(right) || isSameCheck(left, right)) return [];
    const [textA, textB] = distinctTexts(left, right);
    return [
      { check, sentence: `hostile ${check}: ${textA} in ${names.a}, ${textB} in ${names.b}` },
    ];
  });
}

function diffStates(a: CellRecord, b: CellRecord, names: SideNames): CheckDifference[] {
  return STATES.flatMap((state) => {
    const [left, right] = [a.states?.[state], b.states?.[state]];
    if (!isAsked(left) || !isAsked(right)) return [];
    return changedItems(left, right).map((change): CheckDifference => {
      const check = itemName(state, change.item);
      const [inA, inB] = [change.a ?? 'not there', change.b ?? 'not there'];
      return { check, sentence: `${check}: ${inA} in ${names.a}, ${inB} in ${names.b}` };
    });
  });
}

/** What two cells ran on, where they differ in it. */
export function diffFacts(a: CellFacts, b: CellFacts): FactDifference[] {
  const right = factsOf(b);
  const left = factsOf(a);
  // A record may be older than what it could say of modules.
  if (a.kernel.modules !== undefined && b.kernel.modules !== undefined) {
    for (const [fact, hash] of moduleFacts(a.kernel.modules)) left.set(fact, hash);
    for (const [fact, hash] of moduleFacts(b.kernel.modules)) right.set(fact, hash);
  }
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((fact) => ({
      fact,
      a: left.get(fact) ?? 'not recorded',
      b: right.get(fact) ?? 'not recorded',
    }))
    .filter((fact) => fact.a !== fact.b);
}

function moduleFacts(modules: Readonly<Record<string, string>>): [fact: string, hash: string][] {
  return Object.entries(modules).map(([name, hash]) => [
    `module ${name}`,
    `sha256 ${hash.slice(0, 12)}`,
  ]);
}

/** What the answers may depend on besides the kernel's line, as people name it. */
export function factsOf({ kernel, machine, kvm }: CellFacts): Map<string, string> {
  return new Map([
    ['QEMU', machine.qemu ?? 'none'],
    ['machine', machine.machine],
    ['CPU', machine.cpu],
    ['accelerator', machine.accelerator],
    ['kernel release', kernel.release],
    ['kernel version', kernel.version],
    [
      'kernel package',
      kernel.package === null ? 'none' : `${kernel.package.name} ${kernel.package.version}`,
    ],
    ['kernel image', kernel.sha256 === null ? 'not known' : `sha256 ${kernel.sha256.slice(0, 12)}`],
    ['byte order', kernel.byteOrder],
    ['page size', `${kernel.pageSize} bytes`],
    ['KVM flavour', kvm.flavour],
    ...Object.entries(kvm.capabilities).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]),
  ]);
}
