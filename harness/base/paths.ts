import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The repository's folder. Sources run from `harness/` (Playwright) and from `dist/harness/`
 * (built), and as a part of `dist/bundle/`, so it is looked for upwards instead of counted.
 */
export const repositoryRoot: string = findRepositoryRoot(dirname(fileURLToPath(import.meta.url)));

function findRepositoryRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'matrix'))) {
      return folder;
    }
    if (folder === dirname(folder)) throw new Error(`no sprmatrix repository above ${start}`);
  }
}

/** `$XDG_CACHE_HOME/sprmatrix`, or `~/.cache/sprmatrix`: packages, kernels, initramfs images. */
export function cacheRoot(): string {
  const base = process.env['XDG_CACHE_HOME'];
  const home = base !== undefined && base !== '' ? base : join(homedir(), '.cache');
  return join(home, 'sprmatrix');
}

/** What `npm run build` makes of the CLI: the program that package.json names `sprmatrix`. */
export const cliProgram: string = join(repositoryRoot, 'dist/bundle/cli.js');

/** Whether this is a checkout; an installed package has no sources. */
export const isCheckout: boolean = existsSync(join(repositoryRoot, 'playwright.config.ts'));

/** A path inside the repository. */
export function repositoryPath(...parts: string[]): string {
  return join(repositoryRoot, ...parts);
}
