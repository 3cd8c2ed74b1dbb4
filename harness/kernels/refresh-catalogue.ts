import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_HINT, cacheRoom } from '../base/cache-room.js';
import { abortedError } from '../base/deadline.js';
import { messageOf, SprmatrixError } from '../base/error.js';
import { writeFileAtomic } from '../base/files.js';
import { withLock } from '../base/lock.js';
import { cacheRoot } from '../base/paths.js';
import { AptSource } from '../debian/apt.js';
import { findMirror, MIRROR_HINT } from '../debian/mirror.js';
import { parsePackageIndex } from '../debian/package-index.js';
import { requireMirror } from '../debian/require-mirror.js';
import type { Catalogue, CatalogueOptions } from './catalogue-file.js';
import { cataloguePath, configurationHash, isUsable, readKnown } from './catalogue-file.js';
import { debianFolder } from './debian-folder.js';
import type { SuiteKernel } from './debian-kernels.js';
import { byLine, kernelsOfSuite, newestOfEachLine } from './debian-kernels.js';
import type { CatalogueFile, DebianKernel } from './kernel-catalogue.generated.js';
import type { KernelOptions } from './kernel-entry.js';
import { kernelSources } from './kernel-sources.js';

const FORMAT = 2;

/** Reads the list from the mirror, unless another run did meanwhile: the rest of `loadCatalogue`. */
export async function refreshCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const { signal, onProgress } = options;
  const path = cataloguePath(options.cacheFolder);
  await cacheRoom(options.cacheFolder);
  const askedAt = Date.now();
  return withLock(
    path,
    async (lockSignal) => {
      const now = await readKnown(path);
      const isJustRead = now !== undefined && Date.parse(now.readAt) >= askedAt;
      if (now !== undefined && (isJustRead || isUsable(now, options))) return now;
      try {
        const asked = { ...options, signal: lockSignal };
        const { read: there, missingSuites } = await readCatalogue(asked);
        const read = withKernelsOfBefore(there, now, options);
        if (missingSuites.length > 0) return { ...read, missingSuites };
        await writeFileAtomic(path, `${JSON.stringify(read, null, 1)}\n`);
        return read;
      } catch (error) {
        if (signal?.aborted === true) throw abortedError('list of kernels');
        if (lockSignal.aborted || now === undefined || isUsage(error)) throw error;
        const warning = `the list of kernels is from ${now.readAt}; it could not be read again: ${messageOf(error)}`;
        return { kernels: now.kernels, warnings: [...now.warnings, warning] };
      }
    },
    {
      signal,
      onWait: () => onProgress?.('list of kernels: waiting for another run that reads it'),
    },
  );
}

/**
 * Has the cached list name `kernel` for its id until it is read again: the mirror's index named a newer
 * release that the mirror does not have, and asking it again would cost every command seconds.
 */
export async function correctCatalogue(
  kernel: DebianKernel,
  { signal, cacheFolder }: KernelOptions,
): Promise<void> {
  const path = cataloguePath(cacheFolder);
  await withLock(
    path,
    async () => {
      const known = await readKnown(path);
      if (known === undefined) return;
      const kernels = known.kernels.map((it) => (it.id === kernel.id ? kernel : it));
      await writeFileAtomic(path, `${JSON.stringify({ ...known, kernels }, null, 1)}\n`);
    },
    { signal },
  );
}

async function readCatalogue(
  options: CatalogueOptions,
): Promise<{ read: CatalogueFile; missingSuites: string[] }> {
  const { signal, onProgress } = options;
  const { debian } = kernelSources();
  const root = options.cacheFolder ?? cacheRoot();
  const source = options.source ?? new AptSource(join(root, 'apt'), debian);
  const mirror = await findMirror(options.mirror, { signal });
  if (options.source === undefined) await requireMirror(mirror, { signal });
  const warnings: string[] = [];
  const failures = new Map<string, unknown>();
  const readSuite = async (suite: string): Promise<SuiteKernel[]> => {
    onProgress?.(`index of ${suite}: reading`);
    try {
      const { text, outdated } = await source.readSuite(suite, mirror, signal);
      if (outdated !== undefined) {
        warnings.push(`suite ${suite} could not be read; its last index is used: ${outdated}`);
      }
      return kernelsOfSuite(suite, parsePackageIndex(text), debian, (image, missing) => {
        warnings.push(
          `suite ${suite}: ${image} is left out: it needs ${missing}, which is not there`,
        );
      });
    } catch (error) {
      if (signal?.aborted === true || !isSuiteFailure(error)) throw error;
      failures.set(suite, error);
      warnings.push(`suite ${suite} could not be read: ${messageOf(error)}`);
      return [];
    }
  };
  const kernels = newestOfEachLine((await Promise.all(debian.suites.map(readSuite))).flat());
  warnings.sort();
  if (kernels.length === 0) {
    throw new SprmatrixError({
      code: 'NO_KERNELS',
      message: `none of Debian's suites (${debian.suites.join(', ')}) gave a kernel`,
      evidence: warnings,
      cause: failures.values().next().value,
      hint: warnings.some((warning) => warning.includes('No space left'))
        ? CACHE_HINT
        : MIRROR_HINT,
    });
  }
  const readAt = new Date().toISOString();
  const configuration = configurationHash();
  const read: CatalogueFile = { format: FORMAT, readAt, mirror, configuration, kernels, warnings };
  return { read, missingSuites: [...failures.keys()].sort() };
}

/** A list, and of the one before it those kernels that the cache has and the suites have no more. */
function withKernelsOfBefore(
  read: CatalogueFile,
  before: CatalogueFile | undefined,
  { cacheFolder }: CatalogueOptions,
): CatalogueFile {
  const gone = (before?.kernels ?? []).filter(
    (kernel) =>
      read.kernels.every(({ id }) => id !== kernel.id) &&
      existsSync(debianFolder(kernel, cacheFolder)),
  );
  if (gone.length === 0) return read;
  const warnings = gone.map(
    ({ id, version, source }) =>
      `${id} has left ${source.suite}: ${version} is taken from the cache while it is there`,
  );
  return {
    ...read,
    kernels: [...read.kernels, ...gone].sort(byLine),
    warnings: [...read.warnings, ...warnings],
  };
}

function isSuiteFailure(error: unknown): boolean {
  return (
    error instanceof SprmatrixError && ['SUITE_UNREADABLE', 'TOOL_FAILED'].includes(error.code)
  );
}

function isUsage(error: unknown): boolean {
  return error instanceof SprmatrixError && error.kind === 'usage';
}
