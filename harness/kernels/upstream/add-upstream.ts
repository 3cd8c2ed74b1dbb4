import { readFile } from 'node:fs/promises';
import { SprmatrixError } from '../../base/error.js';
import { writeFileAtomic } from '../../base/files.js';
import { repositoryPath } from '../../base/paths.js';
import type { KernelEntry } from '../kernel-entry.js';
import type { UpstreamKernel } from '../kernels.generated.js';

const LIST = /"upstream": \[(?<entries>[^\]]*)\]/;

/**
 * Writes kernels of a git repository into matrix/kernels.json, each with the commit that its tag is now, and
 * returns those that were not there. Nothing else of the file changes. Errors: `KERNELS_FILE_INVALID`.
 */
export async function addUpstream(
  kernels: readonly KernelEntry[],
  path = repositoryPath('matrix', 'kernels.json'),
): Promise<UpstreamKernel[]> {
  const text = await readFile(path, 'utf8');
  const entries = LIST.exec(text)?.groups?.['entries'];
  if (entries === undefined) {
    throw new SprmatrixError({
      code: 'KERNELS_FILE_INVALID',
      message: `${path} has no list "upstream" to add to`,
    });
  }
  const known = JSON.parse(`[${entries}]`) as UpstreamKernel[];
  const added = kernels.flatMap(({ id, source }): UpstreamKernel[] => {
    if (source.kind !== 'git' || known.some((it) => it.id === id)) return [];
    const { repository, isDefault, url, ref, commit } = source;
    return [{ id, repository: isDefault ? repository : url, ref, commit }];
  });
  if (added.length === 0) return [];
  const shown = JSON.stringify([...known, ...added], null, 2).replaceAll('\n', '\n  ');
  await writeFileAtomic(
    path,
    text.replace(LIST, () => `"upstream": ${shown}`),
  );
  return added;
}
