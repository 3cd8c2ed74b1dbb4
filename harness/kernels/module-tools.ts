import { copyFile, mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { sha256OfFile } from '../base/files.js';
import { runTool } from '../base/tool.js';
import type { CachedModule } from './kernel-manifest.generated.js';
import type { ModuleFile } from './modules.js';

/** The folder of a cache entry that holds modules. */
const MODULES = 'modules';

/** How each ending is unpacked in place. */
const UNPACKERS = new Map<string, { program: string; args: readonly string[]; package: string }>([
  ['.xz', { program: 'xz', args: ['--decompress', '--force'], package: 'xz-utils' }],
  ['.zst', { program: 'zstd', args: ['-d', '-q', '-f', '--rm'], package: 'zstd' }],
  ['.gz', { program: 'gzip', args: ['--decompress', '--force'], package: 'gzip' }],
]);

/** The names of the modules that the module file says it depends on, as modinfo reads them. */
export async function readModuleDepends(path: string, signal?: AbortSignal): Promise<string[]> {
  const answer = await runTool('modinfo', ['-F', 'depends', path], {
    signal,
    hint: 'apt-get install kmod',
  });
  return answer
    .split(/[,\s]+/)
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('-', '_'));
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
