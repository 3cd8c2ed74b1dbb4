import { lineOf } from '../../debian/debian-version.js';
import type { KernelEntry } from '../kernel-entry.js';
import { kernelSources } from '../kernel-sources.js';
import { namedRepository } from './repositories.js';
import type { Repository } from './repositories.js';
import type { RemoteRef } from './resolve-ref.js';

/** The entry of a kernel that is built from a commit. Its id is the tag's in the kernel's own trees. */
export function upstreamEntry(
  repository: Repository,
  url: string,
  { name, commit }: RemoteRef,
): KernelEntry {
  const ref = name.replace(/^refs\/(?:tags|heads)\//, '');
  const version = /^v(\d+\.\d+(?:\.\d+)?(?:-rc\d+)?)$/.exec(ref)?.[1] ?? '';
  const isRelease = repository.isDefault && version !== '' && name.startsWith('refs/tags/');
  const word = ref.replaceAll(/[^A-Za-z0-9._+-]+/g, '-').slice(0, 60);
  return {
    id: isRelease ? ref : `${word === commit ? repository.name : word}-g${commit.slice(0, 12)}`,
    line: lineOf(version) ?? '',
    version,
    variant: '',
    source: {
      ...{ kind: 'git', repository: repository.name, isDefault: repository.isDefault },
      ...{ url, ref, commit },
    },
  };
}

/** The kernels of matrix/kernels.json that come from git repositories, as kernels that can be selected. */
export function upstreamEntries(): KernelEntry[] {
  return kernelSources().upstream.map(({ id, repository, ref, commit }) => {
    const known = namedRepository(repository);
    const entry = upstreamEntry(known, known.urls[0] ?? '', { name: `refs/tags/${ref}`, commit });
    return { ...entry, id };
  });
}
