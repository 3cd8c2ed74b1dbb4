import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/files.js';
import { cacheRoot, repositoryPath } from '../base/paths.js';
import { compileSchema } from '../data/schema.js';
import type { PackageSource } from '../debian/apt.js';
import type { CatalogueFile } from './kernel-catalogue.generated.js';
import type { KernelEntry, KernelOptions } from './kernel-entry.js';
import { kernelSources } from './kernel-sources.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Catalogue {
  readonly kernels: readonly KernelEntry[];
  /** What could not be read, a line each, for a person. */
  readonly warnings: readonly string[];
  /** Suites that gave nothing: kernels may be missing. */
  readonly missingSuites?: readonly string[] | undefined;
}

export interface CatalogueOptions extends KernelOptions {
  /** Read the indexes again even when the last reading is young. */
  readonly refresh?: boolean;
  /** How old a reading may be; 24 hours. */
  readonly maxAgeMs?: number;
  /** Instead of this machine's apt, for tests. */
  readonly source?: PackageSource;
}

/** Where the list of Debian's kernels is kept. */
export function cataloguePath(cacheFolder: string | undefined): string {
  return join(cacheFolder ?? cacheRoot(), 'catalogue', 'debian.json');
}

/** The kept list, or undefined when there is none, or none that can be trusted. */
export async function readKnown(path: string): Promise<CatalogueFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined; // no list yet
  }
  try {
    return check()(JSON.parse(text), path);
  } catch {
    return undefined; // cut off, or of another version of sprmatrix: read again
  }
}

/** Whether a kept list is as young as is wanted, and of what is asked for. */
export function isUsable(known: CatalogueFile, options: CatalogueOptions): boolean {
  const age = Date.now() - Date.parse(known.readAt);
  return (
    options.refresh !== true &&
    age >= 0 &&
    age < (options.maxAgeMs ?? DAY_MS) &&
    known.configuration === configurationHash() &&
    (options.mirror === undefined ||
      options.mirror === '' ||
      sameMirror(known.mirror, options.mirror))
  );
}

function sameMirror(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '');
}

/** What of matrix/kernels.json a list was read by. */
export function configurationHash(): string {
  return sha256(JSON.stringify(kernelSources().debian));
}

let compiled: ReturnType<typeof compileSchema<CatalogueFile>> | undefined;

function check(): ReturnType<typeof compileSchema<CatalogueFile>> {
  compiled ??= compileSchema<CatalogueFile>(
    repositoryPath('matrix', 'schema', 'kernel-catalogue.schema.json'),
  );
  return compiled;
}
