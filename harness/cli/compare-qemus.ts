import { join } from 'node:path';
import { isDrawable } from '../base/terminal.js';
import { ExitCode } from '../base/error.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { CellRecord } from '../record/cell-record.js';
import { diffFolders } from '../record/diff-records.js';
import { formatFolderDiff, isSameAnswers } from '../record/format-diff.js';
import { planCells } from '../cell/plan-cells.js';
import { RunProgress } from './progress/progress.js';
import { reportFailures, reportSkips } from './progress/run-report.js';
import type { MatrixOptions } from '../cell/run-matrix.js';
import { runMatrix } from '../cell/run-matrix.js';
import type { Cell } from '../cell/cell.js';
import { updateBaselines } from './update-baselines.js';

/** What one QEMU answered. */
interface Side {
  readonly name: string;
  readonly outFolder: string;
  readonly records: readonly CellRecord[];
}

/**
 * Runs the same cells on each of `qemus` in turn and prints how the others' records differ from the
 * first one's: is a deviation the kernel's or the emulator's? Each QEMU's records and logs lie in a
 * folder of its own. Nothing is judged; with `updateBaseline`, what each QEMU answered becomes a part of
 * the cells' baselines. Returns 3 when a cell gave no record or it was interrupted, else 1 when any register differs that is not
 * put on record.
 */
export async function compareQemus(
  cells: readonly Cell[],
  qemus: readonly QemuBinary[],
  options: Omit<MatrixOptions, 'cells' | 'events'>,
  {
    requireAll,
    updateBaseline,
  }: { readonly requireAll: boolean; readonly updateBaseline: boolean },
): Promise<ExitCode> {
  const sides: Side[] = [];
  let missing = 0;
  for (const [index, qemu] of qemus.entries()) {
    if (options.signal?.aborted === true) {
      missing += 1;
      break;
    }
    const name = sideName(qemu, index, qemus);
    const outFolder = sideFolder(options.outFolder, qemu, index, qemus);
    console.error(`${name}: ${qemu.path}`);
    const outcomes = await runMatrix({
      ...options,
      cells: planCells(cells, [qemu]),
      outFolder,
      events: new RunProgress(cells, isDrawable(process.stderr)).events,
    });
    missing += reportFailures(outcomes);
    const skips = reportSkips(outcomes);
    if (requireAll) missing += skips;
    const records = outcomes.flatMap((outcome) => ('record' in outcome ? [outcome.record] : []));
    sides.push({ name, outFolder, records });
  }
  const [first, ...others] = sides;
  let isSame = true;
  for (const other of first === undefined ? [] : others) {
    const names = { a: first?.name ?? '', b: other.name };
    const difference = diffFolders(first?.records ?? [], other.records, names);
    console.log(formatFolderDiff(difference, names));
    isSame &&= isSameAnswers(difference);
  }
  console.log(`records: ${sides.map(({ outFolder }) => outFolder).join(', ')}`);
  if (updateBaseline) await updateBaselines(sides.flatMap(({ records }) => records));
  if (missing > 0) return ExitCode.harness;
  return isSame || updateBaseline ? ExitCode.ok : ExitCode.deviation;
}

/** Where the records and logs of one QEMU of several go. */
export function sideFolder(
  outFolder: string,
  ...side: readonly [qemu: QemuBinary, index: number, qemus: readonly QemuBinary[]]
): string {
  return join(outFolder, sideName(...side).replace(' ', '-'));
}

/** "qemu 10.0.2", with a number behind it where another QEMU has the same version. */
function sideName({ version }: QemuBinary, index: number, qemus: readonly QemuBinary[]): string {
  const isUnique = qemus.filter((other) => other.version === version).length === 1;
  return `qemu ${version}${isUnique ? '' : `-${index + 1}`}`;
}
