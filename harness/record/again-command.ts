import { shellQuoted } from '../base/shell-quoted.js';
import type { CellIds } from './cell-name.js';
import type { CellRecord } from './cell-record.js';
import { RUNNING_KERNEL } from './kernel-id.js';

/** A cell that is to be shown again: its ids, and what its record says of where the kernel came from. */
export interface AgainCell extends CellIds {
  readonly package?: CellRecord['kernel']['package'] | undefined;
}

/** What a command does again. */
export interface Again {
  /** The words that start it: `npx sprmatrix run`, `npm test --`. */
  readonly program: string;
  /** Its cells: every combination of their kernels and their platforms. */
  readonly cells: readonly AgainCell[];
  /** The options that choose the kernels, where more is known of them than a record says. */
  readonly kernelOptions?: readonly string[] | undefined;
  /** Which registers or hostile calls, and other options: `--register=LPCR`. */
  readonly asked?: readonly string[] | undefined;
}

/**
 * The command that shows something again, for a shell. Every line that says "again" is made here. The kernel
 * of a machine that is there is not chosen: it runs. A user's own file has no path in a record: `./vmlinux`
 * stands for it.
 */
export function againCommand({ program, cells, kernelOptions, asked = [] }: Again): string {
  const platforms = [...new Set(cells.map(({ platform }) => platform))].join(',');
  const options = kernelOptions ?? kernelOptionsOf(cells);
  const words = [...options, `--platform=${platforms}`, ...asked];
  return `${program} ${words.map(shellQuoted).join(' ')}`;
}

/** The command that tries again what a guest loses from one cell to another, with the run's `options`. */
export function migrateAgain(
  { from, to }: { from: AgainCell; to: AgainCell },
  options: readonly string[] = [],
): string {
  const target = from.platform === to.platform ? [] : [`--to-platform=${to.platform}`];
  return againCommand({
    program: 'npx sprmatrix migrate',
    cells: [from],
    kernelOptions: [
      `--from=${kernelWord(from)}`,
      `--to=${kernelWord(to)}`,
      ...new Set([...repositoryOption(from), ...repositoryOption(to)]),
    ],
    asked: [...target, ...options],
  });
}

function kernelOptionsOf(cells: readonly AgainCell[]): string[] {
  const booted = cells.filter(({ kernel }) => kernel !== RUNNING_KERNEL);
  const words = [...new Set(booted.map(kernelWord))];
  if (words.length === 0) return [];
  return [`--kernel=${words.join(',')}`, ...new Set(booted.flatMap(repositoryOption))];
}

/** What `--kernel` takes for a record's kernel. */
function kernelWord(cell: AgainCell): string {
  if (cell.kernel.startsWith('file-')) return './vmlinux';
  const commit = commitOf(cell);
  return commit === undefined ? cell.kernel : `git:${commit}`;
}

function repositoryOption(cell: AgainCell): string[] {
  return commitOf(cell) === undefined ? [] : [`--git=${cell.package?.name ?? ''}`];
}

/**
 * The commit that a kernel was built from, where its id alone does not select it: a release of the default
 * repository is called by its tag. The record's package is then the repository, with "<ref> <commit>".
 */
function commitOf({ kernel, package: origin }: AgainCell): string | undefined {
  if (!/-g[0-9a-f]{12}$/.test(kernel)) return undefined;
  return / ([0-9a-f]{40})$/.exec(origin?.version ?? '')?.[1];
}
