import { execa } from 'execa';
import { packageVersion } from './package-version.js';
import { repositoryRoot } from './paths.js';

/** What a record says of the sprmatrix that made it. */
export interface HarnessIdentity {
  readonly version: string;
  /** Null outside a checkout. */
  readonly commit: string | null;
}

let identity: Promise<HarnessIdentity> | undefined;

/** sprmatrix's version (package.json) and git commit, which git is asked for once. */
export async function harnessIdentity(): Promise<HarnessIdentity> {
  identity ??= gitCommit().then((commit) => ({ version: packageVersion(), commit }));
  return identity;
}

async function gitCommit(): Promise<string | null> {
  try {
    return (await execa('git', ['rev-parse', 'HEAD'], { cwd: repositoryRoot })).stdout;
  } catch {
    return null; // no git, or no checkout: the record says so
  }
}
