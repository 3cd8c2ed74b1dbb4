import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abortedError } from '../../base/deadline.js';
import { messageOf, SprmatrixError } from '../../base/error.js';
import { writeFileAtomic } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot, repositoryPath } from '../../base/paths.js';
import { compileSchema } from '../../data/schema.js';
import type { PackageSource } from '../../debian/apt.js';
import { compareDebianVersions } from '../../debian/debian-version.js';
import type { KernelOptions } from '../kernel-entry.js';
import type { KernelBuild } from '../kernels.generated.js';
import { findMirror, MIRROR_HINT } from '../../debian/mirror.js';
import { parsePackageIndex } from '../../debian/package-index.js';
import type { SourceList, SourcePackage } from './source-list.generated.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface SourceListOptions extends KernelOptions {
  readonly source: PackageSource;
  /** Read the suites again even when the last reading is young. */
  readonly refresh?: boolean;
}

/**
 * The newest source package of a build in all of its suites. A suite that cannot be read is a
 * notice as long as another has the package (or its own last list does); `SOURCE_UNAVAILABLE` says
 * of each suite why it gave none. A package that was in a suite and is no more is a notice: what was built
 * or fetched of it is in the cache.
 */
export async function findSourcePackage(
  build: Pick<KernelBuild, 'id' | 'package' | 'suites'>,
  options: SourceListOptions,
): Promise<SourcePackage> {
  const reasons: string[] = [];
  const found: SourcePackage[] = [];
  for (const suite of build.suites) {
    try {
      const mine = (await readList(suite, options)).filter(({ name }) => name === build.package);
      found.push(...mine);
      if (mine.length === 0) reasons.push(`suite ${suite} has no ${build.package}`);
    } catch (error) {
      if (options.signal?.aborted === true) throw abortedError(build.id);
      if (!isSuiteFailure(error)) throw error;
      reasons.push(`suite ${suite} could not be read: ${messageOf(error)}`);
    }
  }
  found.sort(
    (a, b) =>
      Number(a.hasLeft ?? false) - Number(b.hasLeft ?? false) ||
      compareDebianVersions(b.version, a.version),
  );
  const [newest] = found;
  if (newest?.hasLeft === true) {
    options.onNotice?.(
      `${build.id}: ${newest.name} has left ${build.suites.join(', ')}: ${newest.version} is taken from the cache while it is there`,
    );
  }
  if (newest !== undefined) return newest;
  throw new SprmatrixError({
    code: 'SOURCE_UNAVAILABLE',
    message: `${build.id} cannot be built: ${build.package} is not to be had (looked in ${build.suites.join(', ')})`,
    evidence: reasons,
    hint: MIRROR_HINT,
  });
}

async function readList(suite: string, options: SourceListOptions): Promise<SourcePackage[]> {
  const { signal, onProgress, onNotice, source } = options;
  const path = join(options.cacheFolder ?? cacheRoot(), 'catalogue', `source-${suite}.json`);
  const known = await readKnown(path);
  if (known !== undefined && options.refresh !== true && isYoung(known, options.mirror)) {
    return known.packages;
  }
  const askedAt = Date.now();
  return withLock(
    path,
    async (lockSignal) => {
      const now = await readKnown(path);
      if (now !== undefined && Date.parse(now.readAt) >= askedAt) return now.packages;
      onProgress?.(`source packages of ${suite}: reading`);
      try {
        const mirror = await findMirror(options.mirror, { signal: lockSignal });
        const { text } = await source.readSuite(suite, mirror, lockSignal);
        const packages = parsePackageIndex(text)
          .filter(({ name }) => /^linux-source-[0-9]+\.[0-9]+$/.test(name))
          .map(({ name, version, filename, size, sha256 }) => ({
            ...{ name, version, filename },
            ...{ size, sha256 },
          }));
        const gone = (now?.packages ?? [])
          .filter(({ name }) => packages.every((it) => it.name !== name))
          .map((it) => ({ ...it, hasLeft: true as const }));
        const list: SourceList = {
          ...{ format: 1, readAt: new Date().toISOString(), mirror },
          packages: [...packages, ...gone],
        };
        await writeFileAtomic(path, `${JSON.stringify(list, null, 1)}\n`);
        return list.packages;
      } catch (error) {
        if (now === undefined || lockSignal.aborted || !isSuiteFailure(error)) throw error;
        onNotice?.(
          `the source packages of ${suite} are those of ${now.readAt}; they could not be read again: ${messageOf(error)}`,
        );
        return now.packages;
      }
    },
    { signal, onWait: () => onProgress?.(`source packages of ${suite}: another run reads them`) },
  );
}

async function readKnown(path: string): Promise<SourceList | undefined> {
  try {
    return check()(JSON.parse(await readFile(path, 'utf8')), path);
  } catch {
    return undefined; // none yet, cut off, or of another version of sprmatrix: read again
  }
}

function isYoung(known: SourceList, mirror: string | undefined): boolean {
  const age = Date.now() - Date.parse(known.readAt);
  const isSameMirror =
    mirror === undefined ||
    mirror === '' ||
    known.mirror.replace(/\/$/, '') === mirror.replace(/\/$/, '');
  return age >= 0 && age < DAY_MS && isSameMirror;
}

function isSuiteFailure(error: unknown): boolean {
  return (
    error instanceof SprmatrixError &&
    ['SUITE_UNREADABLE', 'TOOL_FAILED', 'NO_DEBIAN_MIRROR', 'TOOL_MISSING'].includes(error.code)
  );
}

let compiled: ReturnType<typeof compileSchema<SourceList>> | undefined;

function check(): ReturnType<typeof compileSchema<SourceList>> {
  compiled ??= compileSchema<SourceList>(
    repositoryPath('matrix', 'schema', 'source-list.schema.json'),
  );
  return compiled;
}
