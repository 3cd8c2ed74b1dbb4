import { cellName } from '../record/cell-name.js';
import type { CellRecord } from '../record/record.generated.js';
import { askHost } from '../probe/ask-host.js';
import type { BootCellOptions, BootedCell } from './booted-cell.js';
import { bootCell } from './booted-cell.js';
import { loadedModules } from '../kernels/loaded-modules.js';
import { lateTurnsText } from './late-turns.js';
import { harnessIdentity } from '../base/harness-identity.js';
import type { ProbeExtent } from '../probe/probe-extent.js';
import { unaskedStates } from './unasked-states.js';
import { probeExtentOf } from '../probe/probe-extent.js';

export interface CellOptions extends BootCellOptions, ProbeExtent {}

/** The record of a cell: see `runCellInto`. */
export async function runCell(options: CellOptions): Promise<CellRecord> {
  return runCellInto(options, async (record) => Promise.resolve(record));
}

/**
 * Boots a kernel on a platform, asks every register, and returns what `keep` makes of the record while the machine
 * ends. Its phases are "boot" and
 * those of `askHost`. All questions are asked of one machine, unless a hostile call ends it: another
 * takes its place then.
 * Errors: those of `bootCell`, of the agent's requests, with the console's tail and the logs, and of `keep`.
 */
export async function runCellInto<Kept>(
  options: CellOptions,
  keep: (record: CellRecord) => Promise<Kept>,
): Promise<Kept> {
  const startedAt = performance.now();
  // Git and modules are read while the machine starts; what is wrong with them is reported when they are needed.
  const known = Promise.all([harnessIdentity(), loadedModules(options.kernel)]);
  known.catch(() => undefined);
  await using booted = await bootCell(options);
  const record = await askBooted(booted, options, { startedAt, known });
  const kept = keep(record);
  for (const end of await Promise.allSettled([kept, booted[Symbol.asyncDispose]()])) {
    if (end.status === 'rejected') throw end.reason;
  }
  return await kept;
}

/** What is found out about a cell next to its machine. */
interface Surroundings {
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number;
  readonly known: Promise<
    readonly [
      harness: NonNullable<CellRecord['harness']>,
      modules: NonNullable<CellRecord['kernel']['modules']>,
    ]
  >;
}

async function askBooted(
  { machine, machines }: BootedCell,
  options: CellOptions,
  { startedAt, known }: Surroundings,
): Promise<CellRecord> {
  const { kernel, platform, qemu, signal, onPhase } = options;
  try {
    const kvmStartedAt = performance.now();
    const { kvm, registers, states, hostile, timings } = await askHost(machine.agent, {
      flavour: platform.flavour,
      byteOrder: machine.hello.byteOrder,
      ...probeExtentOf(options),
      lastWords: () => machines.current.lastWords,
      replaceHost: async () => (await machines.replace()).agent,
      unasked: unaskedStates(qemu.version, {
        machine: platform.machine,
        isRestored: machine.isRestored,
      }),
      signal,
      onPhase,
    });
    const name = cellName({ kernel: kernel.id, platform: platform.id });
    const lateTurns = new Set([machine, machines.current].flatMap(({ agent }) => agent.lateTurns));
    const late = lateTurnsText(name, qemu.version, [...lateTurns]);
    if (late !== undefined) options.onNotice?.(late);
    const [harness, modules] = await known;
    const hasModules = Object.keys(modules).length > 0;
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
        ...(hasModules ? { modules } : {}),
      },
      machine: {
        qemu: qemu.version,
        machine: platform.machine,
        cpu: platform.cpu,
        accelerator: 'tcg',
      },
      kvm,
      harness,
      timings: {
        prepareMs: Math.round(kvmStartedAt - machine.bootMs - startedAt),
        [machine.isRestored ? 'restoreMs' : 'bootMs']: Math.round(machine.bootMs),
        ...timings,
      },
      ...(hostile === undefined ? {} : { hostile }),
      ...(states === undefined ? {} : { deep: true as const, states }),
      registers,
    };
  } catch (error) {
    throw machines.explain(error);
  }
}
