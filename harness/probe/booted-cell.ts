import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildInitramfs } from '../kernels/initramfs.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { RunningMachine } from '../machine/machine.js';
import { bootMachine } from '../machine/machine.js';
import type { Platform } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';

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
  readonly signal?: AbortSignal | undefined;
  /** Called when a phase begins: "boot". */
  readonly onPhase?: (phase: string) => void;
}

/** A cell's machine, running. Disposing stops it and writes its requests.log. */
export interface BootedCell extends AsyncDisposable {
  readonly machine: RunningMachine;
}

/** Boots a kernel on a platform. Errors: those of `bootMachine`. */
export async function bootCell(options: BootCellOptions): Promise<BootedCell> {
  const { kernel, platform } = options;
  const initramfs = await buildInitramfs(kernel, options.agentPath);
  const logFolder = cellLogFolder(options.outFolder, kernel.id, platform.id);
  options.onPhase?.('boot');
  const machine = await bootMachine({
    name: `${kernel.id}/${platform.id}`,
    platform,
    qemu: options.qemu,
    files: { kernel: kernel.image, initramfs },
    logFolder,
    reproduce: options.reproduce,
    signal: options.signal,
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
