import { unknownName } from '../base/nearest.js';
import { CONSTANTS } from './layout.js';
import { decodeRegister, library } from './library.js';
import type { NativeRegister } from './library.js';

/** When a register is put: at this level and at every later one. */
export const LEVELS = ['runtime', 'reset', 'full'] as const;
export type Level = (typeof LEVELS)[number];

/** Kinds of KVM, in the order of the bits of `enum sprsync_flavour`. */
export const FLAVOURS = ['HV', 'PR', 'BookE'] as const;
export type Flavour = (typeof FLAVOURS)[number];

export type RegisterSize = 4 | 8 | 16;

/** What a register is: a row of `native/registers.def`, or one of the caller's making. */
export interface RegisterDefinition {
  /** Its ONE_REG id. */
  readonly id: bigint;
  /** As in asm/kvm.h, without `KVM_REG_PPC_`. */
  readonly name: string;
  readonly group: string;
  /** The number that mtspr takes; undefined for what is no SPR (FPR0, VPA_ADDR ...). */
  readonly spr: number | undefined;
  /** The lowest level at which it is put. */
  readonly level: Level;
  /** The kinds of KVM that can have it. */
  readonly flavours: readonly Flavour[];
  /** What KVM has of it; the default is both. */
  readonly directions?: readonly Direction[];
  /** Two 64-bit words in memory order instead of an integer; the default is an integer. */
  readonly isWords?: boolean;
}

export interface Register extends RegisterDefinition {
  /** The row in `registers.def`. */
  readonly index: number;
  readonly sizeBytes: RegisterSize;
  /** Names of the registers that are the same storage by architecture. */
  readonly overlaps: readonly string[];
  readonly directions: readonly Direction[];
  readonly isWords: boolean;
}

const NO_SPR = CONSTANTS.SPRSYNC_NO_SPR;

export const DIRECTIONS = ['get', 'put'] as const;
export type Direction = (typeof DIRECTIONS)[number];

interface Table {
  readonly rows: readonly Register[];
  readonly byName: ReadonlyMap<string, Register>;
  readonly byId: ReadonlyMap<bigint, Register>;
}

let table: Table | undefined;

/** Every register that KVM's ONE_REG names on ppc, in the order of `registers.def`. */
export function registerTable(): readonly Register[] {
  return loadTable().rows;
}

/** The register of that name, or undefined. */
export function findRegister(name: string): Register | undefined {
  return loadTable().byName.get(name);
}

/** The register of that name; `UNKNOWN_REGISTER` tells the nearest names otherwise. */
export function registerNamed(name: string): Register {
  const found = findRegister(name);
  if (found === undefined) {
    const names = registerTable().map((row) => row.name);
    throw unknownName('register', name, names);
  }
  return found;
}

/** The register of that ONE_REG id, or undefined. */
export function findRegisterById(id: bigint): Register | undefined {
  return loadTable().byId.get(id);
}

/** The width in bytes that a ONE_REG id encodes. */
export function sizeOfId(id: bigint): number {
  return 1 << Number((id >> 52n) & 0xfn);
}

/** The bits of `sprsync_register.flavours`. */
export function flavourMask(flavours: readonly Flavour[]): number {
  return flavours.reduce((mask, flavour) => mask | (1 << FLAVOURS.indexOf(flavour)), 0);
}

/** The bits of `sprsync_register.directions`. */
export function directionMask(directions: readonly Direction[] = DIRECTIONS): number {
  return directions.reduce((mask, direction) => mask | (1 << DIRECTIONS.indexOf(direction)), 0);
}

/** `enum sprsync_level`. */
export function levelNumber(level: Level): number {
  return LEVELS.indexOf(level) + 1;
}

/** `sprsync_register.spr`. */
export function sprNumber(spr: number | undefined): number {
  return spr ?? NO_SPR;
}

function loadTable(): Table {
  if (table !== undefined) return table;
  const rows = Array.from({ length: library().tableCount() }, (_, index) => readRow(index));
  table = {
    rows,
    byName: new Map(rows.map((row) => [row.name, row])),
    byId: new Map(rows.map((row) => [row.id, row])),
  };
  return table;
}

function readRow(index: number): Register {
  const address = library().tableRow(index);
  if (address === null) throw new RangeError(`registers.def has no row ${index}`);
  const native = decodeRegister(address);
  const id = BigInt(native.id);
  return {
    index,
    ...definitionOf(native),
    directions: DIRECTIONS.filter((_, bit) => (native.directions & (1 << bit)) !== 0),
    isWords: (native.traits & CONSTANTS.SPRSYNC_WORDS) !== 0,
    sizeBytes: sizeOfId(id) as RegisterSize,
    overlaps: overlapsOf(id),
  };
}

function definitionOf(native: NativeRegister): RegisterDefinition {
  const level = LEVELS[native.level - 1];
  if (level === undefined) throw new RangeError(`${native.name}: level ${native.level}`);
  return {
    id: BigInt(native.id),
    name: native.name,
    group: native.group,
    spr: native.spr === NO_SPR ? undefined : native.spr,
    level,
    flavours: FLAVOURS.filter((_, bit) => (native.flavours & (1 << bit)) !== 0),
  };
}

function overlapsOf(id: bigint): string[] {
  const count = library().overlaps(id, null, 0);
  if (count === 0) return [];
  const rows = new BigUint64Array(count);
  library().overlaps(id, new Uint8Array(rows.buffer), count);
  return Array.from(rows, (address) => decodeRegister(address).name);
}
