import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { repositoryPath, repositoryRoot } from '../base/paths.js';

let identity: { version: string; commit: string | null } | undefined;

/** sprmatrix's version (package.json) and git commit; null outside a checkout. */
export function harnessIdentity(): { version: string; commit: string | null } {
  identity ??= { version: packageVersion(), commit: gitCommit() };
  return identity;
}

/** sprmatrix's version, of package.json. */
export function packageVersion(): string {
  const text = readFileSync(repositoryPath('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function gitCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null; // no git, or no checkout: the record says so
  }
}
