import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/files.js';
import { runPipe, runTool } from '../base/tool.js';
import { MIRROR_HINT } from './mirror.js';
import { preparePrivateApt } from './private-apt.js';

/** Packages of a suite. */
export interface ClosureOptions {
  readonly architecture: string;
  readonly component: string;
  readonly keyring: string;
  readonly mirror: string;
  readonly suite: string;
  /** Suites that have the rest of what the packages depend on. */
  readonly base: readonly string[];
  readonly packages: readonly string[];
}

/** Packages with all that they depend on, down to the C library. */
export interface PackageClosure {
  /** Of the names, sizes and hashes of the packages; not of where they come from. */
  readonly hash: string;
  /** Fetches and verifies the packages and unpacks them into `target`, one over the other. */
  unpack(target: string): Promise<void>;
}

/**
 * Has an apt of our own in `folder` resolve what packages depend on; nothing is installed, and
 * neither the machine's apt nor its packages are touched. Errors: those of the tools,
 * `KEYRING_MISSING`.
 */
export async function resolvePackages(
  folder: string,
  { suite, base, packages, ...archive }: ClosureOptions,
  signal: AbortSignal,
): Promise<PackageClosure> {
  const apt = await preparePrivateApt(folder, { ...archive, suites: [suite, ...base] });
  await runTool('apt-get', [...apt, 'update'], { signal, hint: MIRROR_HINT });
  const install = ['-t', suite, 'install', '--yes', '--no-install-recommends', ...packages];
  // The folder is the caller's alone, and apt's own lock would need root.
  const command = [...apt, '-o', 'Debug::NoLocking=1', ...install];
  const plan = await runTool('apt-get', [...command, '--print-uris'], { signal });
  return {
    hash: planHash(plan),
    unpack: async (target) => {
      await runTool('apt-get', [...command, '--download-only'], { signal, hint: MIRROR_HINT });
      await unpackAll(join(folder, 'cache/archives'), target, signal);
    },
  };
}

function planHash(plan: string): string {
  const lines = plan
    .split('\n')
    .flatMap((line) => /^'[^']*' (.*)$/.exec(line)?.[1] ?? [])
    .sort();
  return sha256(lines.join('\n')).slice(0, 16);
}

async function unpackAll(archives: string, target: string, signal: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of (await readdir(archives)).filter((it) => it.endsWith('.deb'))) {
    await runPipe(
      ['dpkg-deb', ['--fsys-tarfile', join(archives, name)]],
      ['tar', ['-x', '-C', target, '--no-same-owner', '--no-same-permissions']],
      { signal },
    );
  }
}
