import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { watch } from 'chokidar';
import { whatElfLacks } from '../../kernels/whole-elf.js';
import type { WatchedFiles } from './watch-loop.js';
import type { WatchTargets } from './watch-targets.js';

/** The file system's events may be lost, and NFS has none: this often the files are looked at anyway. */
const HEARTBEAT_MS = 2000;

/**
 * Watches images and folders of modules. An image's folder is watched for it, because a file that is
 * replaced (mv, or rm and a new one) is another file. Ends with `await using`.
 */
export async function watchFiles({
  images,
  folders,
}: WatchTargets): Promise<WatchedFiles & AsyncDisposable> {
  const homes = new Set(images.map(dirname));
  const wanted = new Set([...images, ...homes]);
  const isOfFolder = (path: string): boolean =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const watcher = watch([...homes, ...folders], {
    ignoreInitial: true,
    atomic: false,
    ignored: (path) => !wanted.has(path) && !isOfFolder(path),
  });
  const waiting = new Set<() => void>();
  watcher.on('all', () => {
    for (const wake of waiting) wake();
  });
  await new Promise<void>((ready, failed) => {
    watcher.once('ready', ready);
    watcher.once('error', failed);
  });
  return {
    state: async () => stateOf(images, folders),
    whatIsMissing: async () => {
      for (const image of images) {
        const why = await whatElfLacks(image);
        if (why !== undefined) return `${basename(image)}: ${why}`;
      }
      return undefined;
    },
    hint: async (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(heartbeat);
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const heartbeat = setTimeout(wake, HEARTBEAT_MS);
        waiting.add(wake);
        if (signal.aborted) wake();
        else signal.addEventListener('abort', wake);
      }),
    [Symbol.asyncDispose]: async () => watcher.close(),
  };
}

/** One text that is another when any of the files is. */
async function stateOf(images: readonly string[], folders: readonly string[]): Promise<string> {
  const inside = await Promise.all(
    folders.map(async (folder) =>
      readdir(folder, { recursive: true }).then(
        (names) => names.filter(isModule).map((name) => join(folder, name)),
        () => [], // it is being replaced
      ),
    ),
  );
  const lines: string[] = [];
  for (const path of [...images, ...inside.flat().sort()]) {
    const line = await stat(path).then(
      ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
      () => 'none', // nothing there, for now
    );
    lines.push(`${path} ${line}`);
  }
  return lines.join('\n');
}

function isModule(name: string): boolean {
  return /\.ko(?:\.[a-z0-9]+)?$/.test(name);
}
