/** Where the milliseconds of a cold cell go, in the order in which they pass. */
export interface CellBreakdown {
  /** From QEMU's start to the kernel's first instant. */
  readonly firmware: number;
  /** From there to the first line of an init that does nothing else. */
  readonly kernel: number;
  /** What the agent's hello comes later than that line: its initramfs, the channel and its modules. */
  readonly agent: number;
  /** Opening KVM, for which its last module is loaded. */
  readonly modules: number;
  readonly registers: number;
  readonly guest: number;
  readonly migration: number;
  readonly hostile: number;
  /** The rest: packing, starting and stopping QEMU, the record on disk. */
  readonly harness: number;
}

/** What is measured, each the median of its runs, in milliseconds. */
export interface CellTimes {
  readonly bareBootMs: number;
  /** A whole cell, to its record on disk. */
  readonly cellMs: number;
  /** From QEMU's start to the hello, and what of it the kernel itself counted. */
  readonly bootMs: number;
  readonly uptimeMs: number;
  /** A record's `timings`. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Lays a cell's time out. Parts come of different runs, so that one of a few ms may be below 0. */
export function breakDown(times: CellTimes): CellBreakdown {
  const { bareBootMs, bootMs, uptimeMs, timings } = times;
  const phase = (name: string): number => timings[`${name}Ms`] ?? 0;
  const firmware = bootMs - uptimeMs;
  const parts = {
    firmware,
    kernel: bareBootMs - firmware,
    agent: phase('boot') - bareBootMs,
    modules: phase('kvm'),
    registers: phase('registers'),
    guest: phase('guest'),
    migration: phase('migration'),
    hostile: phase('hostile'),
  };
  const known = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
  return { ...parts, harness: times.cellMs - known };
}
