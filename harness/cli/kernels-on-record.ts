import { kernelsNamed } from '../kernels/select-kernels.js';
import type { NamedKernel } from '../kernels/select-kernels.js';
import type { CellRecord } from '../record/cell-record.js';
import { currentKernelId } from '../record/kernel-id.js';
import { kernelVersion } from '../record/kernel-version.js';

/**
 * The ids of the kernels on record that a word of the command line means, as `--kernel` means it: an id, a
 * glob, a line, a range. An id of before stands for today's, unless it is a line. None where nothing matches.
 */
export function kernelsOnRecord(word: string, records: readonly CellRecord[]): string[] {
  const ids = new Set(records.map(({ cell }) => cell.kernel));
  if (ids.has(word)) return [word];
  const unique = [...new Map(records.map((record) => [record.cell.kernel, record])).values()];
  const found = kernelsNamed(word, unique.flatMap(namedKernel)).map(({ id }) => id);
  if (found.length > 0) return found;
  const current = currentKernelId(word);
  return ids.has(current) ? [current] : [];
}

/** A record's kernel as selectors see it; users' own and running kernels go by their ids alone. */
function namedKernel(record: CellRecord): NamedKernel[] {
  const { kernel: id } = record.cell;
  const [, kind, line = '', variant = ''] =
    /^(debian-|build-|v)(\d+\.\d+)(?:[.\d]*)(?:-(.+))?$/.exec(id) ?? [];
  if (kind === undefined) return [];
  const version = kernelVersion(record)?.version ?? line;
  const kinds = { 'debian-': 'debian', 'build-': 'build', v: 'git' } as const;
  return [
    {
      id,
      line,
      version,
      variant: kind === 'v' ? '' : variant,
      source: { kind: kinds[kind as keyof typeof kinds] },
    },
  ];
}
