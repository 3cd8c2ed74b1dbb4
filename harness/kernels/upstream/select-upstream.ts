import { SprmatrixError } from '../../base/error.js';
import type { KernelEntry, KernelOptions } from '../kernel-entry.js';
import { namedRepository } from './repositories.js';
import { findRef, listRefs, releasesBetween } from './resolve-ref.js';
import type { RefList } from './resolve-ref.js';
import { upstreamEntry } from './upstream-entry.js';

export interface UpstreamOptions extends KernelOptions {
  /** The repository that is meant (`--git`): a short name or an address. */
  readonly git?: string | undefined;
}

const TAGS = 'tags:';
const GIT = 'git:';

/**
 * The kernels that a word means in the repository that is named; nothing is fetched but what it has. Errors:
 * `REPOSITORY_UNREADABLE`, `UNKNOWN_REF`, `TAG_RANGE`.
 */
export async function selectUpstream(
  word: string,
  options: UpstreamOptions,
): Promise<KernelEntry[]> {
  const repository = namedRepository(options.git);
  const list = await refsOf(repository, options);
  return tagsOf(word, list).map((name) => upstreamEntry(repository, list.url, findRef(name, list)));
}

function tagsOf(word: string, list: RefList): string[] {
  if (!word.startsWith(TAGS)) return [word.startsWith(GIT) ? word.slice(GIT.length) : word];
  const [, from, to] = /^tags:(\S+?)\.\.(\S+)$/.exec(word) ?? [];
  if (from === undefined || to === undefined) {
    throw rangeError(`"${word}" is no range of tags, as tags:v6.1..v6.12 is`);
  }
  const tags = releasesBetween(from, to, list);
  if (tags.length === 0) throw rangeError(`${list.url} has no release from ${from} to ${to}`);
  return tags;
}

function rangeError(message: string): SprmatrixError {
  return new SprmatrixError({ code: 'TAG_RANGE', kind: 'usage', message });
}

/** What each repository has, asked once a process: a command line names one many times. */
const known = new Map<string, Promise<RefList>>();

async function refsOf(
  repository: ReturnType<typeof namedRepository>,
  options: UpstreamOptions,
): Promise<RefList> {
  const key = repository.urls.join(' ');
  const asked = known.get(key) ?? listRefs(repository, options);
  known.set(key, asked);
  try {
    return await asked;
  } catch (error) {
    known.delete(key);
    throw error;
  }
}
