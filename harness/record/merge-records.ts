import { SprmatrixError } from '../base/error.js';
import type { CellRecord } from './cell-record.js';
import { cellName } from './cell-name.js';
import { diffRecords } from './diff-records.js';
import type { RecordFile } from './record-files.js';

/** Records of several runs as if they were of one. */
export interface MergedRecords {
  /** One for each cell, in the order of cells' names. */
  readonly records: readonly CellRecord[];
  /** How many records were left out because an equal one was there. */
  readonly repeated: number;
}

/**
 * Joins the records of runs that did parts of one matrix. A cell that several runs recorded must
 * have one answer, and a kernel's id must mean one image and one module of each name: otherwise the usage error
 * `RECORDS_CONTRADICT` names both files and the first difference. When and by which commit
 * something was recorded, and how long it took, is no contradiction.
 */
export function mergeRecords(files: readonly RecordFile[]): MergedRecords {
  const cells = new Map<string, RecordFile>();
  const kernels = new Map<string, RecordFile>();
  for (const file of files) {
    const { kernel } = file.record.cell;
    const ofKernel = kernels.get(kernel) ?? file;
    kernels.set(kernel, ofKernel);
    if (ofKernel.record.kernel.sha256 !== file.record.kernel.sha256) {
      const values = [ofKernel, file].map(({ record }) => imageText(record));
      throw contradiction(`${kernel} is two kernels`, ofKernel, file, values);
    }
    const module = otherModule(ofKernel.record, file.record);
    if (module !== undefined) {
      const values = [ofKernel, file].map(({ record }) => moduleText(record, module));
      throw contradiction(`${kernel} was run with two modules ${module}`, ofKernel, file, values);
    }
    const ofCell = cells.get(cellName(file.record.cell)) ?? file;
    cells.set(cellName(file.record.cell), ofCell);
    const { registers, facts } = diffRecords(ofCell.record, file.record);
    const [register] = registers;
    const [fact] = facts;
    const name = cellName(file.record.cell);
    if (register !== undefined) {
      const [change] = register.changes;
      throw contradiction(
        `${name} has two answers for ${register.register}`,
        ofCell,
        file,
        change === undefined
          ? [register.sentence, register.sentence]
          : [`${change.field} ${change.a}`, `${change.field} ${change.b}`],
      );
    }
    if (fact !== undefined) {
      throw contradiction(`${name} was recorded in two ways`, ofCell, file, [
        `${fact.fact} ${fact.a}`,
        `${fact.fact} ${fact.b}`,
      ]);
    }
  }
  const records = [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { record }]) => record);
  return { records, repeated: files.length - records.length };
}

function imageText({ kernel }: CellRecord): string {
  const name =
    kernel.package === null ? kernel.release : `${kernel.package.name} ${kernel.package.version}`;
  return `${name}, sha256 ${kernel.sha256?.slice(0, 12) ?? 'unknown'}`;
}

/** A module that both records loaded, each another of its name. Platforms do not load the same ones. */
function otherModule({ kernel: a }: CellRecord, { kernel: b }: CellRecord): string | undefined {
  return Object.keys(a.modules ?? {}).find((name) => {
    const other = b.modules?.[name];
    return other !== undefined && other !== a.modules?.[name];
  });
}

function moduleText({ kernel }: CellRecord, name: string): string {
  return `sha256 ${kernel.modules?.[name]?.slice(0, 12) ?? 'unknown'}`;
}

function contradiction(
  what: string,
  a: RecordFile,
  b: RecordFile,
  values: readonly string[],
): SprmatrixError {
  return new SprmatrixError({
    code: 'RECORDS_CONTRADICT',
    kind: 'usage',
    message: `cannot merge: ${what}`,
    evidence: [`${a.path}: ${values[0] ?? ''}`, `${b.path}: ${values[1] ?? ''}`],
    hint: 'run these cells again from one commit, one mirror and one QEMU, or leave one of the two folders out',
  });
}
