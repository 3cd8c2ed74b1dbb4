import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootMachine } from '../machine/machine.js';
import type { Platform } from '../machine/platforms.js';
import type { QemuBinary } from '../machine/qemu-binary.js';
import { buildInitramfs } from '../kernels/initramfs.js';
import type { PreparedKernel } from '../kernels/prepared-kernel.js';
import type { CellRecord } from '../record/record.generated.js';
import type { Register } from '../sync/register-table.js';
import { askHost } from './ask-host.js';
import { harnessIdentity } from './harness-identity.js';
import type { HostilePlan } from './hostile/hostile-plan.js';

export interface CellOptions {
  readonly kernel: PreparedKernel;
  readonly platform: Platform;
  readonly qemu: QemuBinary;
  /** The agent's binary for the kernel's byte order. */
  readonly agentPath: string;
  /** Registers to ask; the others' rows are `untested`. The default is all of them. */
  readonly registers?: readonly Register[];
  /** The hostile calls to make; none when undefined. */
  readonly hostile?: HostilePlan | undefined;
  /** Gets the machine's logs in `logs/<kernel>/<platform>/`. */
  readonly outFolder: string;
  /** A command that runs this cell again. */
  readonly reproduce: string;
  readonly signal?: AbortSignal | undefined;
  /** Called when a phase begins: "boot", "kvm", "registers", "guest", "hostile". */
  readonly onPhase?: (phase: string) => void;
}

/**
 * Boots a kernel on a platform, asks every register, and returns the record.
 * Errors: those of `bootMachine` and of the agent's requests, with the console's tail and the logs.
 */
export async function runCell(options: CellOptions): Promise<CellRecord> {
  const { kernel, platform, qemu, signal, onPhase } = options;
  const startedAt = performance.now();
  const initramfs = await buildInitramfs(kernel, options.agentPath);
  const logFolder = cellLogFolder(options.outFolder, kernel.id, platform.id);
  onPhase?.('boot');
  await using machine = await bootMachine({
    name: `${kernel.id}/${platform.id}`,
    platform,
    qemu,
    files: { kernel: kernel.image, initramfs },
    logFolder,
    reproduce: options.reproduce,
    signal,
  });
  try {
    const kvmStartedAt = performance.now();
    const { kvm, registers, hostile, timings } = await askHost(machine.agent, {
      flavour: platform.flavour,
      byteOrder: machine.hello.byteOrder,
      registers: options.registers,
      hostile: options.hostile,
      explain: (error) => machine.explain(error),
      signal,
      onPhase,
    });
    const { release, version, byteOrder, pageSize } = machine.hello;
    return {
      format: 1,
      cell: { kernel: kernel.id, platform: platform.id },
      kernel: {
        release,
        version,
        package: kernel.package,
        sha256: kernel.sha256,
        byteOrder,
        pageSize,
      },
      machine: {
        qemu: qemu.version,
        machine: platform.machine,
        cpu: platform.cpu,
        accelerator: 'tcg',
      },
      kvm,
      harness: harnessIdentity(),
      timings: {
        prepareMs: Math.round(kvmStartedAt - machine.bootMs - startedAt),
        bootMs: Math.round(machine.bootMs),
        ...timings,
      },
      ...(hostile === undefined ? {} : { hostile }),
      registers,
    };
  } catch (error) {
    throw machine.explain(error);
  } finally {
    await writeTranscript(join(logFolder, 'requests.log'), machine.agent.transcript.text());
  }
}

/** A log that cannot be written, on a full disk say, must not cost the record. */
async function writeTranscript(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch(async () => rm(path, { force: true }));
}

/** Where a cell's logs are: console, QEMU, requests, and how to run it again. */
export function cellLogFolder(outFolder: string, kernel: string, platform: string): string {
  return join(outFolder, 'logs', kernel, platform);
}
