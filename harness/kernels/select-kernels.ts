import picomatch from 'picomatch';
import semver from 'semver';
import { messageOf, SprmatrixError } from '../base/error.js';
import { UnknownNameError, unknownName } from '../base/nearest.js';
import { splitSelectors } from '../base/selectors.js';
import type { Catalogue } from './catalogue-file.js';
import { readPathKernel } from './file-kernel.js';
import type { FileKernelOptions } from './file-kernel.js';
import type { KernelEntry } from './kernel-entry.js';

/** Whether a selector is the path of a kernel: it holds a slash or begins with a dot. */
export function isPathSelector(selector: string): boolean {
  return selector.includes('/') || selector.startsWith('.');
}

/** Whether some selector needs the list of Debian's kernels: is neither a path nor a tag. */
export function needsCatalogue(selectors: readonly string[]): boolean {
  return splitSelectors('kernel', selectors).some(
    (selector) => !isOfRepository(selector) && !isPathSelector(selector),
  );
}

/** What selectors look at: an entry of a list, or the kernel of a record. */
export interface NamedKernel extends Pick<KernelEntry, 'id' | 'line' | 'version' | 'variant'> {
  readonly source: Pick<KernelEntry['source'], 'kind'>;
}

export interface SelectOptions extends FileKernelOptions {
  /** The git repository of tags and branches: a short name or an address (`--git`). */
  readonly git?: string | undefined;
}

/**
 * The kernels that selectors name: those of `kernels` as `matchKernels` does, users' own files, which are
 * read, and tags of a git repository, which is asked for what none of those is. Each once, by version, then
 * variant; those whose version is unknown come last.
 */
export async function selectKernels(
  selectors: readonly string[],
  kernels: readonly KernelEntry[],
  options: SelectOptions = {},
): Promise<KernelEntry[]> {
  const chosen: KernelEntry[] = [];
  for (const word of splitSelectors('kernel', selectors)) {
    chosen.push(...(await selectWord(word, kernels, options)));
  }
  return inOrder(chosen);
}

async function selectWord(
  word: string,
  kernels: readonly KernelEntry[],
  options: SelectOptions,
): Promise<KernelEntry[]> {
  const known = kernels.filter(({ id }) => id === word);
  if (known.length > 0 && isOfRepository(word)) return known;
  if (!isOfRepository(word)) {
    if (isPathSelector(word)) return [await readPathKernel(word, options)];
    try {
      return matchKernels([word], kernels);
    } catch (error) {
      // What no package and no build is may be a release that can be built.
      if (!isUnknown(error) || !mayBeOfRepository(word, options)) throw error;
      const { selectUpstream } = await import('./upstream/select-upstream.js');
      return selectUpstream(word, options).catch((fault: unknown) => {
        throw withHint(error, fault);
      });
    }
  }
  const { selectUpstream } = await import('./upstream/select-upstream.js');
  return selectUpstream(word, options);
}

/** Whether a word can only mean something of a git repository: `v6.8`, `tags:v6.1..v6.12`, `git:master`. */
function isOfRepository(word: string): boolean {
  return /^(?:tags:|git:|[0-9a-f]{40}$|v\d+\.\d+(?:\.\d+)?(?:-rc\d+)?$)/.test(word);
}

function mayBeOfRepository(word: string, { git }: SelectOptions): boolean {
  return git !== undefined || /^\d+\.\d+(?:\.\d+)?(?:-rc\d+)?$/.test(word);
}

function isUnknown(error: unknown): error is SprmatrixError {
  return error instanceof SprmatrixError && error.code === 'UNKNOWN_KERNEL';
}

/** The error for a word that is nothing that is known here, and no release of the repository either. */
function withHint(error: SprmatrixError, fault: unknown): SprmatrixError {
  return new SprmatrixError({
    ...{ code: error.code, kind: error.kind, message: error.message },
    hint: `${error.hint ?? ''}; as a tag: ${messageOf(fault)}`,
  });
}

/**
 * The kernels that selectors name, each once, by version, then variant. A selector is
 * - an id (`debian-6.12-64k`, `build-6.1`) or a glob of ids (`debian-6.12*`);
 * - `all`: every kernel;
 * - `latest`: the main package kernel of the newest line that is released;
 * - a line (`6.12`): the one kernel that people mean, the line's package kernel, or its build where it has
 *   no package (`5.10`);
 * - `6.x` or a range of versions as npm writes them (`>=6.1 <7`): the main package kernel of each line, and,
 *   where a line has no package, its builds with their variants.
 *
 * One that matches nothing is the usage error `UNKNOWN_KERNEL`.
 */
export function matchKernels<Kernel extends NamedKernel>(
  selectors: readonly string[],
  kernels: readonly Kernel[],
): Kernel[] {
  const chosen = splitSelectors('kernel', selectors).flatMap((selector) => {
    const found = kernelsNamed(selector, kernels);
    if (found.length > 0) return found;
    throw unknownName(
      'kernel',
      selector,
      kernels.map(({ id }) => id),
      'an id, a line (6.12), 6.x, a range of versions (">=6.1 <7"), latest, all, or the path of an image (./vmlinux)',
    );
  });
  return inOrder(chosen);
}

/**
 * What `error` means when the list of kernels lacks suites: that a kernel is unknown is then no usage error
 * but `KERNEL_LIST_INCOMPLETE`, with the reasons. Any other error is returned as it is.
 */
export function inIncompleteList(
  error: unknown,
  { missingSuites = [], warnings }: Pick<Catalogue, 'missingSuites' | 'warnings'>,
): unknown {
  const isUnknown = error instanceof UnknownNameError && error.code === 'UNKNOWN_KERNEL';
  if (!isUnknown || missingSuites.length === 0) return error;
  return new SprmatrixError({
    code: 'KERNEL_LIST_INCOMPLETE',
    message: `${error.summary}, but not every suite of Debian could be read: ${missingSuites.join(', ')} could not`,
    evidence: warnings,
    hint: 'the list is not kept: the next command reads it again (`npx sprmatrix doctor` looks at the disk and the mirror)',
  });
}

/** The options that select one kernel again, whatever else there is by then. */
export function selectingOptions({ id, source }: KernelEntry): string[] {
  switch (source.kind) {
    case 'debian':
    case 'build':
      return [`--kernel=${id}`];
    case 'git':
      return [
        `--kernel=${source.ref === id ? id : `git:${source.commit}`}`,
        ...(source.isDefault ? [] : [`--git=${source.url}`]),
      ];
    case 'file':
      return [
        `--kernel=${source.given.kernel}`,
        ...source.given.modules.map((path) => `--modules=${path}`),
      ];
  }
}

/** The kernels that one selector names, as `matchKernels` does; none where nothing matches. */
export function kernelsNamed<Kernel extends NamedKernel>(
  selector: string,
  kernels: readonly Kernel[],
): readonly Kernel[] {
  const exact = kernels.filter(({ id }) => id === selector);
  if (exact.length > 0) return exact;
  const main = kernels.filter(({ source, variant }) => source.kind !== 'build' && variant === '');
  if (selector === 'all') return kernels;
  if (selector === 'latest') {
    const released = main.filter((kernel) => (comparable(kernel)?.prerelease.length ?? 1) === 0);
    return inOrder(released).slice(-1);
  }
  if (semver.validRange(selector) !== null) {
    // Read with candidates in mind from the start: 7.3 is >=7.3.0-0 <7.4.0-0, which has 7.3-rc7.
    const range = new semver.Range(selector, { includePrerelease: true });
    const packagedLines = new Set(main.map(({ line }) => line));
    const buildsAlone = kernels.filter(
      ({ source, line }) => source.kind === 'build' && !packagedLines.has(line),
    );
    const found = [...main, ...buildsAlone].filter((kernel) => {
      const version = comparable(kernel);
      return version !== null && range.test(version);
    });
    return /^\d+\.\d+$/.test(selector) ? meantByLine(found) : found;
  }
  const isMatch = picomatch(selector);
  return kernels.filter(({ id }) => isMatch(id));
}

/** Of a line's kernels the one that is meant: its package, else what has no variant. */
function meantByLine<Kernel extends NamedKernel>(kernels: readonly Kernel[]): readonly Kernel[] {
  const packaged = kernels.filter(({ source }) => source.kind === 'debian');
  if (packaged.length > 0) return packaged;
  const main = kernels.filter(({ variant }) => variant === '');
  return main.length > 0 ? main : kernels;
}

/** "7.3-rc7" as 7.3.0-rc7: a version that npm's rules know. */
function comparable({ version }: NamedKernel): semver.SemVer | null {
  const [, major, minor, patch = '0', candidate] =
    /^([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:-rc([0-9]+))?/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return null;
  const number = [major, minor, patch].map(Number).join('.');
  return new semver.SemVer(candidate === undefined ? number : `${number}-rc.${Number(candidate)}`);
}

function inOrder<Kernel extends NamedKernel>(kernels: readonly Kernel[]): Kernel[] {
  const unique = [...new Map(kernels.map((kernel) => [kernel.id, kernel])).values()];
  return unique.sort((a, b) => {
    const [left, right] = [comparable(a), comparable(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return (
      left.compare(right) ||
      a.variant.localeCompare(b.variant, 'en') ||
      a.id.localeCompare(b.id, 'en')
    );
  });
}
