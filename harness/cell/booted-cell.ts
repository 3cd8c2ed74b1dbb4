import { traced } from '../base/trace.js';
import { basename, join } from 'node:path';
import { buildInitramfs } from '../kernels/initramfs.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { RunningMachine } from '../machine/machine.js';
import type { Platform } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import { ReplaceableMachine } from '../machine/snapshots/replaceable-machine.js';
import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import type { CellIds } from '../record/cell-name.js';
import { cellName } from '../record/cell-name.js';
import { whyCold } from '../machine/snapshots/why-cold.js';

export interface BootCellOptions {
  readonly kernel: PreparedKernel;
  readonly platform: Platform;
  readonly qemu: QemuBinary;
  /** The agent's binary for the kernel's byte order. */
  readonly agentPath: string;
  /** Gets the machine's logs in `logs/<kernel>/<platform>/`. */
  readonly outFolder: string;
  /** A command that runs this cell again. */
  readonly reproduce: string;
  /** Where booted machines are saved and restored from, if they can be; undefined boots. */
  readonly snapshots?: SnapshotStore | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when a phase begins: "boot". */
  readonly onPhase?: ((phase: string) => void) | undefined;
  /** A line that a person should see: a snapshot that is of no use, a machine without a successor. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** A cell's machine, running. Disposing stops it and writes its requests.log. */
export interface BootedCell extends AsyncDisposable {
  readonly machine: RunningMachine;
  /** `machine`, and after its death those that took its place. */
  readonly machines: ReplaceableMachine;
}

/** Boots a kernel on a platform, or restores it. Errors: those of `startMachine`. */
export async function bootCell(options: BootCellOptions): Promise<BootedCell> {
  const { kernel, platform } = options;
  const ids = { kernel: kernel.id, platform: platform.id };
  const initramfs = await traced('files', 'initramfs', async () =>
    buildInitramfs(kernel, options.agentPath),
  );
  options.onPhase?.('boot');
  const isCold = whyCold(platform, options.qemu.version) !== undefined;
  const machines = await ReplaceableMachine.start({
    name: cellName(ids),
    platform,
    qemu: options.qemu,
    snapshots: isCold ? undefined : options.snapshots,
    // The archive is named by its own hash, which was just verified.
    content: { kernel: kernel.sha256, initramfs: basename(initramfs) },
    files: { kernel: kernel.image, initramfs },
    logFolder: cellLogFolder(options.outFolder, ids),
    reproduce: options.reproduce,
    signal: options.signal,
    onNotice: options.onNotice,
  });
  return {
    machine: machines.current,
    machines,
    [Symbol.asyncDispose]: async () =>
      traced('machine', 'end', async () => machines[Symbol.asyncDispose]()),
  };
}

/** Where a cell's logs are: console, QEMU, requests, and how to run it again. */
export function cellLogFolder(outFolder: string, { kernel, platform }: CellIds): string {
  return join(outFolder, 'logs', kernel, platform);
}
