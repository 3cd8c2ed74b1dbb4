import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, SprmatrixError } from '../../base/error.js';
import { sha256OfFile } from '../../base/files.js';
import { withLock } from '../../base/lock.js';
import { cacheRoot } from '../../base/paths.js';
import { runPipe } from '../../base/tool.js';
import type { PackageSource } from '../../debian/apt.js';
import { listDebFiles } from '../../debian/deb-archive.js';
import type { KernelOptions } from '../kernel-entry.js';
import { findMirror } from '../../debian/mirror.js';
import type { SourcePackage } from './source-list.generated.js';

/** The archive of the sources in Debian's package; patches for other trees lie next to it. */
const TARBALL = /^usr\/src\/linux-source-[0-9.]+\.tar\.xz$/;

/**
 * The path of a source package in the cache, fetched when it is not there; its hash was verified
 * just now. Builds of one source share it.
 */
export async function ensureSourcePackage(
  owner: string,
  what: SourcePackage,
  options: KernelOptions & { readonly source: PackageSource },
): Promise<string> {
  const { signal, onProgress, onNotice } = options;
  const folder = join(options.cacheFolder ?? cacheRoot(), 'sources');
  const path = join(folder, `${what.name}-${what.sha256.slice(0, 16)}.deb`);
  await mkdir(folder, { recursive: true });
  return withLock(
    path,
    async (lockSignal) => {
      if (existsSync(path)) {
        if ((await sha256OfFile(path)) === what.sha256) return path;
        onNotice?.(`${owner}: ${what.name} in the cache is damaged and is fetched again`);
        await rm(path);
      }
      const part = `${path}.part`;
      try {
        const mirror = await findMirror(options.mirror, { signal: lockSignal });
        await options.source.fetchPackage(what, mirror, part, lockSignal, (doneBytes) => {
          const percent = Math.floor((100 * doneBytes) / what.size);
          onProgress?.(
            `${owner}: fetching the source, ${percent} % of ${(what.size / 1e6).toFixed(0)} MB`,
          );
        });
        await rename(part, path);
      } catch (error) {
        throw what.hasLeft === true && !lockSignal.aborted ? goneError(owner, what, error) : error;
      } finally {
        await rm(part, { force: true });
      }
      return path;
    },
    {
      signal,
      onWait: () => onProgress?.(`${owner}: waiting for another run that fetches ${what.name}`),
    },
  );
}

function goneError(
  owner: string,
  { name, version }: SourcePackage,
  cause: unknown,
): SprmatrixError {
  return new SprmatrixError({
    code: 'SOURCE_UNAVAILABLE',
    message: `${owner} cannot be built: ${name} has left its suites, and neither the kernel nor the source of ${version} is in the cache`,
    cause,
    evidence: [messageOf(cause)],
    hint: 'its tag of the stable tree can be built (--kernel=v5.10), or your own tree (--kernel=PATH --build)',
  });
}

/** Unpacks the sources in a linux-source package into `folder`, which it makes. */
export async function unpackSource(
  deb: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const tarball = (await listDebFiles(deb, signal)).find((path) => TARBALL.test(path));
  if (tarball === undefined) {
    throw new SprmatrixError({
      code: 'PACKAGE_INVALID',
      message: `${deb} holds no usr/src/linux-source-*.tar.xz`,
    });
  }
  await mkdir(folder, { recursive: true });
  const packed = join(dirname(folder), 'source.tar.xz');
  // Through a file: a pipe of three would hide which of them failed.
  await runPipe(
    ['dpkg-deb', ['--fsys-tarfile', deb]],
    ['tar', ['-x', '-C', dirname(folder), '--transform', 's,.*,source.tar.xz,', `./${tarball}`]],
    { signal },
  );
  await runPipe(
    ['xz', ['--decompress', '--stdout', packed]],
    ['tar', ['-x', '-C', folder, '--strip-components=1', '--no-same-owner']],
    { signal },
  );
  await rm(packed);
}
