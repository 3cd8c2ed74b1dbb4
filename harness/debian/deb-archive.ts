import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { runPipe, runTool } from '../base/tool.js';

/**
 * The paths of the files in a .deb, as its md5sums list names them (no leading "./"). That list is
 * in the small control part: nothing of the 300 MB of a kernel is unpacked for it.
 */
export async function listDebFiles(deb: string, signal?: AbortSignal): Promise<string[]> {
  const sums = await runTool('dpkg-deb', ['--info', deb, 'md5sums'], {
    signal,
    hint: 'apt-get install dpkg',
  });
  return sums.split('\n').flatMap((line) => /^[0-9a-f]{32} {2}(.+)$/.exec(line)?.[1] ?? []);
}

/** Unpacks just those files of a .deb below `target`, keeping their paths; all must be plain files. */
export async function unpackDebFiles(
  deb: string,
  paths: readonly string[],
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  if (paths.length === 0) return;
  await mkdir(target, { recursive: true });
  const names = paths.map((path) => `./${path}`);
  await runPipe(
    ['dpkg-deb', ['--fsys-tarfile', deb]],
    ['tar', ['-x', '-C', target, '--no-same-owner', '--no-wildcards', '--', ...names]],
    { signal },
  );
  for (const path of paths) {
    if (!(await lstat(join(target, path))).isFile()) {
      throw new SprmatrixError({
        code: 'PACKAGE_INVALID',
        message: `${path} in ${deb} is not a plain file`,
      });
    }
  }
}
