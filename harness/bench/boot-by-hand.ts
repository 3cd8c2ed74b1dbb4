import { join } from 'node:path';
import { consoleTimes } from '../machine/console-times.js';
import type { Platform } from '../machine/platforms.js';
import type { BenchCell } from './bench-context.js';
import type { ByHandDisk } from './by-hand-disk.js';

const BUDGET_MS = 300_000;

/** Where the time of a boot by hand goes, in milliseconds. */
export interface ByHandTimes {
  /** SLOF, to the first line of the kernel. */
  readonly firmware: number;
  /** From there to the first line of the initramfs. */
  readonly kernel: number;
  /** Modules, the disk, and Debian until the service that asks. */
  readonly debian: number;
  /** The loop over the registers, to its last line. */
  readonly loop: number;
}

const TEXTS = [
  'Preparing to boot Linux',
  'by-hand: initramfs',
  'register-loop: begins',
  'register-loop: done',
];

/**
 * Boots a disk of `makeByHandDisk` with the cell's kernel, through SLOF, until it has asked KVM for each
 * register. Errors: those of `consoleTimes`.
 */
export async function bootByHand(
  { cell, name, kernel, qemu }: BenchCell,
  { disk, initramfs }: ByHandDisk,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<ByHandTimes> {
  const [firmware = 0, kernelAt = 0, begins = 0, done = 0] = await consoleTimes(
    {
      ...{ name: `${name} by hand`, qemu, signal, budgetMs: BUDGET_MS },
      args: argumentsOf(cell.platform, kernel.image, initramfs, disk),
      log: join(folder, 'by-hand.log'),
    },
    TEXTS,
  );
  return { firmware, kernel: kernelAt - firmware, debian: begins - kernelAt, loop: done - begins };
}

function argumentsOf(
  { machine, cpu, memoryMiB, commandLine }: Platform,
  kernel: string,
  initramfs: string,
  disk: string,
): string[] {
  return [
    // Without VOF, a machine of this kind starts with SLOF.
    ...['-machine', machine.replace(',x-vof=on', ''), '-cpu', cpu, '-m', `${memoryMiB}M`],
    ...['-accel', 'tcg', '-smp', '1', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-serial', 'stdio', '-monitor', 'none'],
    ...['-drive', `file=${disk},if=virtio,format=raw,snapshot=on`],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', commandLine],
  ];
}
