import { readFileSync } from 'node:fs';
import { SprmatrixError } from '../base/error.js';

/**
 * Throws `QEMU_WRAPPED` when the process that was started as QEMU is a script that keeps QEMU as its
 * child: the memory of another process would be read, and QEMU would outlive a harness that is killed.
 */
export function requireUnwrapped(command: string, pid: number): void {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(/\s+/);
  const own = read(`/proc/${pid}/cmdline`);
  const isWrapped = children.some((child) => {
    const words = read(`/proc/${child}/cmdline`);
    // A shell that is about to run something else is at first a copy of this process.
    return words !== own && words.split('\0').slice(0, 4).some(isQemuProgram);
  });
  if (!isWrapped) return;
  throw new SprmatrixError({
    code: 'QEMU_WRAPPED',
    message: `${command} starts QEMU as a process of its own and waits for it, so that QEMU would outlive a harness that is killed`,
    hint: 'let the script become QEMU: exec qemu-system-ppc64 "$@"',
  });
}

/** QEMU by its name, or on a dynamic loader of its own, which has the name among its first words. */
function isQemuProgram(word: string): boolean {
  return /(?:^|\/)qemu-system-[^/]*$/.test(word);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended, or this kernel keeps no list of children
  }
}
