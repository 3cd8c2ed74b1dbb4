import { chmod, copyFile, mkdir, readdir, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, SprmatrixError } from '../base/error.js';
import { sha256OfFile } from '../base/files.js';
import { withLock } from '../base/lock.js';
import { cacheRoot } from '../base/paths.js';
import { shortHash } from '../base/short-hash.js';
import { runTool } from '../base/tool.js';
import type { KernelOptions } from './kernel-entry.js';
import type { PreparedKernel } from './prepared-kernel.js';

/** Raised when the archive gets another layout. */
const LAYOUT = 3;
/** newc, no file that is not named on standard input, owned by root, no inode or device of this machine. */
const CPIO = ['-o', '-H', 'newc', '-0', '--quiet', '--reproducible', '-R', '0:0'];
const FOLDERS = ['dev', 'proc', 'sys', 'modules', 'modules/boot', 'modules/kvm'];

interface InitramfsFile {
  /** Path in the archive. */
  readonly name: string;
  readonly from: string;
  readonly mode: number;
}

/**
 * The path of an initramfs with `agentPath` as /init and the kernel's modules in load order:
 * /modules/boot/NN-name.ko, which the agent loads before it says hello, and /modules/kvm/NN-name.ko,
 * which it loads when it is asked to open KVM, or before on a platform whose snapshots can hold that
 * (matrix/platforms.json, "cold"). That is the last of KVM's alone: what it depends on has no state
 * outside of the kernel.
 * Uncompressed, the same bytes for the same content, and made once for each content.
 */
export async function buildInitramfs(
  kernel: Pick<PreparedKernel, 'channelModules' | 'kvmModules'>,
  agentPath: string,
  options: Pick<KernelOptions, 'signal' | 'cacheFolder'> = {},
): Promise<string> {
  const files: readonly InitramfsFile[] = [
    { name: 'init', from: agentPath, mode: 0o755 },
    ...numbered('modules/boot', [...kernel.channelModules, ...kernel.kvmModules.slice(0, -1)]),
    ...numbered('modules/kvm', kernel.kvmModules.slice(-1)),
  ];
  const hashes = await Promise.all(files.map(hashOfInput));
  const content = files.map(({ name, mode }, index) => [name, mode, hashes[index]]);
  const key = shortHash([LAYOUT, FOLDERS, content]);
  const folder = join(options.cacheFolder ?? cacheRoot(), 'initramfs');
  const known = await findWhole(folder, key);
  if (known !== undefined) return known;
  return withLock(
    join(folder, key),
    async (signal) => (await findWhole(folder, key)) ?? (await build(folder, key, files, signal)),
    { signal: options.signal },
  );
}

/** The archive made for `key`. Its name ends in its own hash, so one that is damaged is not taken. */
async function findWhole(folder: string, key: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const hash = name.startsWith(`${key}-`) ? /-([0-9a-f]{64})\.cpio$/.exec(name)?.[1] : undefined;
    if (hash === undefined) continue;
    const path = join(folder, name);
    if ((await sha256OfFile(path)) === hash) return path;
    await rm(path, { force: true });
  }
  return undefined;
}

/** Called with the lock of `key` held: a staging folder that is there was left by a killed run. */
async function build(
  folder: string,
  key: string,
  files: readonly InitramfsFile[],
  signal: AbortSignal,
): Promise<string> {
  const staging = join(folder, `.${key}.part`);
  const root = join(staging, 'root');
  await rm(staging, { recursive: true, force: true });
  try {
    await mkdir(root, { recursive: true });
    for (const name of FOLDERS) await mkdir(join(root, name));
    for (const { name, from, mode } of files) {
      await copyFile(from, join(root, name));
      await chmod(join(root, name), mode);
    }
    const names = [...FOLDERS, ...files.map(({ name }) => name)];
    // Files first, folders after what is in them: making a file touches its folder.
    for (const name of [...names].reverse()) await utimes(join(root, name), 0, 0);
    const archive = join(staging, 'archive.cpio');
    await runTool('cpio', [...CPIO, '-O', archive], {
      cwd: root,
      input: names.map((name) => `${name}\0`).join(''),
      signal,
      hint: 'apt-get install cpio',
    });
    const path = join(folder, `${key}-${await sha256OfFile(archive)}.cpio`);
    await rename(archive, path);
    return path;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function hashOfInput({ from }: InitramfsFile): Promise<string> {
  try {
    return await sha256OfFile(from);
  } catch (error) {
    throw new SprmatrixError({
      code: 'INITRAMFS_INPUT_MISSING',
      message: `${basename(from)} cannot be put into the initramfs: ${messageOf(error)}`,
      hint: `is ${dirname(from)} built? \`npm run setup\``,
      cause: error,
    });
  }
}

function numbered(folder: string, modules: readonly string[]): InitramfsFile[] {
  return modules.map((from, index) => ({
    name: `${folder}/${String(index).padStart(2, '0')}-${basename(from)}`,
    from,
    mode: 0o644,
  }));
}
