import { realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SprmatrixError } from '../../base/error.js';
import { splitSelectors } from '../../base/selectors.js';
import { findTreeKernel } from '../../kernels/builds/kernel-tree.js';
import { isPathSelector } from '../../kernels/select-kernels.js';
import type { Selectors } from '../../cell/selection.js';

/** Where a kernel tree has KVM's sources, and its modules once they are built. */
const KVM_FOLDER = 'arch/powerpc/kvm';

/** What `sprmatrix watch` watches, as absolute paths. */
export interface WatchTargets {
  /** Kernels' images: those that were named, and what they link to. */
  readonly images: readonly string[];
  /** Folders of modules. */
  readonly folders: readonly string[];
}

/**
 * The files that selectors name. Usage errors: `WATCH_KERNEL` for a kernel that is no file, or none at
 * all, and `WATCH_BUILD` for --build: what makes the file is not ours to start.
 */
export function watchTargets({ kernel, cell, modules, build }: Selectors): WatchTargets {
  if (build === true) {
    throw new SprmatrixError({
      code: 'WATCH_BUILD',
      kind: 'usage',
      message: '--build: watch waits for a build and starts none',
      hint: 'leave out --build, and run make in another terminal',
    });
  }
  if (cell.length > 0) {
    throw notAFile(`--cell=${cell.join(',')}: watch takes --kernel and --platform`);
  }
  const words = splitSelectors('kernel', kernel);
  if (words.length === 0) throw notAFile('watch needs a kernel to watch');
  const kernels = words.map((word) => {
    if (!isPathSelector(word)) {
      throw notAFile(`--kernel=${word} is not a file, so it does not change`);
    }
    return isFolder(word) ? findTreeKernel(word) : { image: resolve(word), modules: undefined };
  });
  const trees = kernels.flatMap((kernel) => kernel.modules ?? []);
  return {
    images: [...new Set(kernels.flatMap(({ image }) => [image, linkedPath(image)]))],
    // A tree has thousands of folders, and KVM's modules are in one of them.
    folders:
      modules === undefined
        ? trees.map((tree) => join(tree, KVM_FOLDER))
        : modules.map((path) => resolve(path)),
  };
}

function notAFile(message: string): SprmatrixError {
  return new SprmatrixError({
    code: 'WATCH_KERNEL',
    kind: 'usage',
    message,
    hint: 'name the file of your kernel, e.g. --kernel=./vmlinux, or the tree that it is built in',
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Where a path leads through links; itself while it leads nowhere. */
function linkedPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // not there yet: the loop waits for it
  }
}
