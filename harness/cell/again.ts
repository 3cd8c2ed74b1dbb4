import { invocation } from '../base/invocation.js';
import { selectingOptions } from '../kernels/select-kernels.js';
import { againCommand } from '../record/again-command.js';
import type { EmulatedCell, HardwareCell } from './cell.js';
import { cellIds } from './cell.js';

/** What selects a planned cell again: a machine that is there has no kernel to choose. */
type SelectedCell =
  | Pick<EmulatedCell, 'kernel' | 'platform' | 'isHardware'>
  | Pick<HardwareCell, 'kernel' | 'platform' | 'isHardware'>;

/** The command that runs a planned cell again, with the options that this run had; `asked` as of `testAgain`. */
export function runAgain(
  cell: SelectedCell,
  asked: readonly string[] = invocation().asked,
): string {
  const { run, options } = invocation();
  return commandOf(run, cell, [...asked, ...options]);
}

/**
 * The command that tests a planned cell again with the options that this run had, except that it asks what
 * `asked` says: one register, or the same hostile calls.
 */
export function testAgain(
  cell: SelectedCell,
  asked: readonly string[] = invocation().asked,
): string {
  const { test, options } = invocation();
  return commandOf(test, cell, [...asked, ...options]);
}

/** The command that tries again every migration between a planned cell's kernel and itself. */
export function migrateAllAgain(cell: SelectedCell): string {
  return commandOf('npx sprmatrix migrate --all', cell, invocation().options);
}

function commandOf(program: string, cell: SelectedCell, asked: readonly string[]): string {
  return againCommand({
    program,
    cells: [cellIds(cell)],
    kernelOptions: cell.isHardware === true ? [] : selectingOptions(cell.kernel),
    asked,
  });
}
