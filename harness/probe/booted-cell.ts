import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildInitramfs } from '../kernels/initramfs.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { RunningMachine } from '../machine/machine.js';
import type { Platform } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import type { SnapshotStore } from '../machine/snapshots/snapshot-store.js';
import { startMachine } from '../machine/snapshots/start-machine.js';
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
  readonly onPhase?: (phase: string) => void;
  /** A line that a person should see: a snapshot that is of no use. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/** A cell's machine, running. Disposing stops it and writes its requests.log. */
export interface BootedCell extends AsyncDisposable {
  readonly machine: RunningMachine;
}

/** Boots a kernel on a platform, or restores it. Errors: those of `startMachine`. */
export async function bootCell(options: BootCellOptions): Promise<BootedCell> {
  const { kernel, platform } = options;
  const initramfs = await buildInitramfs(kernel, options.agentPath);
  const logFolder = cellLogFolder(options.outFolder, kernel.id, platform.id);
  options.onPhase?.('boot');
  const isCold = whyCold(platform, kernel, options.qemu.version) !== undefined;
  const machine = await startMachine({
    name: `${kernel.id}/${platform.id}`,
    platform,
    qemu: options.qemu,
    snapshots: isCold ? undefined : options.snapshots,
    // The archive is named by its own hash, which was just verified.
    content: { kernel: kernel.sha256, initramfs: basename(initramfs) },
    files: { kernel: kernel.image, initramfs },
    logFolder,
    reproduce: options.reproduce,
    signal: options.signal,
    onNotice: options.onNotice,
  });
  return {
    machine,
    async [Symbol.asyncDispose]() {
      await writeTranscript(join(logFolder, 'requests.log'), machine.agent.transcript.text());
      await machine.stop();
    },
  };
}

/** A log that cannot be written, on a full disk say, must not cost the record. */
async function writeTranscript(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch(async () => rm(path, { force: true }));
}

/** Where a cell's logs are: console, QEMU, requests, and how to run it again. */
export function cellLogFolder(outFolder: string, kernel: string, platform: string): string {
  return join(outFolder, 'logs', kernel, platform);
}
