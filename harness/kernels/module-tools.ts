import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SprmatrixError } from '../base/error.js';
import { sha256OfFile } from '../base/files.js';
import { runToolForBytes } from '../base/tool.js';
import { FORMAT_BYTES, formatOf } from './given/file-format.js';
import type { CachedModule } from './kernel-manifest.generated.js';
import type { ModuleFile } from './modules.js';

/** The folder of a cache entry that holds modules. */
const MODULES = 'modules';

/** What unpacks a module to its standard output, by what its bytes say that packed it. */
const UNPACKERS = new Map<string, { program: string; args: readonly string[]; package: string }>([
  ['xz', { program: 'xz', args: ['--decompress', '--stdout'], package: 'xz-utils' }],
  ['zstd', { program: 'zstd', args: ['-d', '-q', '-c'], package: 'zstd' }],
  ['bzip2', { program: 'bzip2', args: ['--decompress', '--stdout'], package: 'bzip2' }],
]);
/** Many times the largest module of a distribution (30 MB). */
const LARGEST_BYTES = 256 * 2 ** 20;

/** The names of the modules that the module file says it depends on. */
export async function readModuleDepends(path: string, signal?: AbortSignal): Promise<string[]> {
  return modinfoField(await readPlainModule(path, signal), 'depends')
    .split(/[,\s]+/)
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('-', '_'));
}

/** The release that a module was built for: the first word of its vermagic; undefined when it says none. */
export async function readModuleRelease(path: string): Promise<string | undefined> {
  const magic = modinfoField(await readPlainModule(path, undefined), 'vermagic');
  return /^\S+/.exec(magic)?.[0];
}

/**
 * A module's bytes with its packing, which they say themselves, taken off. Errors: `MODULE_BROKEN`,
 * `TOOL_MISSING`.
 */
async function readPlainModule(path: string, signal: AbortSignal | undefined): Promise<Buffer> {
  const bytes = await readFile(path);
  const format = formatOf(bytes.subarray(0, FORMAT_BYTES));
  if (format.kind === 'elf') return bytes;
  const name = format.kind === 'packed' ? format.name : '';
  try {
    if (name === 'gzip') return gunzipSync(bytes, { maxOutputLength: LARGEST_BYTES });
    const unpacker = UNPACKERS.get(name);
    if (unpacker !== undefined) {
      return await runToolForBytes(unpacker.program, [...unpacker.args, path], {
        ...{ signal, hint: `apt-get install ${unpacker.package}` },
        mostBytes: LARGEST_BYTES,
      });
    }
  } catch (error) {
    if (error instanceof SprmatrixError && error.code !== 'TOOL_FAILED') throw error;
    throw brokenModule(path, 'it cannot be unpacked', error);
  }
  throw brokenModule(path, name === '' ? 'it is no ELF file' : `packed with ${name}`);
}

function brokenModule(path: string, why: string, cause?: unknown): SprmatrixError {
  return new SprmatrixError({
    code: 'MODULE_BROKEN',
    kind: 'usage',
    message: `${path} is no module that can be loaded: ${why}`,
    cause,
  });
}

/** A field of a module's .modinfo; empty when it is not there. */
function modinfoField(module: Buffer, name: string): string {
  const key = `\0${name}=`;
  const start = module.indexOf(key, 0, 'latin1');
  if (start < 0) return '';
  const end = module.indexOf(0, start + key.length);
  return module.toString('latin1', start + key.length, end);
}

/** Copies modules into a cache entry that is being made, uncompressed; returns what stands in its manifest. */
export async function stageModules(
  modules: readonly ModuleFile[],
  staging: string,
  signal?: AbortSignal,
): Promise<CachedModule[]> {
  await mkdir(join(staging, MODULES), { recursive: true });
  const staged: CachedModule[] = [];
  for (const module of modules) {
    const path = `${MODULES}/${basename(module.path).replace(/\.ko.*$/, '.ko')}`;
    await writeFile(join(staging, path), await readPlainModule(module.path, signal));
    staged.push({ path, sha256: await sha256OfFile(join(staging, path)) });
  }
  return staged;
}
