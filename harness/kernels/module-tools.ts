import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sha256OfFile } from '../base/files.js';
import { runTool } from '../base/tool.js';
import type { CachedModule } from './kernel-manifest.generated.js';
import type { ModuleFile } from './modules.js';

/** The folder of a cache entry that holds modules. */
const MODULES = 'modules';
/** How the entry of .modinfo begins, after the NUL that ends the one before. */
const DEPENDS = '\0depends=';

/** How each ending is unpacked in place. */
const UNPACKERS = new Map<string, { program: string; args: readonly string[]; package: string }>([
  ['.xz', { program: 'xz', args: ['--decompress', '--force'], package: 'xz-utils' }],
  ['.zst', { program: 'zstd', args: ['-d', '-q', '-f', '--rm'], package: 'zstd' }],
  ['.gz', { program: 'gzip', args: ['--decompress', '--force'], package: 'gzip' }],
]);

/** The names of the modules that the module file says it depends on. */
export async function readModuleDepends(path: string, signal?: AbortSignal): Promise<string[]> {
  const depends = path.endsWith('.gz')
    ? dependsIn(gunzipSync(await readFile(path)))
    : await runTool('modinfo', ['-F', 'depends', path], { signal, hint: 'apt-get install kmod' });
  return depends
    .split(/[,\s]+/)
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('-', '_'));
}

/** The same from a module's bytes: Debian's modinfo reads .xz and .zst, but not .gz. */
function dependsIn(module: Buffer): string {
  const start = module.indexOf(DEPENDS, 0, 'latin1');
  if (start < 0) return '';
  const end = module.indexOf(0, start + DEPENDS.length);
  return module.toString('latin1', start + DEPENDS.length, end);
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
    await stageModule(module, join(staging, path), signal);
    staged.push({ path, sha256: await sha256OfFile(join(staging, path)) });
  }
  return staged;
}

async function stageModule(
  module: ModuleFile,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ending = extname(module.path);
  const unpacker = UNPACKERS.get(ending);
  if (unpacker === undefined) {
    await copyFile(module.path, target);
    return;
  }
  const packed = `${target}${ending}`;
  await copyFile(module.path, packed);
  await runTool(unpacker.program, [...unpacker.args, packed], {
    signal,
    hint: `apt-get install ${unpacker.package}`,
  });
}
