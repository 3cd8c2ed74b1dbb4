import type { CellIds } from './cell-name.js';
import { cellName } from './cell-name.js';
import type { VmmLoss } from './loss-text.js';
import type { Loss, MigrationPair } from './migration.generated.js';

export type { Loss, VmmLoss };

/** What a guest loses when another VMM than libsprsync's restores it. */
export interface VmmAnswer {
  /** "QEMU 10.0". */
  readonly name: string;
  readonly kept: number;
  readonly lost: readonly VmmLoss[];
  /** The registers whose puts the target refused. */
  readonly refused: readonly string[];
}

/** What came of the registers of one migration. */
export interface MigrationOutcome {
  readonly kept: number;
  readonly lost: readonly Loss[];
}

/** What a guest loses from one cell to another. */
export interface MigrationAnswer extends MigrationOutcome {
  readonly from: CellIds;
  readonly to: CellIds;
  /** The same guest as another VMM restores it, where that was asked (`--vmm`). */
  readonly vmm?: VmmAnswer;
}

/** An answer that was asked now. */
export interface AskedMigration extends MigrationAnswer {
  /** The versions that source and target ran under. */
  readonly qemus: { readonly from: string; readonly to: string };
}

/** What guests lose from one cell to another under each QEMU that was measured. */
export interface MeasuredMigration {
  readonly from: CellIds;
  readonly to: CellIds;
  /** By the version that both ends ran under, the reference first. */
  readonly outcomes: ReadonlyMap<string, MigrationOutcome>;
}

/** What a table says of emulators besides what was measured. */
export interface MigrationFacts {
  /** The release line of the reference. */
  readonly line: string;
  /** The entry of matrix/emulator.json behind what a QEMU makes of a register between two cells. */
  readonly reasonOf: (
    register: string,
    ends: Pick<MigrationAnswer, 'from' | 'to'>,
    version: string,
  ) => string | undefined;
}

/** `<from>:<to>`, both as `<kernel>/<platform>`. */
export function pairName({ from, to }: Pick<MigrationAnswer, 'from' | 'to'>): string {
  return `${cellName(from)}:${cellName(to)}`;
}

/** Those of a table's QEMUs that one of its pairs was measured under, in their order. */
export function measuredUnder(
  { under }: Pick<MigrationPair, 'under'>,
  qemus: readonly string[],
): readonly string[] {
  return under?.flatMap((position) => qemus[position] ?? []) ?? qemus;
}

/** The registers that two outcomes lose otherwise, with what the second makes of them: nothing, if kept. */
export function changedLosses(
  a: MigrationOutcome,
  b: MigrationOutcome,
): [register: string, loss: Loss | undefined][] {
  const byRegister = ({ lost }: MigrationOutcome): Map<string, Loss> =>
    new Map(lost.map((loss) => [loss.register, loss]));
  const [before, after] = [byRegister(a), byRegister(b)];
  const registers = new Set([...before.keys(), ...after.keys()]);
  const text = (loss: Loss | undefined): string | undefined => loss && lossKey(loss);
  return [...registers]
    .filter((register) => text(before.get(register)) !== text(after.get(register)))
    .map((register) => [register, after.get(register)]);
}

/** A loss as a text. Those that were asked and those of a file have their fields in one order: the probe's. */
export const lossKey = (loss: Loss): string => JSON.stringify(loss);
