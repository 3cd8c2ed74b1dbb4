import semver from 'semver';
import { messageOf, SprmatrixError } from '../../base/error.js';
import { nearestFirst } from '../../base/nearest.js';
import type { GitOptions } from './git.js';
import { runGit } from './git.js';
import type { Repository } from './repositories.js';

/** A ref as its repository has it. */
export interface RemoteRef {
  /** "refs/tags/v6.8"; the commit itself when that was named. */
  readonly name: string;
  readonly commit: string;
}

export interface RefList {
  /** The address that answered. */
  readonly url: string;
  readonly refs: readonly RemoteRef[];
}

const ANSWER_MS = 60_000;
const NEAREST = 6;
const VERSION = /^v?(?<version>\d+\.\d+(?:\.\d+)?(?:-rc\d+)?)$/;
const COMMIT = /^[0-9a-f]{40}$/;

/** Every tag and branch of a repository. Errors: `REPOSITORY_UNREADABLE` with what git said of each address. */
export async function listRefs(repository: Repository, options: GitOptions = {}): Promise<RefList> {
  const faults: string[] = [];
  for (const url of repository.urls) {
    options.onProgress?.(`${repository.name}: asking ${url} what it has`);
    try {
      const { signal } = options;
      const text = await runGit(['ls-remote', '--heads', '--tags', '--', url], {
        signal,
        budgetMs: ANSWER_MS,
      });
      return { url, refs: parseRefs(text) };
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      faults.push(`${url}: ${messageOf(error)}`);
    }
  }
  throw new SprmatrixError({
    code: 'REPOSITORY_UNREADABLE',
    message: `${repository.urls[0] ?? repository.name} is no repository that can be read from here`,
    evidence: faults,
    hint: '--git=URL (or SPRMATRIX_GIT) names another: an address, a path, or stable, mainline, next, powerpc',
  });
}

/** The refs of `git ls-remote`; a tag's commit is what it points to. */
function parseRefs(text: string): RemoteRef[] {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, commit, name] = /^([0-9a-f]{40})\t(\S+)$/.exec(line) ?? [];
    // "refs/tags/v6.8^{}" comes after the tag's own object.
    if (commit !== undefined && name !== undefined) refs.set(name.replace(/\^\{\}$/, ''), commit);
  }
  return [...refs].map(([name, commit]) => ({ name, commit }));
}

/**
 * What a word means in a repository: a tag or branch, a version (`6.8.1`, `6.9-rc3`), a line (`6.6`: its newest
 * release), a whole commit. Errors: `UNKNOWN_REF` with the nearest names.
 */
export function findRef(word: string, { url, refs }: RefList): RemoteRef {
  const byName = new Map(refs.map((ref) => [ref.name, ref]));
  const version = VERSION.exec(word)?.groups?.['version'];
  const isLine = version !== undefined && !word.startsWith('v') && /^\d+\.\d+$/.test(version);
  const newest = isLine ? newestOfLine(version, refs) : undefined;
  const names = [word, `refs/tags/${word}`, `refs/tags/v${word}`, `refs/heads/${word}`];
  const found = newest ?? names.map((name) => byName.get(name)).find((ref) => ref !== undefined);
  if (found !== undefined) return found;
  if (COMMIT.test(word)) return { name: word, commit: word };
  const short = refs.map(({ name }) => name.replace(/^refs\/(?:tags|heads)\//, ''));
  const nearest = nearestFirst(word, short).slice(0, NEAREST);
  throw new SprmatrixError({
    code: 'UNKNOWN_REF',
    kind: 'usage',
    message: `${url} has no tag or branch "${word}" (nearest first: ${nearest.join(', ') || 'there is none'})`,
  });
}

/** The releases of lines (v6.1, v6.2 …: no patch, no candidate) from one to another, oldest first. */
export function releasesBetween(from: string, to: string, { refs }: RefList): string[] {
  const number = (word: string): semver.SemVer | null => semver.coerce(word);
  const [low, high] = [number(from), number(to)];
  return refs
    .flatMap(({ name }) => /^refs\/tags\/(v\d+\.\d+)$/.exec(name)?.[1] ?? [])
    .filter((tag) => {
      const version = number(tag);
      return (
        version !== null &&
        low !== null &&
        high !== null &&
        semver.gte(version, low) &&
        semver.lte(version, high)
      );
    })
    .sort((a, b) => semver.compare(number(a) ?? '0.0.0', number(b) ?? '0.0.0'));
}

function newestOfLine(line: string, refs: readonly RemoteRef[]): RemoteRef | undefined {
  const start = `refs/tags/v${line}`;
  const patch = ({ name }: RemoteRef): number =>
    name === start ? 0 : Number(/^\.(\d+)$/.exec(name.slice(start.length))?.[1] ?? Number.NaN);
  return refs
    .filter((ref) => ref.name.startsWith(start) && !Number.isNaN(patch(ref)))
    .sort((a, b) => patch(b) - patch(a))[0];
}
