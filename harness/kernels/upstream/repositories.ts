import { kernelSources } from '../kernel-sources.js';

/** A repository that kernels are fetched from. */
export interface Repository {
  /** Its short name, or what of its address tells it from others. */
  readonly name: string;
  /** The same repository at several places, the first that answers is taken. */
  readonly urls: readonly string[];
  /** Whether its tags are the kernel's own releases, so that they need no other name. */
  readonly isDefault: boolean;
}

/**
 * The repository that `--git` or SPRMATRIX_GIT names: by a short name of matrix/kernels.json (`mainline`) or by
 * its address; the stable tree when nothing is named.
 */
export function namedRepository(
  given: string | undefined = process.env['SPRMATRIX_GIT'],
): Repository {
  const { git } = kernelSources();
  const name = given === undefined || given === '' ? git.default : given;
  const known = git.repositories.find((repository) => repository.name === name);
  if (known !== undefined) {
    return { name, urls: known.urls, isDefault: name === git.default || name === 'mainline' };
  }
  const [, last = 'git'] = /([^/]+?)(?:\.git)?\/*$/.exec(name) ?? [];
  return { name: last, urls: [name], isDefault: false };
}
